"""Samples that two datasets share are counted where one judges or joins the other."""

import anndata

from landmark.workflows.execute import execute_now

from .conftest import GENES, write


def _renamed(home, tmp_path) -> str:
    """Bring in 20 samples of the first dataset under other names, with 20 strangers."""
    first, strangers = (anndata.read_h5ad(write(tmp_path / f"{seed}.h5ad", seed, GENES)) for seed in (1, 8))
    mixed = anndata.concat([first[:20], strangers[:20]])
    mixed.obs_names = [f"tube-{number}" for number in range(40)]
    mixed.write_h5ad(tmp_path / "mixed.h5ad")
    made = execute_now(home, "import", {"path": str(tmp_path / "mixed.h5ad")})
    return made.manifest.parents["dataset"]


def test_merging_and_clustering_count_the_samples_in_both(home, dataset, tmp_path):
    other = _renamed(home, tmp_path)
    merged = execute_now(home, "merge", {"datasets": [dataset, other]})
    assert merged.manifest.metrics["samples_shared"] == 20
    network = {"epochs": 1, "hidden": 8, "bottleneck": 4, "batch_size": 8}
    model = execute_now(home, "train", {"dataset": dataset, "network": network})
    made = execute_now(home, "cluster", {"model": model.id, "dataset": other, "clusters": 2})
    assert made.manifest.metrics["shared_samples"] == 20
    own = execute_now(home, "cluster", {"model": model.id, "clusters": 2})
    assert own.manifest.metrics["shared_samples"] == 0
