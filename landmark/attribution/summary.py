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
    worst_residual
        How far contributions miss the difference they should sum to, at worst: for each unit the largest
        ``|sum of contributions - difference|`` of a sample over the largest ``|difference|`` of a sample; then
        the largest of these over units. Relative to the largest difference, since a sample that hardly
        differs from the reference would make any rounding look large.
    mean_residual
        The same with means over samples in place of the largest, then averaged over units.
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
    worst = _share(
        np.asarray(totals.worst_residual).max(axis=0), np.asarray(totals.largest_difference).max(axis=0)
    )
    mean = _share(_sum(totals.residual), _sum(totals.difference))
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


def _share(residual: np.ndarray, difference: np.ndarray) -> np.ndarray:
    """Residual per difference; a unit that never differs has nothing to miss."""
    return np.divide(residual, difference, out=np.zeros(residual.shape), where=difference > 0)
