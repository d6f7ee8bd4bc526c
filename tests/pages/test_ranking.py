"""The page of the ranking: its set, its trust, one gene, other rankings and other seeds, genes of one's own."""

import pytest

from landmark.genesets.gmt import parse_gmt, write_gmt
from landmark.genesets.sources import top
from landmark.genesets.stability import agreement
from landmark.store.runs import Run
from tests.pages.opened import opened, press, sound, table, words
from tests.pages.stored import stopped
from tests.real_runs import altered

PAGE = "genes/ranking.py"


@pytest.fixture
def run(real) -> Run:
    return real("rank")


def metric(page, label):
    return next(found for found in page.metric if found.label == label)


def test_without_a_model_it_leads_to_the_training(home):
    assert [button.label for button in opened(PAGE).button] == ["Train the network"]


def test_it_asks_with_the_choices_the_paper_leaves_open(real, asked):
    model = real("train")
    page = opened(PAGE)
    page.selectbox(key="rank-reference").set_value("zero")
    press(page, "Rank the genes")
    choices = {"reference": "zero", "target": "pre", "aggregation": "mean_absolute"}
    assert asked == [("rank", {"model": model.id, **choices})]


def test_the_mean_of_a_group_can_be_asked_for(real, asked):
    real("train")
    page = opened(PAGE)
    page.selectbox(key="rank-reference").set_value("group mean").run()
    group = page.selectbox(key=f"rank-reference-group-{real.dataset().id}-tissue")
    assert group.options == ["blood (17)", "lung (16)", "skin (15)"]
    group.set_value("lung")
    press(page, "Rank the genes")
    [(_, values)] = asked
    assert values["reference"] == "group mean"
    assert (values["reference_label"], values["reference_group"]) == ("tissue", "lung")


def test_it_names_the_first_genes_and_how_far_to_trust(run):
    page = sound(PAGE)
    found = run.manifest.metrics
    assert f"One gene: *{run.table('ranking')['gene'].iloc[0]}*" in words(page)
    assert f"of the top 40, {found['overlap_l1000']} are among the 40 L1000 genes" in words(page)
    shown = metric(page, "Same network, half of the samples each").value
    assert float(shown.rstrip("%")) == pytest.approx(100 * found["overlap_halves"], abs=0.5)


def test_the_gravest_caution_stands_before_all_figures_of_trust(run):
    page = opened(PAGE)
    said = [
        (kind.__class__.__name__, getattr(kind, "label", None) or getattr(kind, "value", ""))
        for kind in _in_order(page.main)
    ]
    caution = next(n for n, (_, text) in enumerate(said) if "matters most" in str(text))
    trust = next(n for n, (_, text) in enumerate(said) if text == "How far can it be trusted?")
    first = next(n for n, (kind, _) in enumerate(said) if kind == "Metric" and n > trust)
    assert trust < caution < first


def _in_order(block):
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from _in_order(child)
        else:
            yield child


def test_the_cut_moves_the_set_and_stands_in_the_address(run):
    page = opened(PAGE)
    page.number_input(key=f"cut-{run.id}").set_value(4).run()
    assert page.query_params["k"] in ("4", ["4"])
    assert page.dataframe[0].value["chosen"].sum() == 4
    assert "the set holds the first 4" in words(page)


@pytest.mark.parametrize("given", ["0", "-3", "many", "100000"])
def test_a_wrong_cut_in_the_address_does_no_harm(run, given):
    sound(PAGE, k=given)


def test_the_address_names_run_and_gene(run):
    other = altered(run, configuration={"reference": "zero"})
    name = run.table("ranking")["gene"].iloc[12]
    page = opened(PAGE, run=run.id, gene=name)
    assert f"One gene: *{name}*" in words(page)
    assert page.selectbox(key=f"choice-rank-{run.id}").value == run.id
    assert opened(PAGE).selectbox(key=f"choice-rank-{other.id}").value == other.id


def test_a_failed_ranking_says_why(home, real):
    stopped(home, "rank", {"model": real("train").id}, "There was not enough memory.")
    assert "There was not enough memory." in words(opened(PAGE))


def test_the_set_survives_gmt(run):
    chosen = top(run.table("ranking"), 5, origin="")
    (read,) = parse_gmt(write_gmt([chosen]).splitlines(), "test")
    assert read.genes == chosen.genes == tuple(run.table("ranking")["gene"][:5])


def test_the_gene_is_told_apart_by_group(run):
    groups = run.table("groups")
    name = run.table("ranking")["gene"].iloc[12]
    best = groups[groups["gene"] == name].sort_values("contribution")["group"].iloc[-1]
    said = words(sound(PAGE, gene=name))
    assert f"Of 3 groups of **tissue**, *{name}* contributes most in {best}" in said


def test_without_groups_it_says_why(run):
    why = "No annotation divides the samples."
    altered(run, metrics={"group_label": "", "group_sizes": {}, "groups_missing": why})
    assert why in words(sound(PAGE))


def test_own_genes_have_their_ranks(run):
    first, second = run.table("ranking")["gene"].iloc[[0, 50]]
    page = opened(PAGE)
    page.text_area(key="own-genes").set_value(f"{first.lower()}, {second} xyzzy TP53").run()
    assert not page.exception
    assert "2 genes of the list found; **1 among the top 40** (chance: about 1.0)" in words(page)
    assert r"Names that are no gene we know of (1): xyzzy." in words(page)
    assert "Genes that are not in this dataset (1): TP53." in words(page)
    frame = next(
        f.value
        for f in page.dataframe
        if list(f.value) == ["rank", "gene", "score", "chosen"] and len(f.value) == 2
    )
    assert frame["rank"].tolist() == [1, 51]


def test_a_list_of_other_names_says_so(run):
    page = opened(PAGE)
    page.text_area(key="own-genes").set_value("xyzzy").run()
    assert page.warning[0].value.startswith("None of these names")


def test_a_single_ranking_has_no_other_to_compare(run):
    assert "Other rankings" not in words(opened(PAGE))


def test_other_choices_and_other_trainings_are_compared(real, run):
    same = altered(run, configuration={"reference": "zero"})
    group = {"reference": "group mean", "reference_label": "tissue", "reference_group": "lung"}
    other = altered(real("rank 1"), configuration=group)
    page = sound(PAGE, run=run.id, model=run.manifest.parents["train"], k="10")
    assert "Other rankings of these genes" in words(page)
    shown = table(page, "run").set_index("run")
    assert shown.loc[same.id, ["network", "reference"]].tolist() == ["the same", "zero"]
    assert shown.loc[same.id, ["rank_correlation", "overlap"]].tolist() == [pytest.approx(1), 1]
    assert shown.loc[other.id, "reference"] == "group mean (lung)"
    assert shown.loc[other.id, "network"].endswith(", seed 1")
    both = set(run.table("ranking")["gene"][:10]) & set(other.table("ranking")["gene"][:10])
    assert shown.loc[other.id, "overlap"] == pytest.approx(len(both) / 10)


def test_without_another_seed_it_offers_to_train_some(real, run, asked):
    page = opened(PAGE)
    assert metric(page, "Agreement between seeds").value == "not known yet"
    page.button(key=f"train-seeds-{run.id}").click().run()
    assert not page.exception
    [(kind, wanted)] = asked
    assert (kind, wanted["dataset"], wanted["seeds"], wanted["first_seed"]) == (
        "seeds",
        real.dataset().id,
        2,
        1,
    )
    assert wanted["network"]["seed"] == 0


def test_trained_seeds_are_ranked_by_the_same_choices(real, run, asked):
    model = real("train 1")
    network = model.manifest.configuration["network"]
    altered(model, configuration={"network": {**network, "seed": 5, "hidden": 7}}, seed=5)
    page = opened(PAGE, run=run.id, model=run.manifest.parents["train"])
    button = page.button(key=f"rank-seeds-{run.id}")
    assert button.label == "Rank the networks of 1 other seed alike"
    button.click().run()
    [(kind, values)] = asked
    assert (kind, values["model"], values["reference"]) == ("rank", model.id, "training mean")


def test_the_overlap_of_the_top_is_shown(real, run):
    network = real("train 1").manifest.configuration["network"]
    third = altered(real("train 1"), configuration={"network": {**network, "seed": 5}}, seed=5)
    first = altered(real("rank 1"), configuration={"retrain_halves": True})
    genes = first.table("ranking")["gene"]
    second = altered(
        first,
        tables={"ranking": first.table("ranking").assign(gene=genes.to_numpy()[::-1])},
        configuration={"model": third.id},
        parents={**first.manifest.parents, "train": third.id},
        seed=5,
    )
    altered(second, configuration={"reference": "zero"})
    page = sound(PAGE, run=run.id, model=run.manifest.parents["train"])
    shares = [agreement(run.table("ranking"), other.table("ranking"), 40)[1] for other in (first, second)]
    shown = metric(page, "Agreement between seeds")
    assert float(shown.value.rstrip("%")) == pytest.approx(100 * sum(shares) / 2, abs=0.06)
    assert shown.delta.startswith("2 other seeds")
    assert not [button for button in page.button if "seed" in button.label]


def test_other_choices_are_compared(run):
    choices = run.table("choices").assign(overlap=[0.1, 0.8, 0.6])
    altered(run, tables={"choices": choices})
    page = opened(PAGE)
    assert "The choice of the **reference** matters most: zero expression instead of the mean" in words(page)
    assert table(page, "choice")["overlap"].tolist() == [0.1, 0.8, 0.6]


def test_a_ranking_of_an_older_version_says_what_it_lacks(run):
    altered(run, without=["choices"])
    assert "made before its choices were compared" in words(sound(PAGE))
