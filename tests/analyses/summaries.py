"""What is kept of a run so that another version of the program can be held against it: small, and in plain numbers."""

from typing import Any

import numpy as np
import pandas as pd

from landmark.store.runs import Run

TIMED = ("seconds", "per_second", "matrix_rate", "minutes", "hours", "device", "memory")
"""Words in the names of figures that differ from one execution to the next."""

FIRST_ROWS = 4


def summary(run: Run) -> dict[str, Any]:
    """Return the figures of a run and, of each table, its size, its first rows and sums of its columns."""
    return {
        "figures": _plain(run.manifest.metrics),
        "split": dict(run.manifest.split),
        "tables": {name: _table(run.table(name)) for name in sorted(run.tables())},
    }


def differences(expected: Any, found: Any, tolerance: float, at: str = "") -> list[str]:
    """Say where two summaries differ; numbers may do so by ``tolerance``, relative to themselves or to one."""
    if isinstance(expected, dict) and isinstance(found, dict):
        names = [*expected, *(name for name in found if name not in expected)]
        return [
            difference
            for name in names
            for difference in differences(expected.get(name), found.get(name), tolerance, f"{at}/{name}")
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        return [one for i, pair in pairs for one in differences(*pair, tolerance, f"{at}/{i}")]
    if isinstance(expected, int | float) and isinstance(found, int | float):
        near = np.isclose(found, expected, rtol=tolerance, atol=tolerance, equal_nan=True)
        return [] if near else [f"{at}: {expected} became {found}"]
    return [] if expected == found else [f"{at}: {expected} became {found}"]


def _plain(values: Any) -> Any:
    if isinstance(values, dict):
        return {str(name): _plain(value) for name, value in values.items() if not _timed(str(name))}
    if isinstance(values, list | tuple | np.ndarray):
        return [_plain(value) for value in values]
    if isinstance(values, bool | np.bool_ | np.integer):
        return int(values)
    if isinstance(values, float | np.floating):
        return float(f"{values:.8g}")
    return None if values is None or values is pd.NA else str(values)


def _timed(name: str) -> bool:
    return any(word in name for word in TIMED)


def _table(table: pd.DataFrame) -> dict[str, Any]:
    kept = table[[name for name in table if not _timed(name)]]
    numbers = kept.select_dtypes(["number", "boolean"]).astype("float64")
    return {
        "rows": len(kept),
        "first": {name: _plain(list(kept[name].head(FIRST_ROWS))) for name in kept},
        "sums": {name: _plain(float(numbers[name].sum())) for name in numbers},
        "squares": {name: _plain(float((numbers[name] ** 2).sum())) for name in numbers},
        "places": {
            name: _plain(float((np.arange(len(kept)) * numbers[name].fillna(0)).sum())) for name in numbers
        },
    }
