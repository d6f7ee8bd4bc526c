"""The page of another platform: its answer beside chance, what it asks for, which datasets it offers."""

import numpy as np
import pytest

from landmark.analyses.platform import view as platform_view
from landmark.analyses.platform.results import PlatformResults
from landmark.data.history import describe
from landmark.store.datasets import DatasetStore
from landmark.store.request import now
from landmark.store.runs import Run
from tests.pages.opened import opened, press, sound, words
from tests.pages.stored import dataset
from tests.real_runs import altered

PAGE = "evidence/platform.py"


@pytest.fixture
def run(real) -> Run:
    return real("cross-platform")


def test_without_a_dataset_it_leads_to_the_import(home):
    assert [button.label for button in opened(PAGE).button] == ["Bring a dataset in"]


def test_with_one_dataset_it_asks_for_another(real):
    real.dataset()
    page = opened(PAGE)
    assert not page.exception
    assert [button.label for button in page.button] == ["Bring another dataset in"]


def test_the_answer_sets_both_platforms_and_chance_beside_each_other(run):
    found = run.manifest.metrics
    many = {name: about | {"targets": 300, "significant": 270} for name, about in found["sets"].items()}
    altered(run, metrics={"sets": many})
    page = sound(PAGE, dataset=run.manifest.parents["dataset"])
    own = found["sets"]["V8"]
    assert (
        f"**V8** {own['pcc']:.3f} (on its own platform {own['home_pcc']:.3f}), 90% of genes significant"
        in words(page)
    )
    chance = f"{found['random_pcc']:.3f} ± {found['random_pcc_sd']:.3f}"
    assert f"random sets of the same size {chance}" in words(page)
    assert "Only 80 genes matched" in words(page)
    page.segmented_control(key="platform-measure").set_value("mae").run()
    assert not page.exception


def test_where_no_gene_can_be_significant_the_answer_says_why(run):
    few_samples = altered(run, metrics={"other_samples": 4})
    for found, why in ((few_samples, "from 4 predicted samples"), (run, "among 65")):
        answer = platform_view.answer(found)
        assert f"No gene can be called significant {why}" in answer
        assert "of genes significant" not in answer


def test_it_asks_for_the_sets_of_the_form(run, asked):
    data = run.manifest.parents["dataset"]
    press(opened(PAGE, dataset=data), "Predict the other dataset")
    [(kind, values)] = asked
    assert (kind, values["sets"], values["other"]) == (
        "cross-platform",
        ["L1000"],
        run.manifest.parents["other"],
    )


def test_other_samples_are_proposed_first_and_datasets_without_common_genes_not_at_all(real, home):
    data = real.dataset()
    some = data.load()[:18].copy()
    describe(some, title="Sequencing")
    DatasetStore(home).add(some, now())
    strangers = data.load()
    strangers.X = np.random.default_rng(5).normal(8, 2, strangers.shape).astype(np.float32)
    describe(strangers, title="Strangers")
    DatasetStore(home).add(strangers, now())
    dataset(home, samples=12, genes=40, title="Few genes")
    page = opened(PAGE, dataset=data.id)
    box = next(box for box in page.selectbox if box.label == "Dataset to predict")
    assert [option.split(",")[0] for option in box.options] == ["Strangers", "Sequencing"]
    assert "Few genes (" in words(page)
    assert "80 genes are in both datasets" in words(page)
    box.select_index(1).run()
    assert "18 of the 18 samples of Sequencing are also in the dataset worked on" in words(page)


def test_samples_that_were_left_out_are_named(run):
    found = PlatformResults.read(run.manifest.metrics)
    told = {"shared_samples": 3, "shared_first": ("A549", "HT29", "MCF7"), "shared_held_out": 0}
    assert "A549, HT29, MCF7" in platform_view.shared_note(found.model_copy(update=told))
    assert platform_view.shared_note(found) == ""
    old = altered(run, without=["shared_samples", "shared_first", "shared_held_out"])
    assert "older version" in platform_view.shared_note(PlatformResults.read(old.manifest.metrics))
