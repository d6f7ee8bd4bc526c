"""Datasets, each kept once under the hash of its content; and results as files for other programs."""

import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import anndata
import pandas as pd
from pydantic import Field

from landmark.configuration import Configuration
from landmark.data.io.writers import write
from landmark.data.steps.stream import Stream, from_memory, stored, write_stored
from landmark.errors import BadConfiguration, BadRun
from landmark.progress import Report, silent
from landmark.store.files import flush, scratch_folder, write_json
from landmark.store.removal import remove_unneeded
from landmark.store.runs import MANIFEST, Run, RunStore, Unreadable, read_folders, read_manifest
from landmark.store.workspace import Workspace

MATRIX = "data.h5ad"
DRAFT = ".dataset-"
DIGITS = 12
"""Hexadecimal digits of the content's hash that name a dataset."""

ID = re.compile(r"[0-9a-f]{12}")
"""What the name of a dataset looks like; anything else a user gives is none, least of all a path."""

DAMAGED = (OSError, KeyError, ValueError)
"""What h5py and anndata raise for files that are missing or damaged."""


class DatasetManifest(Configuration):
    """What a stored dataset says of itself without being opened."""

    id: str = Field(description="The first 12 hexadecimal digits of the SHA-256 of the content.")
    title: str = Field(description="Name shown to people.")
    source: str = Field(description="Where it came from.")
    unit: str = Field(description="Unit of the expression values.")
    identifier: str = Field(
        description="Kind of gene names: symbol, hgu133a_probe, entrez, ensembl or unknown."
    )
    samples: int = Field(description="Number of samples.")
    genes: int = Field(description="Number of genes or probes.")
    split: dict[str, int] = Field(description="Number of samples for training and for testing.")
    labels: dict[str, int] = Field(
        description="Annotation columns and the number of different values in each."
    )
    imported: str = Field(description="When it was imported, ISO 8601, UTC.")


@dataclass(frozen=True)
class Dataset:
    """One stored dataset."""

    folder: Path
    manifest: DatasetManifest

    @property
    def id(self) -> str:
        """Its hash."""
        return self.manifest.id

    def load(self) -> anndata.AnnData:
        """Read the whole matrix with its annotations."""
        try:
            return anndata.read_h5ad(self.folder / MATRIX)
        except DAMAGED:
            raise self._damaged() from None

    def stream(self) -> Stream:
        """Let the matrix pass in blocks of samples, for steps that need not hold all of it."""
        try:
            return stored(self.folder / MATRIX)
        except DAMAGED:
            raise self._damaged() from None

    def annotations(self) -> anndata.AnnData:
        """Read samples, genes and their annotations, without values."""
        return self.stream().about

    @contextmanager
    def opened(self) -> Iterator[anndata.AnnData]:
        """Open the matrix: values are read from the disk where they are asked for."""
        try:
            matrix = anndata.read_h5ad(self.folder / MATRIX, backed="r")
        except DAMAGED:
            raise self._damaged() from None
        try:
            yield matrix
        finally:
            matrix.file.close()

    def _damaged(self) -> BadRun:
        return BadRun(
            f"{self.folder / MATRIX} is missing or damaged. Delete the dataset and import it again."
        )


class DatasetStore:
    """All datasets of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def add(self, matrix: anndata.AnnData | Stream, imported: str, report: Report = silent) -> Dataset:
        """Store a checked and split matrix; storing the same content again returns the first copy.

        A stream is never held as a whole: its values pass from where they are to the dataset's file, and are hashed
        on the way. The same matrix gets the same id both ways.

        Parameters
        ----------
        matrix
            With ``obs["split"]`` and ``uns["landmark"]``; of AnnData's other parts nothing is kept.
        imported
            Time of import, ISO 8601.
        report
            Receives progress in samples, and may raise ``Cancelled``: nothing is left behind then.

        Raises
        ------
        BadData
            The disk has not enough room, or the stream meets values that cannot be used.
        """
        stream = matrix if isinstance(matrix, Stream) else from_memory(matrix)
        with scratch_folder(self.workspace.unfinished, DRAFT) as draft:
            digest = write_stored(stream, draft / MATRIX, report)[:DIGITS]
            folder = self.workspace.datasets / digest
            if not folder.is_dir():
                write_json(draft / MANIFEST, _describe(digest, stream.about, imported).model_dump())
                flush(draft)
                self.workspace.datasets.mkdir(parents=True, exist_ok=True)
                try:
                    draft.rename(folder)
                except OSError:
                    if not folder.is_dir():  # otherwise somebody stored the same content just before us
                        raise
        return self.get(digest)

    def all(self) -> list[Dataset]:
        """Return the datasets, newest first; ``unreadable`` lists those whose manifest cannot be read."""
        found, _ = read_folders(self.workspace.datasets.glob("*/"), _read)
        return sorted(found, key=lambda dataset: dataset.manifest.imported, reverse=True)

    def unreadable(self) -> list[Unreadable]:
        """Return what lies among the datasets and cannot be used: of a newer version, or damaged."""
        return read_folders(self.workspace.datasets.glob("[!.]*/"), _read)[1]

    def get(self, dataset_id: str) -> Dataset:
        """Return one dataset; BadRun if there is none of that name."""
        folder = self.workspace.datasets / Path(dataset_id).name
        if not dataset_id or not (folder / MANIFEST).is_file():
            known = ", ".join(dataset.id for dataset in self.all()[:5]) or "none yet"
            raise BadRun(f"There is no dataset {dataset_id!r}. Imported ones: {known}.")
        return _read(folder)

    def delete(self, dataset_id: str, makers: Collection[str]) -> None:
        """Delete a dataset; also one whose files are damaged.

        Parameters
        ----------
        makers
            Kinds of runs that make a dataset, which is then their parent of the role ``dataset``: they stay.

        Raises
        ------
        BadRun
            If it does not exist, runs were made from it, or an unfinished one works with it.
        """
        folder = self.workspace.datasets / dataset_id
        if not ID.fullmatch(dataset_id) or not folder.is_dir():
            raise BadRun(f"There is no dataset {dataset_id!r}: it is already deleted, or was never there.")
        runs = RunStore(self.workspace)
        children = [
            run.id
            for run in runs.children(dataset_id)
            if run.kind not in makers or run.manifest.parents.get("dataset") != dataset_id
        ]
        if children := children + runs.unreadable_children(dataset_id):
            raise BadRun(f"Dataset {dataset_id} is the basis of {', '.join(children)}. Delete those first.")
        remove_unneeded(folder, self.workspace)


def _describe(digest: str, matrix: anndata.AnnData, imported: str) -> DatasetManifest:
    about = matrix.uns["landmark"]
    return DatasetManifest(
        id=digest,
        title=str(about["title"]),
        source=str(about["source"]),
        unit=str(about["unit"]),
        identifier=str(about["identifier"]),
        samples=matrix.n_obs,
        genes=matrix.n_vars,
        split={str(part): int(n) for part, n in matrix.obs["split"].value_counts().items()},
        labels={name: int(matrix.obs[name].nunique()) for name in matrix.obs.columns if name != "split"},
        imported=imported,
    )


def _read(folder: Path) -> Dataset:
    return Dataset(folder, read_manifest(folder, DatasetManifest, "dataset"))


FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings by which a spreadsheet takes a text for a formula and may run it."""


def without_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """Return a copy whose texts no spreadsheet takes for formulas: those get an apostrophe; numbers stay numbers."""
    safe = table.copy()
    for position, name in enumerate(safe.columns):
        column = safe.iloc[:, position]
        if not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column)):
            safe.isetitem(position, column.astype(object).map(_text))
        safe = safe.rename(columns={name: _text(name)})
    return safe


def export_table(run: Run, name: str, folder: Path) -> Path:
    """Write a table of a run as ``<folder>/<name>.csv`` and return that path; BadRun if the run has no such table."""
    path = folder / f"{name}.csv"
    without_formulas(run.table(name)).to_csv(path, index=False, lineterminator="\n")
    return path


def export_dataset(dataset: Dataset, path: Path, report: Report = silent) -> Path:
    """Write a dataset in the format that the file's ending names, block by block, and return the path.

    BadConfiguration: the ending is of no known format, the folder cannot be written to, or there is a file of that name
    already. BadData: the disk has not enough room.
    """
    check_free(path)
    write(dataset.stream(), path, report)
    return path


def check_free(path: Path) -> None:
    """Refuse a path where no new file can be written: BadConfiguration."""
    if path.exists():
        raise BadConfiguration(f"{path} is there already. Choose another name, or delete it first.")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise BadConfiguration(
            f"{path.parent} is no folder that can be written to. Make it, or choose another."
        )


def _text(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
