"""Two small datasets of related samples, as of two platforms, for verbs that weigh gene sets."""

from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest

from landmark.genesets.sources import l1000
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now

GENES = [name for pair in zip(l1000().genes, [f"GENE{i}" for i in range(40)], strict=False) for name in pair]
"""80 genes, every other one a landmark gene of L1000."""


def write(path: Path, seed: int, genes: list[str], samples: int = 60) -> Path:
    """Write samples of three tissues; the causes behind the genes are the same for every seed."""
    weights = np.random.default_rng(99).normal(size=(3, len(GENES)))
    rng = np.random.default_rng(seed)
    X = 8 + rng.normal(size=(samples, 3)) @ weights + 0.3 * rng.normal(size=(samples, len(GENES)))
    tissue = np.array(["lung", "skin", "blood"])[np.arange(samples) % 3]
    matrix = anndata.AnnData(
        X.astype(np.float32)[:, : len(genes)],
        obs=pd.DataFrame({"tissue": tissue}, index=[f"{seed}-{i}" for i in range(samples)]),
        var=pd.DataFrame(index=genes),
    )
    matrix.write_h5ad(path)
    return path


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="package")
def dataset(home: Workspace, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = write(tmp_path_factory.mktemp("data") / "arrays.h5ad", 1, GENES)
    return execute_now(home, "import", {"path": str(file)}).manifest.parents["dataset"]
