"""What the paper's settings reach on 975 real cell lines, a fifth held out; the network sees some of the genes."""

from pathlib import Path

import anndata
import numpy as np
import pytest

from landmark.data.gene_index import index_of
from landmark.genesets.sources import l1000
from landmark.store.runs import Run
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(Path(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def file(shared: Path) -> Path:
    return shared / "data" / "gdsc_cell_lines.h5ad"


@pytest.fixture(scope="module")
def model(home: Workspace, file: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Train on the landmark genes and on some of the others, as all of them would take minutes."""
    lines = anndata.read_h5ad(file)
    index = index_of(tuple(lines.var_names), "symbol")
    landmark = lines.var_names.isin([index.find(gene) for gene in l1000().genes])
    path = tmp_path_factory.mktemp("data") / "some.h5ad"
    lines[:, landmark | (np.arange(lines.n_vars) % 15 == 0)].copy().write_h5ad(path)
    imported = execute_now(home, "import", {"path": str(path)})
    return execute_now(home, "train", {"dataset": imported.manifest.parents["dataset"]})


def test_reconstruction_of_held_out_samples(model: Run) -> None:
    assert model.manifest.split == {"train": 780, "test": 195}
    assert model.manifest.metrics["reconstruction_pcc"] >= 0.60


def test_contributions_sum_to_the_difference(home: Workspace, model: Run) -> None:
    rank = execute_now(home, "rank", {"model": model.id})
    assert rank.manifest.metrics["residual_worst"] <= 1e-4


def test_the_bottleneck_keeps_lung_subtypes(home: Workspace, model: Run) -> None:
    found = execute_now(home, "cluster", {"model": model.id}).manifest.metrics
    assert found["groups"] == ["LUAD", "LUSC", "SCLC"]
    assert found["adjusted_rand"] >= 0.55
    assert found["silhouette"] > found["silhouette_pca"]


def test_l1000_beats_chance(home: Workspace, file: Path) -> None:
    imported = execute_now(home, "import", {"path": str(file)})
    assert imported.manifest.metrics["l1000_present"] == 490
    dataset = imported.manifest.parents["dataset"]
    found = execute_now(home, "compare", {"dataset": dataset, "sets": ("L1000",), "random_sets": 6})
    assert found.manifest.metrics["sets"]["L1000"]["pcc"] >= 0.68
    assert found.manifest.metrics["sets"]["L1000"]["percentile"] == 100
