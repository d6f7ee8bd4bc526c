"""Correlation within groups of samples beside the plain one."""

import anndata
import numpy as np
import pandas as pd
import pytest

from landmark.analyses.compare.results import CompareResults
from landmark.analyses.compare.view import _within
from landmark.errors import BadData
from landmark.store import predictions
from landmark.store.datasets import DatasetStore
from landmark.store.runs import RunStore
from landmark.workflows.execute import execute_now
from landmark.workflows.sample_groups import groups_judged, share_between
from landmark.workflows.samples import Expression

from .conftest import GENES

ASKED = {"sets": ["L1000:6", "variable:6"], "random_sets": 0}


@pytest.fixture(scope="module")
def organs(home, tmp_path_factory) -> str:
    """Three organs far apart in all genes, and one of two samples; within organs genes share little."""
    rng = np.random.default_rng(3)
    organ = np.array([*np.repeat(["liver", "brain", "skin"], 50), "rare", "rare"])
    level = pd.factorize(organ)[0][:, None] * 4 * rng.normal(size=40)
    X = 8 + level + rng.normal(size=(152, 1)) + 1.5 * rng.normal(size=(152, 40))
    matrix = anndata.AnnData(
        X.astype(np.float32),
        obs=pd.DataFrame(
            {
                "sex": ["f", "m"] * 76,
                "organ": organ,
                "batch": "one",
                "person": [f"p{n // 2}" for n in range(152)],
            },
            index=[f"s{n}" for n in range(152)],
        ),
        var=pd.DataFrame(index=GENES[:40]),
    )
    path = tmp_path_factory.mktemp("organs") / "organs.h5ad"
    matrix.write_h5ad(path)
    return execute_now(home, "import", {"path": str(path)}).manifest.parents["dataset"]


def test_a_comparison_measures_within_organs_what_pandas_measures(home, organs):
    run = execute_now(home, "compare", {"dataset": organs, **ASKED})
    found = CompareResults.read(run.manifest.metrics)
    assert (found.label, found.label_groups) == ("organ", 3)
    summary = run.table("summary").set_index("set")
    for name, of_set in found.sets.items():
        assert summary.loc[name, "pcc_within"] == of_set.pcc_within
        assert of_set.pcc_within < 0.5 < 0.7 < of_set.pcc
    fitted = RunStore(home).get(run.manifest.parents["fit V6"])
    organ = pd.Series({f"s{n}": n // 50 for n in range(150)})
    comparison = run.table("comparison")
    correlations = []
    for gene in comparison.loc[comparison["mae_V6"].notna(), "gene"]:
        values = predictions.gene(fitted, "predictions", gene).set_index("sample")
        values = values.assign(organ=organ).dropna()
        by_organ = values.groupby("organ")[["measured", "predicted"]]
        pcc = by_organ.corr().xs("measured", level=1)["predicted"]
        correlations.append(np.average(pcc, weights=by_organ.size()))
    assert np.mean(correlations) == pytest.approx(found.sets["V6"].pcc_within, abs=1e-4)
    [said] = _within(found)
    assert said.startswith(
        f"Mean correlation within 3 groups of organ ({found.label_samples} test samples): "
    )
    assert f"V6 {found.sets['V6'].pcc_within:.3f}" in said


def test_predictors_are_measured_within_organs_too(home, organs):
    wanted = {"dataset": organs, "set": "variable:6", "predictors": ["ridge", "knn"]}
    run = execute_now(home, "infer", wanted)
    overall = run.table("overall").set_index("name")
    compared = execute_now(home, "compare", {"dataset": organs, "sets": ["variable:6"], "random_sets": 0})
    of_set = compared.manifest.metrics["sets"]["V6"]
    assert overall.loc["ridge", "pcc"] == pytest.approx(of_set["pcc"])
    assert overall.loc["ridge", "pcc_within"] == pytest.approx(of_set["pcc_within"])
    assert overall.loc["gene means", "pcc_within"] == 0
    assert run.manifest.metrics["within_label"] == "organ"
    assert run.manifest.metrics["predictors"]["knn"]["pcc_within"] == overall.loc["knn", "pcc_within"]


def test_without_groups_that_are_large_enough_nothing_is_said(home, dataset):
    run = execute_now(home, "compare", {"dataset": dataset, "sets": ["L1000:6"], "random_sets": 0})
    assert "label" not in run.manifest.metrics
    assert "pcc_within" not in run.table("summary")
    with pytest.raises(BadData, match="no such annotation"):
        execute_now(home, "compare", {"dataset": dataset, "sets": ["L1000:6"], "label": "organ"})


def test_groups_to_judge_within_have_enough_samples(home, organs):
    matrix = Expression(DatasetStore(home).get(organs))
    found = groups_judged(matrix, "sex")
    assert found.sizes.keys() == {"f", "m"}
    assert len(found.numbers) == (matrix.about.obs["split"] == "test").sum()
    with pytest.raises(BadData, match="no value of it has 5 test samples"):
        groups_judged(matrix, "person")
    del matrix.about.obs["organ"], matrix.about.obs["sex"]
    with pytest.raises(BadData, match="No annotation divides"):
        groups_judged(matrix)


def test_the_share_between_groups_is_that_of_a_regression_on_them():
    rng = np.random.default_rng(0)
    groups = np.repeat([0, 1, 2], [5, 8, 12])
    X = (rng.normal(size=(25, 4)) + groups[:, None]).astype(np.float32)
    X[:, 3] = 1.0
    dummies = np.column_stack([np.ones(25), groups == 1, groups == 2])
    left = X - dummies @ np.linalg.lstsq(dummies, X, rcond=None)[0]
    explained = 1 - (left**2).sum(axis=0)[:3] / ((X - X.mean(axis=0)) ** 2).sum(axis=0)[:3]
    adjusted = 1 - (1 - explained.mean()) * 24 / 22
    assert share_between(X, groups) == pytest.approx(adjusted, abs=1e-6)
    assert share_between(X, np.arange(25)) == -np.inf
