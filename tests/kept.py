"""A home with a dataset to learn from, and a small predictor of it."""

from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd

from landmark.store.runs import Run
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now
from tests.small import symbols, values

GENES = 60
LEARNED, NEW = 120, 40


def samples(first: int, last: int) -> anndata.AnnData:
    """Some samples of one collection in log units, of three tissues."""
    X = values(LEARNED + NEW, GENES, 0)
    names = [f"sample-{number}" for number in range(first, last)]
    tissue = np.array(["lung", "skin", "blood"])[np.arange(first, last) % 3]
    return anndata.AnnData(
        X[first:last].astype(np.float32),
        obs=pd.DataFrame({"tissue": tissue}, index=names),
        var=pd.DataFrame(index=symbols(GENES)),
    )


def home_with_fit(folder: Path, **choices: Any) -> tuple[Workspace, Run]:
    """Return a home with a dataset, and a fit on 30 L1000 genes."""
    home = Workspace(folder / "home")
    home.root.mkdir(parents=True)
    samples(0, LEARNED).write_h5ad(folder / "training.h5ad")
    made = execute_now(home, "import", {"path": str(folder / "training.h5ad"), "title": "Three tissues"})
    dataset = made.manifest.parents["dataset"]
    return home, execute_now(home, "fit", {"dataset": dataset, "set": "L1000-978", **choices})


def new_samples(folder: Path, genes: list[str] | None = None) -> Path:
    """Write new samples into a file: all genes, or some."""
    matrix = samples(LEARNED, LEARNED + NEW)
    path = folder / f"new-{len(genes or symbols(GENES))}.h5ad"
    (matrix[:, genes].copy() if genes else matrix).write_h5ad(path)
    return path
