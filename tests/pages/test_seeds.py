"""How much is luck: the answer from several seeds, the request, and what can go wrong."""

import pytest

from landmark.analyses.replicates import view as replicates_view
from landmark.metrics.replicates import spread
from landmark.store.runs import Run
from landmark.wording import counted, percent, plus_minus
from tests.pages.opened import opened, press, sound, words
from tests.pages.stored import dataset, stopped
from tests.real_runs import altered

PAGE = "evidence/seeds.py"
REPEAT = "Repeat everything with several seeds"


@pytest.fixture
def run(real) -> Run:
    return real("seeds")


def test_without_a_dataset_it_leads_to_the_import(home):
    assert [button.label for button in opened(PAGE).button] == ["Bring a dataset in"]


def test_before_the_first_request_it_offers_one(home, asked):
    data = dataset(home, samples=60, genes=120)
    page = sound(PAGE)
    assert "Not known yet" in words(page)
    page.number_input(key="seeds-seeds").set_value(4)
    press(page, REPEAT)
    [(kind, values)] = asked
    assert (kind, values["dataset"], values["seeds"]) == ("seeds", data.id, 4)
    assert values["network"]["hidden"] == 500


def test_a_changed_network_can_be_repeated(home, real, asked):
    data, model = dataset(home, samples=60, genes=120), real("train")
    network = {**model.manifest.configuration["network"], "hidden": 80, "seed": 4}
    wanted = {"dataset": data.id, "network": network}
    altered(model, configuration=wanted, parents={"dataset": data.id}, seconds=2.0)
    page = opened(PAGE, dataset=data.id)
    assert "about 6 s for 3 seeds" in words(page)
    press(page, REPEAT)
    assert (asked[-1][1]["network"]["hidden"], asked[-1][1]["network"]["seed"]) == (80, 0)
    page.selectbox(key="seeds-network").set_value("paper").run()
    press(page, REPEAT)
    assert asked[-1][1]["network"]["hidden"] == 500


def test_the_answer_gives_every_figure_with_its_spread(run):
    page = sound(PAGE)
    said, found = words(page), run.manifest.metrics
    about = found["figures"]["set_pcc"]
    assert f"**{plus_minus(about['mean'], about['standard_deviation'])}**" in said
    assert found["figures"]["pcc_difference"]["minimum"] > 0
    assert "D40 is ahead of L1000 with every one of them" in said
    assert f"share **{percent(found['overlap'])}** of their top 40 genes (by chance: 50%)" in said
    assert f"{counted(found['genes_in_all'], 'gene')} are" in said
    table = page.dataframe[0].value
    assert list(table["figure"][:2]) == [
        "Overlap of the top 40, two seeds",
        "Rank correlation of all genes, two seeds",
    ]
    assert "Clusters, adjusted Rand index" in set(table["figure"])
    page.session_state[f"how-{run.id}"] = True
    parents = run.manifest.parents
    assert f"{parents['train 0']}`, `{parents['train 1']}" in str(page.run().table[0].value)


@pytest.mark.parametrize(
    ("differences", "sentence"),
    [
        ((-0.01, -0.02), "L1000 is ahead of D40 with every one of them"),
        ((-0.01, 0.02), "Which of the two is ahead is luck: D40 with 1 of 2"),
    ],
)
def test_the_verdict_is_honest_whatever_the_result(run, differences, sentence):
    values = run.table("seeds")
    values.loc[values["figure"] == "pcc_difference", "value"] = differences
    figures = spread(values).set_index("figure").to_dict("index")
    changed = altered(run, metrics={"figures": figures}, tables={"seeds": values, "spread": spread(values)})
    assert sentence in replicates_view.answer(changed)


def test_what_is_left_out_is_said(run):
    altered(run, metrics={"left_out": {"clusters": "No annotation divides the samples."}})
    assert "Left out, clusters: No annotation" in words(opened(PAGE))


def test_a_failed_request_says_why(real, home):
    stopped(home, "seeds", {"dataset": real.dataset().id}, "The disk is full.")
    page = opened(PAGE)
    assert "The disk is full." in words(page)
    assert "Resume" in {button.label for button in page.button}


@pytest.mark.parametrize(
    ("mean", "deviation", "text"),
    [
        (0.69072, 0.00122, "0.691 ± 0.001"),
        (0.70256, 0.0002, "0.7026 ± 0.0002"),
        (0.64289, 0.0194, "0.643 ± 0.019"),
        (0.5, 0.0, "0.500 ± 0.000"),
    ],
)
def test_a_deviation_is_never_rounded_away(mean, deviation, text):
    assert plus_minus(mean, deviation) == text
