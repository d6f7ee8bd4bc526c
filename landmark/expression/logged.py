"""Whether values are logged already."""

from dataclasses import dataclass

import numpy as np

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

    Not logged if the 99% quantile exceeds 100, or if the range exceeds 50 and the 25% quantile is above 0.

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
    if low < 0:
        return Logged(True, f"{span}: negative values are logged, or differences of logged values, already.")
    if almost > 100 or (high - low > 50 and first > 0):
        return Logged(False, f"{span}: logged values stay below about 25.")
    return Logged(True, f"{span}, as logged values do.")


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
