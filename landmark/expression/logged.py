"""Whether values are logged already."""

from dataclasses import dataclass

import numpy as np

LARGEST = 25
"""Logarithms of expression, and differences of them, stay within this: 2 to the 25th is 33 million."""

SAMPLED_VALUES = 2_000_000
"""Of more values, so many are looked at."""


@dataclass(frozen=True)
class Logged:
    """Whether the values look logged.

    Attributes
    ----------
    looks
        True if they do, or if a logarithm makes no sense.
    reason
        Why, one sentence with the figures.
    """

    looks: bool
    reason: str


def looks_logged(values: np.ndarray) -> Logged:
    """Judge whether values are logged, by the rule of NCBI's GEO2R script.

    Not logged if the 99% quantile exceeds 100, or if the range exceeds 50 and the 25% quantile is above 0. Negative
    values decide nothing by themselves: average differences of early Affymetrix software go below -20,000. Where the
    range exceeds 50 and the lowest is below any logged value, values are not logged either.

    Parameters
    ----------
    values
        Finite values, any shape. Of many, an even selection is looked at.
    """
    if not values.size:
        return Logged(True, "There are no values to judge by.")
    flat = values.ravel()
    first, almost = np.quantile(flat[:: max(1, flat.size // SAMPLED_VALUES)], [0.25, 0.99])
    low, high = float(flat.min()), float(flat.max())
    span = f"Values run from {_figure(low)} to {_figure(high)}"
    if almost > 100 or (high - low > 50 and (first > 0 or low < -LARGEST)):
        if low < 0:
            return Logged(False, f"{span}: logged values stay between about -{LARGEST} and {LARGEST}.")
        return Logged(False, f"{span}: logged values stay below about {LARGEST}.")
    if low < 0:
        return Logged(
            True, f"{span}: negative values of this size are logged, or differences of logged values."
        )
    return Logged(True, f"{span}, as logged values do.")


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
