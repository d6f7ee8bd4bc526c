"""What is reported of the contributions of many samples."""

from dataclasses import dataclass

import numpy as np

from landmark.attribution.totals import Compensated, Totals
from landmark.errors import BadData


@dataclass(frozen=True)
class Importance:
    """Contributions summarised over samples.

    Attributes
    ----------
    mean_absolute
        Mean over samples of ``|C|``, float32 [genes, units], in the units of the encoder's target.
    mean
        Mean over samples of ``C``, float32 [genes, units]; its sum over genes is the mean difference of the
        target from its value at the reference.
    by_group
        Mean of ``C`` over the samples of each group, float32 [groups, genes, units]; None if not asked for.
    samples
        Number of samples.
    worst_residual, mean_residual
        How far contributions miss the difference they should sum to: ``|sum of contributions - difference|``
        relative to the unit's largest ``|difference|`` over samples, at worst and on average over samples and
        units. The largest difference is the measure, since a sample that hardly differs from the reference
        would make its own rounding look large.
    """

    mean_absolute: np.ndarray
    mean: np.ndarray
    by_group: np.ndarray | None
    samples: int
    worst_residual: float
    mean_residual: float


def summarise(totals: Totals, genes: int, samples: int, groups: np.ndarray | None) -> Importance:
    """Turn sums over samples into means; ``genes`` of them count, the rest is padding."""
    if not samples:
        raise BadData("There is no sample to score genes on; choose at least one.")
    absolute, signed = _sum(totals.absolute)[:genes] / samples, _sum(totals.signed)[:genes] / samples
    by_group = None
    if totals.grouped is not None and groups is not None:
        sizes = np.bincount(groups[groups >= 0])
        by_group = (_sum(totals.grouped)[:, :genes] / sizes[:, None, None]).astype(np.float32)
    if not np.isfinite(absolute).all():
        raise BadData(
            "Contributions are not finite numbers: the samples, the reference or the encoder hold missing or "
            "infinite values. Remove or fill them first."
        )
    largest = np.asarray(totals.largest_difference, np.float64).max(axis=0)
    # A unit that never differs from its reference has nothing to miss.
    largest = np.where(largest == 0, np.inf, largest)
    worst = np.asarray(totals.worst_residual, np.float64).max(axis=0) / largest
    mean = _sum(totals.residual) / samples / largest
    return Importance(
        absolute.astype(np.float32),
        signed.astype(np.float32),
        by_group,
        samples,
        float(worst.max()),
        float(mean.mean()),
    )


def _sum(sums: Compensated) -> np.ndarray:
    """Add up the devices, in float64."""
    return (np.asarray(sums.total, np.float64) - np.asarray(sums.lost, np.float64)).sum(axis=0)
