"""One compiled step of importance: the contributions of a block of samples, summed and dropped.

With ``d = x - reference``, first-layer weights ``W`` and the multipliers ``T`` from the first hidden layer's input to
the units, the contribution of gene i to unit k in sample n is ``C[n,i,k] = d[n,i] sum_h W[i,h] T[n,h,k]``. For
all samples of a block that is one matrix product, ``W`` by ``[hidden, samples x units]``. It is taken for one tile of
genes at a time, small enough that contributions are summed while they are still in the processor's cache.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import jax
import jax.numpy as jnp
from jax.sharding import Mesh, PartitionSpec

from landmark.attribution.encoder import ACTIVATIONS, DenseEncoder, Target
from landmark.attribution.totals import Totals
from landmark.attribution.transform import secant

Rule = Literal["rescale", "gradient"]
"""Multiplier of an activation: its secant from the reference (DeepLIFT), or its derivative at the sample."""


@dataclass(frozen=True)
class Plan:
    """What is compiled: one program per plan."""

    activations: tuple[str, ...]
    target: Target
    rule: Rule
    tile: int


@functools.cache
def compiled(plan: Plan, mesh: Mesh | None) -> Callable[..., tuple[Totals, jax.Array]]:
    """Compile the step of a plan.

    Parameters
    ----------
    plan
        What to compile; its ``tile`` divides the number of genes.
    mesh
        Devices with one axis over which samples are split; None for one device.

    Returns
    -------
    callable
        Takes ``totals`` (given up), ``rows`` [samples, genes], ``group`` [samples] or None, ``weights``,
        ``biases`` and ``reference`` [genes]; returns the new totals and an array that is ready when they are.
    """
    step = functools.partial(_step, plan)
    if mesh is not None:
        split, whole = PartitionSpec(mesh.axis_names[0]), PartitionSpec()
        step = jax.shard_map(
            step, mesh=mesh, in_specs=(split, split, split, whole, whole, whole), out_specs=(split, split)
        )
    return jax.jit(step, donate_argnums=0)


def _step(
    plan: Plan,
    totals: Totals,
    rows: jax.Array,
    group: jax.Array | None,
    weights: tuple[jax.Array, ...],
    biases: tuple[jax.Array, ...],
    reference: jax.Array,
) -> tuple[Totals, jax.Array]:
    with jax.default_matmul_precision("highest"):
        totals = jax.tree.map(lambda array: array[0], totals)
        encoder = DenseEncoder(weights, biases, plan.activations)
        # The reference goes through the encoder as one more row: alone it would cost reading all weights again.
        both = encoder.preactivations(jnp.concatenate([rows, reference[None]]))
        z, z0 = [layer[:-1] for layer in both], [layer[-1:] for layer in both]
        multipliers = _multipliers(encoder, plan, z, z0)
        membership = None
        if group is not None and totals.grouped is not None:
            membership = jax.nn.one_hot(group, totals.grouped.total.shape[0])
        change = rows - reference
        sums = _contract(weights[0], multipliers, change, membership, plan.tile)
        last = ACTIVATIONS[plan.activations[-1]] if plan.target == "post" else (lambda z: z)
        # Rows equal to the reference differ by nothing, even if their products were rounded in another order.
        differs = jnp.any(change != 0, axis=1, keepdims=True)
        difference = jnp.where(differs, last(z[-1]) - last(z0[-1]), 0.0)
    residual = jnp.abs(sums.attributed - difference)
    new = Totals(
        absolute=totals.absolute.add(sums.absolute),
        signed=totals.signed.add(sums.signed),
        grouped=None if totals.grouped is None or sums.grouped is None else totals.grouped.add(sums.grouped),
        residual=totals.residual.add(residual.sum(axis=0)),
        worst_residual=jnp.maximum(totals.worst_residual, residual.max(axis=0)),
        largest_difference=jnp.maximum(totals.largest_difference, jnp.abs(difference).max(axis=0)),
    )
    return jax.tree.map(lambda array: array[None], new), residual.sum()[None]


def _multipliers(encoder: DenseEncoder, plan: Plan, z: list[jax.Array], z0: list[jax.Array]) -> jax.Array:
    """Multipliers from the first layer's pre-activations to the target, [samples, hidden, units]."""
    slopes = []
    for name, at, origin in zip(plan.activations, z, z0, strict=True):
        other = at if plan.rule == "gradient" else jnp.broadcast_to(origin, at.shape)
        slopes.append(secant(ACTIVATIONS[name], at, other))
    samples = len(z[0])
    found = slopes[-1] if plan.target == "post" else jnp.ones_like(slopes[-1])
    if len(slopes) == 1:
        return found[:, :, None] * jnp.eye(encoder.units)
    tail = jnp.asarray(encoder.weights[-1]) * found[:, None, :]
    for weight, slope in zip(encoder.weights[-2:0:-1], slopes[-2:0:-1], strict=True):
        tail = jnp.asarray(weight) @ (slope[:, :, None] * tail)
    return jnp.broadcast_to(slopes[0][:, :, None] * tail, (samples, *tail.shape[1:]))


class _Sums(NamedTuple):
    """Sums of a block's contributions; see ``Totals``. ``attributed``: over genes, [samples, units]."""

    absolute: jax.Array
    signed: jax.Array
    grouped: jax.Array | None
    attributed: jax.Array


def _contract(
    weight: jax.Array, multipliers: jax.Array, change: jax.Array, membership: jax.Array | None, tile: int
) -> _Sums:
    """Form contributions tile by tile of genes, and sum them.

    Parameters
    ----------
    weight, multipliers, change
        First-layer weights [genes, hidden], multipliers [samples, hidden, units], ``x - reference``
        [samples, genes].
    membership
        One where a sample belongs to a group, else zero, [samples, groups].
    """
    samples, hidden, units = multipliers.shape
    genes = weight.shape[0]
    factor = multipliers.transpose(1, 0, 2).reshape(hidden, samples * units)

    def one_tile(inputs: tuple[jax.Array, jax.Array]) -> _Sums:
        weight, change = inputs
        contributions = (weight @ factor).reshape(tile, samples, units) * change[:, :, None]
        absolute, signed = _absolute_and_signed(contributions)
        return _Sums(
            absolute,
            signed,
            None if membership is None else jnp.einsum("isk,sg->gik", contributions, membership),
            contributions.sum(axis=0),
        )

    tiles = weight.reshape(-1, tile, hidden), change.T.reshape(-1, tile, samples)
    absolute, signed, grouped, attributed = jax.lax.map(one_tile, tiles)
    return _Sums(
        absolute.reshape(genes, units),
        signed.reshape(genes, units),
        None if grouped is None else grouped.swapaxes(0, 1).reshape(-1, genes, units),
        attributed.sum(axis=0),
    )


def _absolute_and_signed(contributions: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Sums of ``|C|`` and of ``C`` over samples, [genes, samples, units] to [genes, units], in one pass over them."""
    zero = jnp.zeros((), contributions.dtype)
    absolute, signed = jax.lax.reduce(
        (jnp.abs(contributions), contributions),
        (zero, zero),
        lambda sums, terms: (sums[0] + terms[0], sums[1] + terms[1]),
        dimensions=(1,),
    )
    return absolute, signed
