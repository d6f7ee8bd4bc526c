"""Agreement between seeds on the page of the ranking, and how far other choices would move it."""

import builders
import pytest
from opened import opened, words

from landmark.analyses.ranking import view_agreement
from landmark.genesets.stability import agreement

PAGE = "genes/ranking.py"


@pytest.fixture
def data(home):
    return builders.dataset(home)


@pytest.fixture
def run(home, data):
    return builders.rank(home, data, builders.train(home, data))


def metric(page, label):
    return next(found for found in page.metric if found.label == label)


def test_without_another_seed_it_offers_to_train_some(run, data, monkeypatch):
    asked = {}
    monkeypatch.setattr(view_agreement, "start", lambda kind, values: asked.update({kind: values}))
    page = opened(PAGE)
    assert metric(page, "Agreement between seeds").value == "not known yet"
    page.button(key=f"train-seeds-{run.id}").click().run()
    assert not page.exception
    wanted = asked["seeds"]
    assert (wanted["dataset"], wanted["seeds"], wanted["first_seed"]) == (data.id, 2, 1)
    assert wanted["network"]["seed"] == 0


def test_trained_seeds_are_ranked_by_the_same_choices(home, data, run, monkeypatch):
    asked = []
    monkeypatch.setattr(view_agreement, "submit", lambda home, kind, values: asked.append((kind, values)))
    model = builders.train(home, data, seed=4)
    builders.train(home, data, seed=5, network={"hidden": 7})
    page = opened(PAGE, run=run.id, model=run.manifest.parents["train"])
    button = page.button(key=f"rank-seeds-{run.id}")
    assert button.label == "Rank the networks of 1 other seed alike"
    button.click().run()
    [(kind, values)] = asked
    assert (kind, values["model"], values["reference"]) == ("rank", model.id, "training mean")


def test_the_overlap_of_the_top_is_shown(home, data, run):
    others = [builders.rank(home, data, builders.train(home, data, seed=seed), seed=seed) for seed in (4, 5)]
    builders.rank(home, data, builders.train(home, data, seed=6), seed=6, reference="zero")
    page = opened(PAGE, run=run.id, model=run.manifest.parents["train"])
    assert not page.exception
    cut = run.manifest.metrics["cut"]
    shares = [agreement(run.table("ranking"), other.table("ranking"), cut)[1] for other in others]
    shown = metric(page, "Agreement between seeds")
    assert float(shown.value.rstrip("%")) == pytest.approx(100 * sum(shares) / 2, abs=0.06)
    assert shown.delta.startswith("2 other seeds")
    assert not [button for button in page.button if "seed" in button.label]


def test_other_choices_are_compared(run):
    page = opened(PAGE)
    assert "The choice of the **reference** matters most: zero expression instead of the mean" in words(page)
    table = next(frame.value for frame in page.dataframe if "choice" in frame.value)
    assert table["overlap"].tolist() == [0.1, 0.8, 0.6]


def test_a_ranking_of_an_older_version_says_what_it_lacks(run):
    (run.folder / "choices.parquet").unlink()
    page = opened(PAGE)
    assert not page.exception
    assert "made before its choices were compared" in words(page)
