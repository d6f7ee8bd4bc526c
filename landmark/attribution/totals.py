"""Running sums over samples, on every device."""

from typing import NamedTuple

import jax
import jax.numpy as jnp


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
