"""Accuracy by size as a run, from a stored dataset to its tables."""

import numpy as np
import pytest

from landmark.data.split import rows
from landmark.errors import BadConfiguration, BadData
from landmark.inference.predict import predict
from landmark.inference.ridge import Ridge
from landmark.inference.split import SplitExpression
from landmark.metrics.per_gene import accuracy
from landmark.store.datasets import DatasetStore
from landmark.workflows.execute import execute_now


def test_curves_of_sets_and_of_chance(home, dataset):
    run = execute_now(
        home, "size", {"dataset": dataset, "sets": ["L1000", "variable"], "largest": 12, "random_orders": 3}
    )
    sizes, random, sets = (run.table(name) for name in ("size", "random", "sets"))
    assert list(sizes) == ["set", "size", "mae", "pcc", "recovered"]
    assert sizes.groupby("set")["size"].apply(list).tolist() == [list(range(1, 13))] * 2
    assert random.groupby("seed")["size"].count().tolist() == [12] * 3
    found = run.manifest.metrics["sets"]
    assert found["L1000"]["kind"] == "l1000"
    assert found["L1000"]["largest"] == found["variable"]["largest"] == 12
    assert run.manifest.metrics["arithmetic"].endswith(f"= {found['L1000']['targets']}")

    # the end of a curve is a regression on the same genes and targets
    matrix = DatasetStore(home).get(dataset).load()
    split = SplitExpression.of(
        matrix.X[rows(matrix, "train")], matrix.X[rows(matrix, "test")], tuple(matrix.var_names)
    )
    measured = list(sets.loc[sets["set"] == "L1000", "gene"])
    taken = set(sets["gene"])
    alone = predict(split, measured, [gene for gene in split.genes if gene not in taken], Ridge())
    reached = accuracy(alone.true, alone.predicted)
    assert found["L1000"]["mae"] == pytest.approx(reached.mae.mean(), abs=1e-5)
    assert found["L1000"]["pcc"] == pytest.approx(np.nanmean(reached.pcc), abs=1e-5)


def test_other_predictors_are_asked_at_a_few_sizes(home, dataset):
    chosen = {"dataset": dataset, "predictor": "knn", "largest": 16, "random_orders": 1, "targets": "own"}
    run = execute_now(home, "size", chosen)
    assert run.table("size")["size"].tolist() == [1, 2, 4, 8, 16]
    assert run.table("random")["size"].tolist() == [1, 2, 4, 8, 16]
    assert run.manifest.metrics["sets"]["L1000"]["targets"] == 80 - 16


def test_chosen_sizes_only(home, dataset):
    run = execute_now(home, "size", {"dataset": dataset, "sizes": "9, 3", "random_orders": 0})
    assert run.table("size")["size"].tolist() == [3, 9]
    assert run.table("random").empty


@pytest.mark.parametrize(
    ("choices", "error", "sentence"),
    [
        ({"largest": 80}, BadConfiguration, "80 genes, and some must be left to predict. Choose at most 79"),
        ({"largest": 10, "sizes": [11]}, BadConfiguration, "sizes = 11: the longest set has 10 genes"),
        ({"sets": ["L1000", "variable"], "largest": 79}, BadData, "No target genes are left"),
        ({"sets": []}, BadConfiguration, "sets"),
    ],
)
def test_what_cannot_be_followed_is_refused(home, dataset, choices, error, sentence):
    with pytest.raises(error, match=sentence):
        execute_now(home, "size", {"dataset": dataset, **choices})
