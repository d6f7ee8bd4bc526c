"""The page of accuracy by number of genes: its answer, the cursor and the wish, what it asks for."""

import pytest

from landmark.analyses.size.config import SizeConfiguration
from landmark.store.runs import Run
from tests.pages.opened import opened, press, sound, words
from tests.real_runs import altered

PAGE = "evidence/size.py"
DRAWN = "random orders (median)"


@pytest.fixture
def run(real) -> Run:
    """A curve of L1000 and of the most variable genes, up to six, beside two random orders."""
    return real("size")


def needed(run: Run, pcc: float) -> dict[str, int | None]:
    """Return the smallest number of genes of each set that reaches a correlation, and of random orders."""
    random = run.table("random").groupby("size", as_index=False)["pcc"].median().assign(set=DRAWN)
    curves = {DRAWN: random, **dict(iter(run.table("size").groupby("set")))}
    reached = {name: curve[curve["pcc"] >= pcc]["size"] for name, curve in curves.items()}
    return {name: int(sizes.min()) if len(sizes) else None for name, sizes in reached.items()}


def test_without_a_dataset_it_leads_to_the_import(home):
    assert [button.label for button in opened(PAGE).button] == ["Bring a dataset in"]


def test_the_answer_counts_the_genes_that_do_as_well_as_l1000(run):
    altered(run, metrics={"identical_genes": 2})
    said = words(sound(PAGE))
    best = run.table("size").query("set == 'L1000' and size == 6")["pcc"].iloc[0]
    other = needed(run, best)
    assert "**the 6 genes of L1000**" in said
    assert f"**{other['variable']}** of variable, **{other[DRAWN]}** at random" in said
    assert "2 genes of this dataset have the same values" in said


def test_cursor_and_wish_answer_without_a_job_and_stand_in_the_address(run):
    page = opened(PAGE)
    page.select_slider(key=f"size-cursor-{run.id}").set_value(5).run()
    page.number_input(key=f"size-wish-pcc-{run.id}").set_value(0.8).run()
    assert not page.exception
    table = page.dataframe[0].value.set_index("set")
    assert table["size"].tolist() == [5, 5, 5]
    assert table["needed"].to_dict() == {name: str(size) for name, size in needed(run, 0.8).items()}
    assert page.query_params["size"] == "5"
    again = opened(PAGE, size="3", measure="mae")
    assert again.select_slider(key=f"size-cursor-{run.id}").value == 3


def test_the_wish_is_answered_in_the_first_sentence_below_the_measure(run):
    page = opened(PAGE)
    page.number_input(key=f"size-wish-pcc-{run.id}").set_value(0.8).run()
    wish = needed(run, 0.8)
    sets = f"**{wish['L1000']}** of L1000, **{wish['variable']}** of variable, **{wish[DRAWN]}** genes drawn"
    assert f"For a correlation of **0.800** you need {sets}" in words(page)
    page.number_input(key=f"size-wish-pcc-{run.id}").set_value(0.96).run()
    assert needed(run, 0.96)["L1000"] is None
    assert "more than 6 of L1000" in words(page)


def test_it_asks_for_the_sets_of_the_form(real, asked):
    ranked = real("rank")
    press(opened(PAGE), "Compute the curve")
    [(_, values)] = asked
    assert values["sets"] == [ranked.id, "L1000", "variable"]


def test_what_is_learned_anew_is_asked_at_chosen_sizes(real, asked):
    real.dataset()
    page = opened(PAGE)
    assert not page.text_input
    page.selectbox(key="size-predictor").set_value("graph").run()
    page.text_input(key="size-sizes").set_value("3, 9")
    press(page, "Compute the curve")
    wanted = SizeConfiguration.parse(asked[0][1])
    assert (wanted.predictor, wanted.sizes, wanted.chance_orders) == ("graph", (3, 9), 2)
