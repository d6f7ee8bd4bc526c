"""Lung tumours measured on another array, whose probes are of no known kind: from the files to the clusters."""

from pathlib import Path

import pytest

from landmark.analyses.clusters import run as clusters_run
from landmark.errors import BadData
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now

pytestmark = pytest.mark.slow


def test_neighbours_in_the_bottleneck_tell_lung_tumours(
    own_home: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters_run, "umap_coordinates", lambda values, **_: values[:, :2])
    home, data = Workspace(own_home), shared / "data"
    values = {
        "path": str(data / "bhattacharjee_lung_u95a_1543x203.tsv.gz"),
        "annotations": str(data / "bhattacharjee_lung_samples.csv"),
        "log2": "yes",
    }
    imported = execute_now(home, "import", values)
    dataset = imported.manifest.parents["dataset"]
    model = execute_now(home, "train", {"dataset": dataset, "network": {"epochs": 60}})
    found = execute_now(home, "cluster", {"model": model.id}).manifest.metrics
    assert found["groups"] == ["AD", "SQ", "NL"]
    assert (found["samples"], found["held_out_samples"]) == (177, 34)
    assert found["neighbour_accuracy"] >= 0.80
    assert found["held_out_accuracy"] >= 0.80
    with pytest.raises(BadData, match="Upload a GMT file"):
        execute_now(home, "enrich", {"dataset": dataset, "genes": "1007_s_at"})
