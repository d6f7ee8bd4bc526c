"""Reads from the store that need not be repeated: what is published never changes."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from landmark.data.split import COLUMN
from landmark.epigenome.histones.results import HistonesResults
from landmark.errors import BadRun
from landmark.store.datasets import Dataset, DatasetStore
from landmark.store.kept import Kept, KeptStore
from landmark.store.runs import Run, RunStore
from landmark.store.workspace import Workspace, open_workspace

BY_FOLDER: dict[str | type, Callable[[Any], str]] = {Dataset: lambda item: str(item.folder)}
"""How Streamlit tells datasets apart that are arguments of what it keeps."""


def here() -> Workspace:
    """Return the workspace that the settings name."""
    return open_workspace()


def runs(kind: str | None = None, **parents: str) -> list[Run]:
    """Return published runs, newest first, of one kind and made from some parents: ``train="train-1a2b3c4d"``."""
    return [
        run
        for run in _runs(str(here().root), _names(here().runs))
        if (kind is None or run.kind == kind)
        and all(run.manifest.parents.get(role) == parent for role, parent in parents.items())
    ]


def run(run_id: str) -> Run | None:
    """Return one published run, or None where there is none of that name."""
    return next((found for found in runs() if found.id == run_id), None)


def title_of_profiles(run: Run) -> str:
    """Return the title of an import of histone profiles, or its name where its figures cannot be read."""
    try:
        return HistonesResults.read(run.manifest.metrics).title
    except BadRun:
        return run.id


def datasets() -> list[Dataset]:
    """Return the stored datasets, newest first."""
    return _datasets(str(here().root), _names(here().datasets))


def kept() -> list[Kept]:
    """Return the kept predictors, newest first; a name may be another's next time, so they are read anew."""
    return KeptStore(here()).all()


def dataset_of(run: Run) -> Dataset:
    """Return the dataset that a run was made from, or has made; BadRun if it is not here any more."""
    wanted = run.manifest.parents.get("dataset")
    for found in datasets():
        if found.id == wanted:
            return found
    raise BadRun(f"The dataset of {run.id} is not here any more. Import it again.")


def table(run_id: str, name: str) -> pd.DataFrame:
    """Read a result table of a published run.

    All sessions share its values: columns may be added to what is returned, values in it are never changed in place.

    BadRun if there is no such run or table.
    """
    if not (here().runs / Path(run_id).name).is_dir():
        raise BadRun(f"There is no finished run {run_id!r}. It may have been deleted.")
    return _table(str(here().root), run_id, name).copy(deep=False)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=BY_FOLDER)
def annotations(dataset: Dataset) -> pd.DataFrame:
    """Return the annotations of all samples, sample names as index, not to be changed; the matrix stays on disk."""
    about = dataset.annotations()
    return pd.DataFrame(about.obs).set_axis(about.obs_names.astype(str))


def group_sizes(dataset: Dataset, label: str, part: str = "") -> dict[str, int]:
    """Count the samples of each group of an annotation, the largest first: of all samples or a part of the split."""
    table = annotations(dataset)
    column = table.loc[table[COLUMN].astype(str) == part, label] if part else table[label]
    names = column.dropna().astype(str).str.strip()
    return {str(name): int(count) for name, count in names[names != ""].value_counts().items()}


_ROWS, _COLUMNS = 8, 8
"""Corner of the matrix that is shown."""

_SAMPLES = 200
"""Evenly spaced samples whose values are read for distributions."""


@dataclass(frozen=True)
class Glimpse:
    """What can be seen of a dataset at once.

    Attributes
    ----------
    corner
        First samples and genes, samples as index.
    values, samples
        float32 [at most 200, genes] of evenly spaced samples, and their names.
    annotations
        First samples with their annotations and their part of the split.
    history
        What was done to the matrix, in order.
    """

    corner: pd.DataFrame
    values: np.ndarray
    samples: list[str]
    annotations: pd.DataFrame
    history: list[dict[str, Any]]


@st.cache_resource(max_entries=4, show_spinner="Looking into the matrix", hash_funcs=BY_FOLDER)
def glimpse(dataset: Dataset) -> Glimpse:
    """Look into a dataset; the answer is kept, for datasets never change."""
    with dataset.opened() as matrix:
        chosen = np.unique(np.linspace(0, matrix.n_obs - 1, min(_SAMPLES, matrix.n_obs)).round().astype(int))
        corner = np.asarray(matrix.X[:_ROWS, :_COLUMNS])
        genes = matrix.var_names[:_COLUMNS].astype(str)
        return Glimpse(
            corner=pd.DataFrame(corner, index=matrix.obs_names[:_ROWS].astype(str), columns=genes),
            values=np.asarray(matrix.X[chosen]),
            samples=[str(name) for name in matrix.obs_names[chosen]],
            annotations=matrix.obs.head(50),
            history=[json.loads(str(entry)) for entry in matrix.uns["landmark"].get("history", [])],
        )


def _names(folder: Path) -> tuple[str, ...]:
    """List what is published; the key under which a list of manifests stays valid."""
    return tuple(sorted(_visible(folder.iterdir()))) if folder.is_dir() else ()


def _visible(paths: Iterable[Path]) -> Iterable[str]:
    return (path.name for path in paths if not path.name.startswith("."))


@st.cache_resource(max_entries=8, show_spinner=False)
def _runs(root: str, names: tuple[str, ...]) -> list[Run]:
    return RunStore(Workspace(Path(root))).all()


@st.cache_resource(max_entries=8, show_spinner=False)
def _datasets(root: str, names: tuple[str, ...]) -> list[Dataset]:
    return DatasetStore(Workspace(Path(root))).all()


@st.cache_resource(max_entries=48, show_spinner=False)
def _table(root: str, run_id: str, name: str) -> pd.DataFrame:
    return RunStore(Workspace(Path(root))).get(run_id).table(name)
