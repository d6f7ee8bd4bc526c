"""Predictors are fitted once, kept, and used again by comparisons."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Ridge

from landmark.data.split import rows
from landmark.errors import BadConfiguration, Cancelled
from landmark.inference.trained import TrainedPredictor
from landmark.jobs.perform import perform
from landmark.store import predictions
from landmark.store.activity import reopen
from landmark.store.datasets import DatasetStore
from landmark.store.request import write_request
from landmark.store.runs import Run, RunStore
from landmark.store.workspace import Workspace
from landmark.workflows.execute import configuration_of, execute_now
from landmark.workflows.sets import ranking_run, source_runs

SMALL = {"layers": 1, "units": 16, "epochs": 4, "batch_size": 50}


@pytest.fixture(scope="module")
def dataset(steps: dict[str, Run]) -> str:
    return steps["train"].manifest.parents["dataset"]


@pytest.fixture(scope="module")
def fitted(home: Workspace, dataset: str) -> Run:
    return execute_now(home, "fit", {"dataset": dataset, "set": "variable:30"})


def test_it_predicts_all_genes_outside_its_set(home: Workspace, dataset: str, fitted: Run) -> None:
    matrix = DatasetStore(home).get(dataset).load()
    own, accuracy = fitted.table("set")["gene"], fitted.table("accuracy")
    assert list(accuracy.columns) == ["gene", "mae", "pcc", "p_value", "significant"]
    assert len(own) == 30
    assert set(accuracy["gene"]) == set(matrix.var_names) - set(own)
    found = fitted.manifest.metrics
    assert found["targets"] == len(accuracy)
    assert found["pcc"] == pytest.approx(accuracy["pcc"].mean())


def test_what_is_kept_is_scikit_learns_ridge_regression(home: Workspace, dataset: str, fitted: Run) -> None:
    matrix = DatasetStore(home).get(dataset).load()
    own, targets = list(fitted.table("set")["gene"]), list(fitted.table("accuracy")["gene"])
    train, test = matrix[rows(matrix, "train")].to_df(), matrix[rows(matrix, "test")].to_df()
    mean, deviation = train.mean(), train.std(ddof=0) + 1e-3
    scaled, held_out = (train - mean) / deviation, (test - mean) / deviation
    model = Ridge(alpha=fitted.manifest.metrics["penalty"], fit_intercept=False)
    expected = model.fit(scaled[own].astype(float), scaled[targets].astype(float)).predict(held_out[own])
    kept = TrainedPredictor.load(fitted.folder / "predictor")
    np.testing.assert_allclose(
        kept.fitted.predict(held_out[own].to_numpy(np.float32)), expected, rtol=1e-3, atol=1e-4
    )
    gene = targets[7]
    shown = predictions.gene(fitted, "predictions", gene).set_index("sample")
    np.testing.assert_allclose(shown["measured"], test.loc[shown.index, gene], rtol=1e-4, atol=1e-4)
    unscaled = pd.Series(expected[:, 7], index=test.index) * deviation[gene] + mean[gene]
    np.testing.assert_allclose(shown["predicted"], unscaled[shown.index], rtol=1e-3, atol=1e-3)


def test_a_comparison_uses_what_was_fitted_and_names_it(home: Workspace, dataset: str, fitted: Run) -> None:
    before = {run.id for run in RunStore(home).all("fit")}
    wanted = {"dataset": dataset, "sets": ("variable:30", "L1000"), "random_sets": 1}
    first = execute_now(home, "compare", wanted)
    parents = first.manifest.parents
    assert parents["fit V30"] == fitted.id
    assert len({run.id for run in RunStore(home).all("fit")} - before) <= 1
    again = execute_now(home, "compare", {**wanted, "targets": "own", "random_sets": 0})
    assert {name: run for name, run in again.manifest.parents.items() if name.startswith("fit")} == {
        name: run for name, run in parents.items() if name.startswith("fit")
    }
    own = again.table("comparison").dropna(subset="mae_V30").set_index("gene")
    accuracy = fitted.table("accuracy").set_index("gene")
    np.testing.assert_allclose(own["mae_V30"], accuracy.loc[own.index, "mae"], rtol=1e-6)
    other = execute_now(home, "compare", {**wanted, "seed": 1, "random_sets": 0})
    assert other.manifest.parents["fit V30"] != fitted.id


def test_all_targets_count_the_own_genes_as_measured(home: Workspace, dataset: str, fitted: Run) -> None:
    run = execute_now(
        home,
        "compare",
        {"dataset": dataset, "sets": ("variable:30",), "targets": "all", "random_sets": 0},
    )
    table = run.table("comparison").set_index("gene")["mae_V30"]
    assert (table[fitted.table("set")["gene"]] == 0).all()
    assert len(table) == run.manifest.metrics["sets"]["V30"]["targets"] == 30 + len(fitted.table("accuracy"))


def test_some_genes_of_a_set(home: Workspace, dataset: str, fitted: Run) -> None:
    run = execute_now(home, "fit", {"dataset": dataset, "set": "variable:30", "size": 12, "predictor": "knn"})
    assert list(run.table("set")["gene"]) == list(fitted.table("set")["gene"][:12])
    assert run.manifest.metrics["neighbours"] >= 1
    with pytest.raises(BadConfiguration, match=r"size = 31: V30 has 30 genes"):
        execute_now(home, "fit", {"dataset": dataset, "set": "variable:30", "size": 31})


def test_a_cancelled_comparison_by_dgex_goes_on_where_it_was(home: Workspace, dataset: str) -> None:
    wanted = {"dataset": dataset, "sets": ("variable:20", "variable:25"), "same_size": False}
    wanted |= {"predictor": "dgex", "random_sets": 1, "dgex": {**SMALL, "checkpoint_every": 1}}
    request = write_request(home, "compare", configuration_of("compare", wanted).model_dump(mode="json"))
    stages: list[str] = []

    def stop_in_the_second_training(progress):
        stages.append(progress.stage)
        if progress.stage == "V25: training" and progress.done >= 2:
            raise Cancelled("Stopped on request.")

    with pytest.raises(Cancelled):
        perform(home, request.id, stop_in_the_second_training)
    [first] = [run for run in RunStore(home).all("fit") if run.manifest.metrics["set"] == "V20"]
    reopen(home, request.id)
    resumed: list[float] = []
    run = perform(
        home,
        request.id,
        lambda progress: resumed.append(progress.done) if progress.stage == "V25: training" else None,
    )
    assert min(done for done in resumed if done) > 1
    assert run.manifest.parents["fit V20"] == first.id
    fit = RunStore(home).get(run.manifest.parents["fit V25"])
    assert list(fit.table("history")["epoch"]) == [1, 2, 3, 4]
    assert not (fit.folder / "checkpoints").exists()
    assert list(run.table("random")["seed"]) == [0]


def test_runs_that_sets_come_from_have_roles_of_their_own() -> None:
    texts = ("L1000", "rank-1:5", "select-2:5", " rank-1:9", "rank-3")
    assert source_runs(texts) == {"rank": "rank-1", "select": "select-2", "rank 2": "rank-3"}
    assert ranking_run(texts) == "rank-1"
    assert ranking_run(("L1000",)) == ""
