"""The selected gene by group of samples, the other rankings, the reader's own genes, and the mean of a group."""

from pathlib import Path

import builders
import pytest
from opened import opened, words

from landmark.analyses.ranking import view as ranking_view
from landmark.store.files import read_json, write_json
from landmark.store.runs import MANIFEST

PAGE = "genes/ranking.py"


@pytest.fixture
def model(home):
    return builders.train(home, builders.dataset(home))


@pytest.fixture
def run(home, model):
    return builders.rank(home, builders.dataset(home), model)


def test_the_gene_is_told_apart_by_group(run):
    page = opened(PAGE, gene="GENE13")
    assert not page.exception
    assert not page.error
    table = run.table("groups")
    best = table[table["gene"] == "GENE13"].sort_values("contribution")["group"].iloc[-1]
    assert f"Of 3 groups of **tissue**, *GENE13* contributes most in {best}" in words(page)


def test_without_groups_it_says_why(run):
    path = Path(run.folder / MANIFEST)
    manifest = read_json(path)
    why = "No annotation divides the samples."
    manifest["metrics"] |= {"group_label": "", "group_sizes": {}, "groups_missing": why}
    write_json(path, manifest)
    page = opened(PAGE)
    assert not page.exception
    assert not page.error
    assert why in words(page)


def test_a_single_ranking_has_no_other_to_compare(run):
    assert "Other rankings" not in words(opened(PAGE))


def test_other_choices_and_other_trainings_are_compared(home, model, run):
    data = builders.dataset(home)
    same = builders.rank(home, data, model, reference="zero")
    group = {"reference": "group mean", "reference_label": "tissue", "reference_group": "lung"}
    other = builders.rank(home, data, builders.train(home, data), seed=3, **group)
    page = opened(PAGE, run=run.id, model=model.id, k="10")
    assert not page.exception
    assert not page.error
    assert "Other rankings of these genes" in words(page)
    table = next(frame.value for frame in page.dataframe if "run" in frame.value).set_index("run")
    assert table.loc[same.id, ["network", "reference"]].tolist() == ["the same", "zero"]
    assert table.loc[same.id, ["rank_correlation", "overlap"]].tolist() == [pytest.approx(1), 1]
    assert table.loc[other.id, "reference"] == "group mean (lung)"
    assert table.loc[other.id, "network"].endswith(", seed 0")
    both = set(run.table("ranking")["gene"][:10]) & set(other.table("ranking")["gene"][:10])
    assert table.loc[other.id, "overlap"] == pytest.approx(len(both) / 10)


def test_own_genes_have_their_ranks(run):
    first, second = run.table("ranking")["gene"].iloc[[0, 20]]
    page = opened(PAGE)
    page.text_area(key="own-genes").set_value(f"{first.lower()}, {second} xyzzy TP53").run()
    assert not page.exception
    assert "2 genes of the list found; **1 among the top 10** (chance: about 0.5)" in words(page)
    assert r"Names that are no gene we know of (1): xyzzy." in words(page)
    assert "Genes that are not in this dataset (1): TP53." in words(page)
    frame = next(
        f.value
        for f in page.dataframe
        if list(f.value) == ["rank", "gene", "score", "chosen"] and len(f.value) == 2
    )
    assert frame["rank"].tolist() == [1, 21]


def test_a_list_of_other_names_says_so(run):
    page = opened(PAGE)
    page.text_area(key="own-genes").set_value("xyzzy").run()
    assert page.warning[0].value.startswith("None of these names")


def test_the_mean_of_a_group_can_be_asked_for(home, model, monkeypatch):
    asked = {}
    monkeypatch.setattr(ranking_view, "start", lambda kind, values: asked.update({kind: values}))
    page = opened(PAGE)
    page.selectbox(key="rank-reference").set_value("group mean").run()
    data = builders.dataset(home)
    group = page.selectbox(key=f"rank-reference-group-{data.id}-tissue")
    assert group.options == ["blood (8)", "lung (8)", "skin (8)"]
    group.set_value("lung")
    next(button for button in page.button if button.label == "Rank the genes").click().run()
    assert not page.exception
    assert asked["rank"]["reference"] == "group mean"
    assert (asked["rank"]["reference_label"], asked["rank"]["reference_group"]) == ("tissue", "lung")
