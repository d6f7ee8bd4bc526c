import dataclasses

import builders
import numpy as np
import pandas as pd
import pytest
from opened import opened, words

from landmark.analyses.platform import view as platform_view
from landmark.analyses.platform.results import PlatformResults
from landmark.data.history import describe
from landmark.store.datasets import DatasetStore
from landmark.store.request import now
from landmark.ui import run_form


@pytest.fixture
def data(home):
    return builders.dataset(home, genes=60)


@pytest.fixture
def run(home, data):
    other = builders.dataset(home, samples=18, genes=60, title="Sequencing")
    genes, rng = [f"G{i}" for i in range(30)], np.random.default_rng(0)
    rows = [
        (name, gene, rng.uniform(0.4, 0.7), rng.uniform(0.3, 0.9), 0.0, True, 0.4, 0.8)
        for name in ("D5", "L1000")
        for gene in genes
    ]
    columns = ["set", "gene", "mae", "pcc", "p_value", "significant", "home_mae", "home_pcc"]
    about = {"size": 5, "targets": 300, "mae": 0.5, "pcc": 0.6, "significant": 270, "home_mae": 0.4}
    about |= {"home_pcc": 0.8, "percentile": 50.0}
    return builders.publish(
        home,
        "cross-platform",
        {"dataset": data.id, "other": other.id},
        {"dataset": data.id, "other": other.id},
        {
            "predictor": "ridge",
            "title": "Test samples",
            "other_title": "Sequencing",
            "genes": 40,
            "other_genes": 50,
            "matched": 40,
            "other_samples": 18,
            "label": "tissue",
            "arithmetic": "40 genes - 5 - 5 = 30",
            "sets": {"D5": {"kind": "ranking", **about}, "L1000": {"kind": "l1000", **about}},
            "random_sets": 3,
            "random_pcc": 0.58,
            "random_pcc_sd": 0.01,
            "random_mae": 0.52,
        },
        {
            "platform": pd.DataFrame(rows, columns=columns),
            "tissues": pd.DataFrame(
                {"set": ["D5", "L1000"], "tissue": "lung", "samples": 18, "mae": 0.5, "pcc": [0.6, 0.7]}
            ),
            "random": pd.DataFrame({"seed": [0, 1, 2], "mae": 0.52, "pcc": [0.57, 0.58, 0.59]}),
        },
    )


def test_without_a_dataset_it_leads_to_the_import(home):
    assert [button.label for button in opened("evidence/platform.py").button] == ["Bring a dataset in"]


def test_with_one_dataset_it_asks_for_another(home, data):
    page = opened("evidence/platform.py")
    assert not page.exception
    assert [button.label for button in page.button] == ["Bring another dataset in"]


def test_the_answer_sets_both_platforms_and_chance_beside_each_other(run, data):
    page = opened("evidence/platform.py", dataset=data.id)
    assert not page.exception
    assert not page.error
    assert "**D5** 0.600 (on its own platform 0.800), 90% of genes significant" in words(page)
    assert "random sets of the same size 0.580 ± 0.010" in words(page)
    assert "Only 40 genes matched" in words(page)
    page.segmented_control(key="platform-measure").set_value("mae").run()
    assert not page.exception


def test_it_asks_for_the_sets_of_the_form(home, run, data, monkeypatch):
    asked = {}
    monkeypatch.setattr(run_form, "start", lambda kind, values: asked.update({kind: values}))
    page = opened("evidence/platform.py", dataset=data.id)
    next(button for button in page.button if button.label == "Predict the other dataset").click().run()
    assert not page.exception
    assert asked["cross-platform"]["sets"] == ["L1000"]
    assert asked["cross-platform"]["other"] != data.id


def test_other_samples_are_proposed_first_and_datasets_without_common_genes_not_at_all(home, data, run):
    builders.dataset(home, samples=12, genes=40, title="Few genes")
    strangers = data.load()
    strangers.X = np.random.default_rng(5).normal(8, 2, strangers.shape).astype(np.float32)
    describe(strangers, title="Strangers")
    DatasetStore(home).add(strangers, now())
    page = opened("evidence/platform.py", dataset=data.id)
    box = next(box for box in page.selectbox if box.label == "Dataset to predict")
    assert [option.split(",")[0] for option in box.options] == ["Strangers", "Sequencing"]
    assert "Few genes (40)" in words(page)
    assert "60 genes are in both datasets" in words(page)
    box.select_index(1).run()
    assert "18 of the 18 samples of Sequencing are also in the dataset worked on" in words(page)


def test_where_no_gene_can_be_significant_the_answer_says_why(run):
    metrics = run.manifest.metrics
    few = metrics | {"sets": {name: about | {"targets": 30} for name, about in metrics["sets"].items()}}
    for found, why in ((metrics | {"other_samples": 4}, "from 4 predicted samples"), (few, "among 30")):
        manifest = run.manifest.model_copy(update={"metrics": found})
        answer = platform_view.answer(dataclasses.replace(run, manifest=manifest))
        assert f"No gene can be called significant {why}" in answer
        assert "of genes significant" not in answer


def test_samples_that_were_left_out_are_named(home, data, run):
    found = PlatformResults.read(run.manifest.metrics)
    told = {"shared_samples": 3, "shared_first": ("A549", "HT29", "MCF7"), "shared_held_out": 0}
    assert "A549, HT29, MCF7" in platform_view.shared_note(found.model_copy(update=told))
    assert platform_view.shared_note(found.model_copy(update=told | {"shared_samples": 0})) == ""
    assert "older version" in platform_view.shared_note(found)
