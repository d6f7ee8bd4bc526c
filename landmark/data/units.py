"""Units of expression: whether values are logged, and whether datasets are in the same unit."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LARGEST = 25
"""Logarithms of expression, and differences of them, stay within this: 2 to the 25th is 33 million."""

SAMPLED_VALUES = 2_000_000
"""Of more values, so many are looked at."""


@dataclass(frozen=True)
class Logged:
    """Whether the values look logged."""

    looks: bool  # true if they do, or if a logarithm makes no sense
    reason: str  # why, one sentence with the figures


def looks_logged(values: np.ndarray) -> Logged:
    """Judge whether finite values are logged, by the rule of NCBI's GEO2R script; of many an even selection
    is looked at.

    Not logged if the 99% quantile exceeds 100, or if the range exceeds 50 and the 25% quantile is above 0.
    Negative values decide nothing by themselves: average differences of early Affymetrix software go below
    -20,000. Where the range exceeds 50 and the lowest is below any logged value, values are not logged
    either.
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


CENTRED = 0.2
"""Values of which so many are negative vary around zero, as standardised values and differences do."""
POSITIVE = 0.02
"""Of expression values and their logarithms not more than this is negative."""

REMEDY = "choose joint quantile normalisation, which looks at ranks only"


def difference(matrices: Sequence[np.ndarray], units: Sequence[str], titles: Sequence[str]) -> str:
    """Say in a sentence how the units of matrices [samples, genes] differ; empty where they do not, as far as
    that shows.

    ``units`` are those stated with each; empty where nothing is.
    """
    finite = [X[np.isfinite(X)] for X in matrices]
    logged = [looks_logged(values) for values in finite]
    if len({found.looks for found in logged}) > 1:
        return _not_logged(logged, titles)
    negative = [float(np.mean(values < 0)) if values.size else 0.0 for values in finite]
    centred = next((i for i, share in enumerate(negative) if share >= CENTRED), None)
    positive = next((i for i, share in enumerate(negative) if share <= POSITIVE), None)
    if centred is not None and positive is not None:
        stated = f" ({units[centred]})" if units[centred] else ""
        return (
            f"The values of {titles[centred]!r} vary around zero{stated}, as standardised values do, and those of "
            f"{titles[positive]!r} are positive: they are in different units. Merge datasets that were prepared alike, "
            f"or {REMEDY}."
        )
    known = {unit: title for unit, title in zip(units, titles, strict=True) if unit}
    if len(known) > 1:
        (one, first), (two, second) = list(known.items())[:2]
        return f"{first!r} is in {one}, {second!r} in {two}. Prepare them alike first, or {REMEDY}."
    return ""


def _not_logged(logged: Sequence[Logged], titles: Sequence[str]) -> str:
    yes = next(i for i, found in enumerate(logged) if found.looks)
    no = next(i for i, found in enumerate(logged) if not found.looks)
    return (
        f"{titles[no]!r} is not logged ({logged[no].reason.split(':')[0].lower()}), while {titles[yes]!r} is. Take "
        f"log2 of {titles[no]!r} on the Prepare page first, or {REMEDY}."
    )
