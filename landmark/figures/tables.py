"""Checks of the tables that figures receive."""

from collections.abc import Iterable

import pandas as pd

from landmark.errors import BadData


def require(table: pd.DataFrame, columns: Iterable[str], what: str) -> None:
    """Check that a table has the columns a figure needs.

    Raises
    ------
    BadData
        Naming the columns that are absent and those that are there.
    """
    missing = [name for name in columns if name not in table.columns]
    if missing:
        there = ", ".join(map(str, table.columns[:8])) or "none"
        raise BadData(
            f"The table of {what} lacks the column {', '.join(missing)} (columns there: {there}). "
            "Compute it again with this version of the program."
        )
