"""Which landmark genes drive a prediction, from the stored predictor."""

import jax
import numpy as np
import pytest

from landmark.attribution import deeplift
from landmark.data.split import rows
from landmark.errors import BadConfiguration, BadData
from landmark.inference.trained import TrainedPredictor
from landmark.store.datasets import DatasetStore
from landmark.store.runs import Run
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now

SMALL = {"layers": 2, "units": 16, "epochs": 4, "batch_size": 50}


@pytest.fixture(scope="module", params=["ridge", "dgex"])
def fitted(request, home: Workspace, steps: dict[str, Run]) -> Run:
    dataset = steps["train"].manifest.parents["dataset"]
    wanted = {"dataset": dataset, "set": "variable:15", "predictor": request.param}
    return execute_now(home, "fit", wanted | ({"dgex": SMALL} if request.param == "dgex" else {}))


@pytest.fixture(scope="module")
def targets(fitted: Run) -> list[str]:
    return list(fitted.table("accuracy")["gene"][[40, 3]])


@pytest.fixture(scope="module")
def explained(home: Workspace, fitted: Run, targets: list[str]) -> Run:
    return execute_now(home, "explain", {"fit": fitted.id, "targets": targets})


def test_contributions_are_those_of_the_predictor(
    home: Workspace, fitted: Run, targets: list[str], explained: Run
) -> None:
    trained = TrainedPredictor.load(fitted.folder / "predictor")
    matrix = DatasetStore(home).get(fitted.manifest.parents["dataset"]).load()
    training = matrix[rows(matrix, "train")]
    X = trained.landmark_scaling.apply(training[:, list(trained.landmarks)].X)
    network = trained.fitted.network(trained.columns(targets))
    function = jax.jit(lambda x: deeplift(lambda x: network.apply(network.parameters, x), x, X.mean(axis=0)))
    expected = np.asarray(function(X))
    table, groups = explained.table("contributions"), explained.table("groups")
    for number, target in enumerate(targets):
        rows_of = table[table["target"] == target]
        assert rows_of["mean_absolute"].is_monotonic_decreasing
        shown = rows_of.set_index("gene").loc[list(trained.landmarks)]
        np.testing.assert_allclose(
            shown["mean_absolute"], np.abs(expected[:, number]).mean(axis=0), rtol=1e-4, atol=1e-6
        )
        tissue = groups["group"].iloc[0]
        of_tissue = groups[(groups["target"] == target) & (groups["group"] == tissue)].set_index("gene")
        mean = expected[(training.obs["tissue"] == tissue).to_numpy(), number].mean(axis=0)
        np.testing.assert_allclose(of_tissue.loc[list(trained.landmarks), "mean"], mean, rtol=1e-3, atol=1e-5)


def test_it_says_how_exact_it_is_and_how_good_the_prediction(
    fitted: Run, targets: list[str], explained: Run
) -> None:
    found = explained.manifest.metrics
    assert found["residual_worst"] < 1e-5
    assert list(explained.table("targets")["gene"]) == targets == found["targets"]
    accuracy = fitted.table("accuracy").set_index("gene")
    assert explained.table("targets")["pcc"].tolist() == accuracy.loc[targets, "pcc"].tolist()
    assert explained.manifest.parents["fit"] == fitted.id


def test_from_the_mean_of_a_group_that_group_is_not_moved(
    home: Workspace, fitted: Run, targets: list[str], explained: Run
) -> None:
    tissue = next(iter(explained.manifest.metrics["group_sizes"]))
    choice = {"reference": "group mean", "reference_label": "tissue", "reference_group": tissue}
    groups = execute_now(
        home, "explain", {"fit": fitted.id, "targets": targets[:1], "label": "tissue", **choice}
    ).table("groups")
    moved = groups.assign(moved=groups["mean"].abs()).groupby("group", observed=True)["moved"].sum()
    assert moved.idxmin() == tissue


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ({"targets": ("TP53XYZ",)}, BadData, "TP53XYZ is not among"),
        ({"targets": ("A", "A")}, BadConfiguration, "named twice"),
        ({"label": "organ"}, BadData, "no annotation 'organ'"),
        ({"targets": ()}, BadConfiguration, "targets"),
    ],
)
def test_bad_requests_say_what_is_wrong(
    home: Workspace,
    fitted: Run,
    targets: list[str],
    values: dict[str, object],
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        execute_now(home, "explain", {"fit": fitted.id, "targets": targets, **values})
