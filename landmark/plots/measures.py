"""The measures of prediction per gene: what they are called, and which way is better."""

from dataclasses import dataclass

from landmark.errors import BadConfiguration


@dataclass(frozen=True)
class Measure:
    """A measure of how well genes are predicted.

    Attributes
    ----------
    column
        Prefix of its columns in result tables.
    short, axis, title
        Its name in a sentence, on the axis of a small panel, and in full; the axes with the unit.
    higher_is_better
        Which way is better.
    low, high
        Bounds that no value passes.
    """

    column: str
    short: str
    axis: str
    title: str
    higher_is_better: bool
    low: float
    high: float


MEASURES = {
    "mae": Measure(
        "mae", "MAE", "MAE (standardised)", "Mean absolute error (standardised)", False, 0.0, float("inf")
    ),
    "pcc": Measure("pcc", "PCC", "Pearson correlation", "Pearson correlation", True, -1.0, 1.0),
    "recovered": Measure(
        "recovered", "recovered", "Share recovered", "Share of targets recovered", True, 0.0, 1.0
    ),
}


def measure_named(name: str) -> Measure:
    """Look up ``mae``, ``pcc`` or ``recovered``.

    Raises
    ------
    BadConfiguration
        When there is no such measure.
    """
    if name not in MEASURES:
        raise BadConfiguration(f"measure = {name!r}: choose one of {', '.join(MEASURES)}.")
    return MEASURES[name]
