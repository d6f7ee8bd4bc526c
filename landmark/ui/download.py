"""Tables as CSV that no spreadsheet takes for formulas."""

from collections.abc import Callable

import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet may execute a text cell that begins with one of these (OWASP, CSV injection)."""


def csv(table: pd.DataFrame) -> Callable[[], bytes]:
    """Return what writes the table as CSV, in UTF-8, when the user asks for it."""
    return lambda: csv_text(table).encode()


def csv_text(table: pd.DataFrame) -> str:
    """Write a table as CSV; text that would be read as a formula gets an apostrophe in front."""
    safe = table.rename(columns=_harmless)
    for place, kind in enumerate(safe.dtypes):
        if not (pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_datetime64_any_dtype(kind)):
            safe.isetitem(place, safe.iloc[:, place].astype(object).map(_harmless))
    return safe.to_csv(index=False)


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
