import builders
import numpy as np
import pandas as pd
import pytest
from opened import opened, words

from landmark.analyses.choices import beside
from landmark.data.scaling import Scaling
from landmark.inference.predict import Prediction
from landmark.metrics.gene_sets import target_accuracy
from landmark.metrics.predictors import (
    Inferred,
    best_of,
    genes_table,
    overall_table,
    pairs_table,
    recall_table,
    samples_table,
)
from landmark.metrics.recall import recall
from landmark.ui import run_form

PAGE = "evidence/predictors.py"
GENES = [f"GENE{i}" for i in range(30)]


@pytest.fixture
def data(home):
    return builders.dataset(home)


def _inferred(predictor: str, covariate: str, noise: float) -> Inferred:
    """Predict 12 samples of 30 genes with so much noise."""
    rng = np.random.default_rng(1)
    true = (rng.normal(size=(12, 3)) @ rng.normal(size=(3, 30))).astype(np.float32)
    predicted = (true + noise * np.random.default_rng(2).normal(size=true.shape)).astype(np.float32)
    scaling = Scaling(np.linspace(3, 12, 30).astype(np.float32), np.ones(30, np.float32))
    prediction = Prediction(true, predicted, tuple(GENES), ("a", "b"), {})
    accuracy, recalled = target_accuracy(prediction), recall(true, predicted)
    name = beside(predictor, covariate)
    return Inferred(name, predictor, covariate, prediction, scaling, accuracy, recalled, 2.0)


def _publish(home, data, inferred, unknown=0, label="tissue"):
    about = pd.DataFrame(
        {"sample": [f"s{i}" for i in range(12)], "group": ["lung", "skin"] * 6 if label else ""}
    )
    overall = overall_table(inferred)
    tables = {
        "overall": overall,
        "samples": samples_table(inferred, about),
        "recall": recall_table(inferred),
        "genes": genes_table(inferred),
        "pairs": pairs_table(inferred),
        "set": pd.DataFrame({"gene": ["a", "b"]}),
    }
    found = {
        "set": "L1000",
        "size": 2,
        "targets": 30,
        "label": label,
        "covariate_unknown": unknown,
        "identical_genes": 3,
        "best": best_of(inferred).name,
        "predictors": {row["name"]: row for row in overall[overall["predictor"] != ""].to_dict("records")},
    }
    asked = {"dataset": data.id, "predictors": list({one.predictor for one in inferred})}
    return builders.publish(home, "infer", asked, {"dataset": data.id}, found, tables)


@pytest.fixture
def run(home, data):
    made = [("graph", "", 0.5), ("ridge", "", 1.0), ("ridge", "tissue", 0.9), ("knn", "", 3.0)]
    return _publish(home, data, [_inferred(*one) for one in made], unknown=2)


def test_without_a_dataset_it_leads_to_the_import(home):
    assert [button.label for button in opened(PAGE).button] == ["Bring a dataset in"]


def test_it_asks_for_what_was_chosen(home, data, monkeypatch):
    asked = {}
    monkeypatch.setattr(run_form, "start", lambda kind, values: asked.update({kind: values}))
    page = opened(PAGE)
    assert "Not computed yet" in words(page)
    page.multiselect(key="infer-chosen").set_value(["ridge", "graph"])
    page.selectbox(key=f"infer-covariate-{data.id}").set_value("tissue")
    page.number_input(key="infer-size").set_value(5).run()
    assert "with it and without it" in words(page)
    page.number_input(key="infer-graph-epochs").set_value(7)
    next(button for button in page.button if button.label == "Infer the held-out samples").click().run()
    assert not page.exception
    found = asked["infer"]
    assert (found["dataset"], found["set"], found["size"]) == (data.id, "L1000", 5)
    assert (found["predictors"], found["covariate"]) == (["ridge", "graph"], "tissue")
    assert found["graph"]["epochs"] == 7
    assert "dgex" not in found
    page.multiselect(key="infer-chosen").set_value([]).run()
    assert "Choose at least one predictor" in words(page)


def test_the_best_is_named_with_the_next_and_what_the_means_would_do(run):
    page = opened(PAGE)
    assert not page.exception
    assert not page.error
    found = run.table("overall").set_index("name")
    told = page.markdown[0].value.replace("\\", "")
    assert "**Graph network** infers the 30 other genes best" in told
    assert f"against {found.loc['ridge + tissue', 'pcc']:.3f} of ridge regression + tissue" in told
    assert f"the same for every sample: {found.loc['gene means', 'sample_spearman']:.3f}" in told
    assert "2 held-out samples without a tissue" in words(page)
    assert "3 genes of this dataset have the same values" in words(page)
    table = page.dataframe[0].value
    assert table["name"].tolist() == [
        "Graph network",
        "Ridge regression + tissue",
        "Ridge regression",
        "Nearest neighbours",
        "Gene means alone",
    ]
    assert {"Accuracy by number of genes", "Choose 108 genes greedily"} <= {one.label for one in page.button}
    pairs = page.dataframe[1].value
    assert "Ridge regression + tissue less ridge regression" in set(pairs["pair"])


def test_other_measures_and_the_tissues(run):
    page = opened(PAGE)
    page.toggle(key=f"predictors-colour-{run.id}").set_value(True)
    for measure in ("mae", "overall_error"):
        page.segmented_control(key=f"predictors-measure-{run.id}").set_value(measure).run()
        assert not page.exception
        assert not page.error


def test_one_predictor_without_annotations(home, data):
    _publish(home, data, [_inferred("knn", "", 2.0)], label="")
    page = opened(PAGE)
    assert not page.exception
    assert not page.error
    assert "**Nearest neighbours** infers" in page.markdown[0].value
    assert not page.toggle
