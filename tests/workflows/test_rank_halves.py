"""One network asked on two halves agrees with itself; two networks that each know one half need not."""

import anndata
import numpy as np
import pandas as pd
import pytest

from landmark.workflows.execute import execute_now

NETWORK = {"epochs": 60, "hidden": 16, "bottleneck": 4, "batch_size": 8, "learning_rate": 0.01}


@pytest.fixture(scope="module")
def model(home, tmp_path_factory):
    """A network that has learned noise by heart: no two samples have anything in common."""
    X = np.random.default_rng(0).normal(size=(60, 200)).astype(np.float32)
    matrix = anndata.AnnData(
        X,
        obs=pd.DataFrame(
            {"patient": [f"p{place // 2}" for place in range(60)]}, index=[f"s{i}" for i in range(60)]
        ),
        var=pd.DataFrame(index=[f"GENE{gene}" for gene in range(200)]),
    )
    path = tmp_path_factory.mktemp("noise") / "noise.h5ad"
    matrix.write_h5ad(path)
    run = execute_now(home, "import", {"path": str(path), "split_by": "patient"})
    return execute_now(home, "train", {"dataset": run.manifest.parents["dataset"], "network": NETWORK})


def test_retrained_halves_agree_less_than_one_network_with_itself(home, model):
    found = execute_now(home, "rank", {"model": model.id, "retrain_halves": True}).manifest.metrics
    chance = found["cut"] / found["genes"]
    assert found["overlap_halves"] > chance + 0.3
    assert found["overlap_retrained"] < chance + 0.2
    assert abs(found["correlation_retrained"]) < 0.35 < found["correlation_halves"]


def test_it_is_off_by_default_and_changes_nothing_else(home, model):
    plain, retrained = (
        execute_now(home, "rank", {"model": model.id, "retrain_halves": chosen}) for chosen in (False, True)
    )
    assert "overlap_retrained" not in plain.manifest.metrics
    pd.testing.assert_frame_equal(plain.table("ranking"), retrained.table("ranking"))
    assert execute_now(home, "rank", {"model": model.id}).manifest.configuration["retrain_halves"] is False
