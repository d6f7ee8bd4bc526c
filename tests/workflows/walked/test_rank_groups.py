"""The ranking told apart by groups of samples, and measured from the mean of one group."""

import numpy as np
import pandas as pd
import pytest

from landmark.attribution.importance import DenseEncoder, importance
from landmark.data.split import rows
from landmark.errors import BadConfiguration, BadData
from landmark.models.autoencoder import AutoencoderProblem, encoder_layers
from landmark.store.datasets import DatasetStore
from landmark.store.runs import Run
from landmark.store.workspace import Workspace
from landmark.training.trained import Trained
from landmark.workflows.execute import execute_now


def test_groups_are_the_tissues_and_their_contributions_those_of_their_samples(
    home: Workspace, steps: dict[str, Run]
) -> None:
    run = steps["rank"]
    table, found = run.table("groups"), run.manifest.metrics
    assert list(table.columns) == ["gene", "group", "contribution"]
    assert found["group_label"] == "tissue"
    assert found["groups_missing"] == ""
    matrix = DatasetStore(home).get(run.manifest.parents["dataset"]).load()
    train = matrix[rows(matrix, "train")]
    assert found["group_sizes"] == train.obs["tissue"].value_counts()[list(found["group_sizes"])].to_dict()
    trained = Trained.load(steps["train"].folder / "model", AutoencoderProblem)
    scaled = trained.problem.scaling.apply(train.X)
    weights, biases = zip(*encoder_layers(trained), strict=True)
    encoder = DenseEncoder(weights, biases, ("sigmoid", "sigmoid"))
    for tissue in list(found["group_sizes"])[:2]:
        alone = importance(encoder, scaled[train.obs["tissue"] == tissue], scaled.mean(axis=0)).mean
        expected = pd.Series(np.abs(alone).mean(axis=1), index=list(matrix.var_names))
        shown = table[table["group"] == tissue].set_index("gene")["contribution"]
        np.testing.assert_allclose(shown, expected[shown.index.astype(str)], rtol=1e-3, atol=1e-6)
    assert set(table["group"]) == set(found["group_sizes"])
    assert len(table) == len(found["group_sizes"]) * matrix.n_vars


def test_the_mean_of_a_group_is_a_reference(home: Workspace, steps: dict[str, Run]) -> None:
    [tissue] = list(steps["rank"].manifest.metrics["group_sizes"])[:1]
    wanted = {"model": steps["train"].id, "reference": "group mean", "reference_label": "tissue"}
    run = execute_now(home, "rank", wanted | {"reference_group": tissue})
    groups = run.table("groups")
    means = groups.groupby("group", observed=True)["contribution"].mean()
    # What is measured from a tissue's own mean says least of that tissue.
    assert means.idxmin() == tissue
    assert run.table("ranking")["gene"].tolist() != steps["rank"].table("ranking")["gene"].tolist()
    with pytest.raises(BadData, match=r"'tissue 99'.*The labels are: tissue"):
        execute_now(home, "rank", wanted | {"reference_group": "tissue 99"})
    with pytest.raises(BadData, match=r"no annotation 'organ'.*Choose: tissue"):
        execute_now(home, "rank", wanted | {"reference_label": "organ", "reference_group": "lung"})


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"reference": "group mean"}, "needs reference_label"),
        ({"reference_label": "tissue", "reference_group": "lung"}, "no effect without the group mean"),
    ],
)
def test_a_group_without_its_reference_is_refused(
    home: Workspace, values: dict[str, str], message: str
) -> None:
    with pytest.raises(BadConfiguration, match=message):
        execute_now(home, "rank", {"model": "train-00000000", **values})
