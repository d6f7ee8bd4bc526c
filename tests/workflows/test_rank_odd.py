"""Rankings and explanations of networks and datasets that are out of the ordinary."""

import importlib.util
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest

from landmark.store.workspace import Workspace
from landmark.workflows import samples
from landmark.workflows.execute import execute_now

TINY = {"epochs": 3, "hidden": 8, "bottleneck": 3}


@pytest.fixture
def home(own_home):
    return Workspace(own_home)


def imported(home: Workspace, tmp_path: Path, labels: dict[str, object]) -> str:
    """Import a small matrix whose samples carry these labels, or none."""
    spec = importlib.util.spec_from_file_location("small", Path(__file__).parents[1] / "small.py")
    small = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(small)
    path = small.write_h5ad(tmp_path / "small.h5ad")
    matrix = anndata.read_h5ad(path)
    matrix.obs = matrix.obs.drop(columns="tissue").assign(**labels)
    matrix.write_h5ad(path)
    return execute_now(home, "import", {"path": str(path)}).manifest.parents["dataset"]


def test_one_group_of_samples_and_a_rounded_network_with_sigmoid_output(home, tmp_path):
    dataset = imported(home, tmp_path, {"tissue": "lung"})
    network = {**TINY, "precision": "bfloat16", "output": "sigmoid"}
    model = execute_now(home, "train", {"dataset": dataset, "network": network})
    ranked = execute_now(home, "rank", {"model": model.id, "target": "post"})
    assert ranked.manifest.metrics["residual_worst"] < 1e-5
    assert ranked.manifest.metrics["groups_missing"].startswith("No annotation")
    assert np.isfinite(ranked.table("ranking")["score"]).all()
    fitted = execute_now(home, "fit", {"dataset": dataset, "set": "variable:6"})
    target = fitted.table("accuracy")["gene"].iloc[0]
    explained = execute_now(home, "explain", {"fit": fitted.id, "targets": (target,)})
    assert explained.manifest.metrics["residual_worst"] < 1e-5
    assert "groups" not in explained.tables()


def test_a_dataset_larger_than_memory_gives_the_same(home, tmp_path, monkeypatch):
    labels = {"tissue": ["lung"] * 30 + ["skin"] * 30}
    dataset = imported(home, tmp_path, labels)
    model = execute_now(home, "train", {"dataset": dataset, "network": TINY})
    fitted = execute_now(home, "fit", {"dataset": dataset, "set": "variable:6"})
    target = fitted.table("accuracy")["gene"].iloc[0]
    choice = {"reference": "group mean", "reference_label": "tissue", "reference_group": "lung"}

    def both():
        ranked = execute_now(home, "rank", {"model": model.id, **choice})
        explained = execute_now(home, "explain", {"fit": fitted.id, "targets": (target,), **choice})
        return [ranked.table(name) for name in ("ranking", "groups", "choices")] + [explained.table("groups")]

    loaded = both()
    monkeypatch.setattr(samples, "fits_in_memory", lambda *_: False)
    for one, other in zip(loaded, both(), strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_what_another_choice_moves_is_what_it_gives(home, tmp_path):
    dataset = imported(home, tmp_path, {})
    model = execute_now(home, "train", {"dataset": dataset, "network": TINY})
    ranked = execute_now(home, "rank", {"model": model.id})
    cut = ranked.manifest.metrics["cut"]
    top = set(ranked.table("ranking")["gene"][:cut])
    for row in ranked.table("choices").itertuples():
        other = execute_now(home, "rank", {"model": model.id, row.choice: row.value})
        kept = len(top & set(other.table("ranking")["gene"][:cut])) / cut
        assert row.overlap == pytest.approx(kept)
