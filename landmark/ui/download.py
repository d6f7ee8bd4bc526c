"""Results as files, made when the user asks for them and not before."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from landmark.analyses.clusters.export import export_embedding
from landmark.store.datasets import Dataset
from landmark.store.export import export_dataset, without_formulas
from landmark.store.runs import Run
from landmark.ui.resources import here


def csv(table: pd.DataFrame) -> Callable[[], bytes]:
    """Return what writes the table as CSV, in UTF-8, with no text that a spreadsheet takes for a formula."""
    return lambda: without_formulas(table).to_csv(index=False).encode()


def h5ad(run: Run) -> Callable[[], bytes]:
    """Return what writes the samples of a cluster run with their embeddings as h5ad."""

    def write() -> bytes:
        with TemporaryDirectory() as folder:
            return export_embedding(here(), run, Path(folder) / "embedding.h5ad").read_bytes()

    return write


def dataset_file(dataset: Dataset, ending: str) -> Callable[[], bytes]:
    """Return what writes a dataset in the format of an ending, such as ``gct``."""

    def write() -> bytes:
        with TemporaryDirectory() as folder:
            return export_dataset(dataset, Path(folder) / f"{dataset.id}.{ending}").read_bytes()

    return write
