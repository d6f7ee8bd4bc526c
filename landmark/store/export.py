"""Results as files for other programs: tables as CSV for a spreadsheet, datasets in the formats of the field."""

import os
from pathlib import Path

import pandas as pd

from landmark.data.io.writers import write
from landmark.errors import BadConfiguration
from landmark.progress import Report, silent
from landmark.store.datasets import Dataset
from landmark.store.runs import Run

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings by which a spreadsheet takes a text for a formula and may run it."""


def without_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """Return a copy whose texts no spreadsheet takes for formulas: those get a leading apostrophe.

    Numbers stay numbers, negative ones too.
    """
    safe = table.copy()
    for position, name in enumerate(safe.columns):
        column = safe.iloc[:, position]
        if not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column)):
            safe.isetitem(position, column.astype(object).map(_text))
        safe = safe.rename(columns={name: _text(name)})
    return safe


def export_table(run: Run, name: str, folder: Path) -> Path:
    """Write a table of a run as ``<folder>/<name>.csv`` and return that path.

    Raises
    ------
    BadRun
        If the run has no such table.
    """
    path = folder / f"{name}.csv"
    without_formulas(run.table(name)).to_csv(path, index=False, lineterminator="\n")
    return path


def export_dataset(dataset: Dataset, path: Path, report: Report = silent) -> Path:
    """Write a dataset in the format that the file's ending names, block by block, and return the path.

    Raises
    ------
    BadConfiguration
        The ending is of no known format, the folder cannot be written to, or there is a file of that name already.
    BadData
        The disk has not enough room.
    """
    if path.exists():
        raise BadConfiguration(f"{path} is there already. Choose another name, or delete it first.")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise BadConfiguration(
            f"{path.parent} is no folder that can be written to. Make it, or choose another."
        )
    write(dataset.stream(), path, report)
    return path


def _text(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
