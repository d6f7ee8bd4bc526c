"""Mean contributions of the genes: from running sums over samples to one importance per gene and unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from landmark.errors import BadData


class Compensated(NamedTuple):
    """A running sum and the low digits that float32 dropped from it (Kahan), so that 100,000 samples add up."""

    total: jax.Array
    lost: jax.Array

    @classmethod
    def zeros(cls, shape: tuple[int, ...]) -> "Compensated":
        """Start at zero."""
        return cls(jnp.zeros(shape), jnp.zeros(shape))

    def add(self, term: jax.Array) -> "Compensated":
        """Add a term."""
        term = term - self.lost
        total = self.total + term
        return Compensated(total, (total - self.total) - term)


class Totals(NamedTuple):
    """Sums over samples; every array has a leading axis of devices.

    Attributes
    ----------
    absolute, signed
        Sums of ``|C|`` and of ``C``, [devices, genes, units].
    grouped
        Sums of ``C`` per group, [devices, groups, genes, units]; None where no groups were asked for.
    residual, worst_residual
        Sum and largest of ``|sum_i C - difference of the output|``, [devices, units].
    largest_difference
        Largest ``|difference of the output|``, [devices, units].
    """

    absolute: Compensated
    signed: Compensated
    grouped: Compensated | None
    residual: Compensated
    worst_residual: jax.Array
    largest_difference: jax.Array

    @classmethod
    def zeros(cls, devices: int, genes: int, units: int, groups: int) -> "Totals":
        """Start at zero; ``groups`` is 0 where none were asked for."""
        return cls(
            absolute=Compensated.zeros((devices, genes, units)),
            signed=Compensated.zeros((devices, genes, units)),
            grouped=Compensated.zeros((devices, groups, genes, units)) if groups else None,
            residual=Compensated.zeros((devices, units)),
            worst_residual=jnp.zeros((devices, units)),
            largest_difference=jnp.zeros((devices, units)),
        )


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


def combined(parts: Sequence[Importance]) -> Importance:
    """Return the importance over all samples of several disjoint groups.

    Means are weighted by the number of samples. The worst residual is the largest of the parts'; for
    contributions by group of samples see ``combined_groups``.
    """
    samples = np.array([part.samples for part in parts])
    weights = samples / samples.sum()

    def mean(values: Sequence[np.ndarray]) -> np.ndarray:
        return np.tensordot(weights, np.stack(values), axes=1).astype(np.float32)

    return Importance(
        mean([part.mean_absolute for part in parts]),
        mean([part.mean for part in parts]),
        None,
        int(samples.sum()),
        max(part.worst_residual for part in parts),
        float(weights @ [part.mean_residual for part in parts]),
    )


def combined_groups(parts: Sequence[Importance], groups: Sequence[np.ndarray]) -> np.ndarray:
    """Return the mean contribution over the samples of each group, from several disjoint parts of the samples.

    Parameters
    ----------
    parts
        Importance of each part, with ``by_group`` for the groups that the part has, in the order of their numbers.
    groups
        Number of each sample's group by part, [samples], counted from 0 over all parts; -1 for no group. A part
        may lack some groups.

    Returns
    -------
    numpy.ndarray
        Mean of ``C``, float32 [groups, genes, units].
    """
    sizes = np.array([np.bincount(of[of >= 0], minlength=max(map(np.max, groups)) + 1) for of in groups])
    weights = (sizes / sizes.sum(axis=0)).astype(np.float32)
    total = np.zeros((sizes.shape[1], *parts[0].mean.shape), np.float32)
    for part, present, weight in zip(parts, sizes > 0, weights, strict=True):
        if part.by_group is not None:
            total[present] += weight[present, None, None] * part.by_group
    return total
