"""Histone profiles kept with a run: one array per cell type, mapped so that one gene is read at once.

``profiles/<number>.npy`` is float32 [genes, 100, 5] in the order of the cell type's rows in ``genes.parquet``;
``profiles/index.json`` names the cell types in the order of the numbers.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from landmark.epigenome.profiles import BINS, MARKS
from landmark.errors import BadData, BadRun
from landmark.store.files import read_json, write_json
from landmark.store.runs import Run, RunWriter

_FOLDER = "profiles"
_INDEX = "index.json"


def save_profiles(draft: RunWriter, number: int, counts: np.ndarray) -> None:
    """Keep the profiles of one cell type, [genes, 100, 5], with a run in the making."""
    folder = draft.folder / _FOLDER
    folder.mkdir(exist_ok=True)
    np.save(folder / f"{number}.npy", counts.astype(np.float32, copy=False), allow_pickle=False)


def save_cell_types(draft: RunWriter, names: Sequence[str]) -> None:
    """Name the cell types, in the order in which their profiles were kept."""
    write_json(draft.folder / _FOLDER / _INDEX, {"cell_types": list(names)})


def cell_types(run: Run) -> list[str]:
    """Return the names of a run's cell types; BadRun if it holds no histone profiles, or they are damaged."""
    names = read_json(run.folder / _FOLDER / _INDEX).get("cell_types")
    if not isinstance(names, list):
        raise BadRun(_damaged(run))
    return [str(name) for name in names]


def genes(run: Run, cell_type: str) -> pd.DataFrame:
    """Return the genes of a cell type in the order of their profiles: columns gene, split, label."""
    _number(run, cell_type)
    table = run.table("genes")
    return table[table["cell_type"] == cell_type].drop(columns="cell_type").reset_index(drop=True)


def profiles(run: Run, cell_type: str) -> np.ndarray:
    """Map the profiles of a cell type, float32 [genes, 100, 5]; nothing is read before it is asked for.

    BadData if the run has no such cell type, BadRun if its profiles are damaged.
    """
    path = run.folder / _FOLDER / f"{_number(run, cell_type)}.npy"
    try:
        found: np.ndarray = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError):  # NumPy's own errors are of these kinds
        raise BadRun(_damaged(run)) from None
    if found.ndim != 3 or found.shape[1:] != (BINS, len(MARKS)):
        raise BadRun(_damaged(run))
    return found


def _number(run: Run, cell_type: str) -> int:
    names = cell_types(run)
    if cell_type not in names:
        raise BadData(f"{run.id} has no cell type {cell_type!r}. It has: {', '.join(names[:20])}.")
    return names.index(cell_type)


def _damaged(run: Run) -> str:
    return f"The histone profiles in {Path(run.folder) / _FOLDER} are damaged. Delete the run {run.id} and repeat it."
