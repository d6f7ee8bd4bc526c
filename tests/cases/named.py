"""Matrices of named genes, written and imported."""

from pathlib import Path

import numpy as np
import pandas as pd

from landmark.data.history import history
from landmark.genesets.sources import l1000
from landmark.store.datasets import DatasetStore
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now

L1000 = list(l1000().genes)
ENSEMBL = list(l1000("ensembl").genes)
ENTREZ = list(l1000("entrez").genes)


def written(folder: Path, genes: list[str], name: str = "m.tsv", samples: int = 12) -> Path:
    """Write a matrix of these genes."""
    values = np.random.default_rng(0).normal(8, 2, (len(genes), samples)).round(3)
    columns = [f"S{i}" for i in range(1, samples + 1)]
    table = pd.DataFrame(values, pd.Index(genes, name="gene"), columns)
    path = folder / name
    table.to_csv(path, sep="," if name.endswith(".csv") else "\t")
    return path


def imported(home: Workspace, path: Path, **values: object):
    """Import a file; return the metrics of the run, the dataset and its notes."""
    run = execute_now(home, "import", {"path": str(path), **values})
    data = DatasetStore(home).get(run.manifest.parents["dataset"]).load()
    notes = " ".join(str(note) for step in history(data) for note in step.get("notes", []))
    return run.manifest.metrics, data, notes
