"""How many genes a set needs for a wished accuracy, read off its size curve."""

import pandas as pd

HIGHER_IS_BETTER = {"pcc": True, "mae": False, "recovered": True}
"""Columns of a size curve, and which way is better."""


def genes_needed(curve: pd.DataFrame, measure: str, wished: float) -> int | None:
    """Return the smallest size at which a curve reaches a value, or None where it never does.

    Parameters
    ----------
    curve
        Columns size and the measure; one set.
    measure
        ``mae``, ``pcc`` or ``recovered``.
    wished
        Value to reach, from below or, for ``mae``, from above.
    """
    reached = curve[measure] >= wished if HIGHER_IS_BETTER[measure] else curve[measure] <= wished
    return int(curve.loc[reached, "size"].min()) if reached.any() else None


def typical(random: pd.DataFrame) -> pd.DataFrame:
    """Return the median of several random orders at every size: size, mae, pcc, recovered."""
    return random.groupby("size", as_index=False)[["mae", "pcc", "recovered"]].median()


def at_size(curve: pd.DataFrame, size: int) -> pd.Series:
    """Return the row of the largest size measured up to a size; the first row where none is so small."""
    ordered = curve.sort_values("size")
    below = ordered[ordered["size"] <= size]
    return below.iloc[-1] if len(below) else ordered.iloc[0]
