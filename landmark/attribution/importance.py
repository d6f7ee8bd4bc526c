"""Importance of every gene for every unit of a dense encoder, all units at once, over any number of samples."""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from landmark.attribution.blocks import blocks, checked, members
from landmark.attribution.deeplift import secant
from landmark.attribution.encoder import ACTIVATIONS, DenseEncoder, Target
from landmark.attribution.summary import Importance, Totals, summarise
from landmark.errors import BadConfiguration, BadData
from landmark.progress import Progress, Report, silent

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


BLOCK = 32
"""Samples per step and device."""

_TILE_VALUES = 1 << 21
"""Contributions in work at a time: 8 MB, so that they stay in a processor's cache."""

_SMALLEST_TILE = 64
"""Genes in work at a time, at least: a matrix product with fewer rows is slow."""


def importance(
    encoder: DenseEncoder,
    samples: np.ndarray | Iterable[np.ndarray],
    reference: np.ndarray,
    *,
    target: Target = "pre",
    groups: np.ndarray | None = None,
    block: int = BLOCK,
    mesh: Mesh | None = None,
    report: Report = silent,
) -> Importance:
    """DeepLIFT contributions (rescale rule) of all genes to all units, averaged over samples.

    Equal to averaging ``deeplift(encoder.apply, samples, reference)``, but memory does not grow with the number of
    samples: a block of samples is in work at a time.

    Parameters
    ----------
    encoder
        The network from genes to units.
    samples
        Profiles [samples, genes], scaled as the encoder expects: one array (read in slices) or successive
        arrays, for instance from a generator.
    reference
        Profile that contributions are measured from, [genes].
    target
        Attribute to the last layer before (``pre``) or after (``post``) its activation.
    groups
        Number of each sample's group, [samples], counted from 0, and -1 for samples of no group. Asks for
        ``by_group``; memory and time grow with the number of groups.
    block
        Samples per step and device.
    mesh
        Devices, with one axis over which samples are split; the sums of all devices are added up at the end.
    report
        Called after every block.

    Raises
    ------
    BadData
        Samples, reference or groups do not fit the encoder, there is no sample, or a result is not finite.
    BadConfiguration
        ``block`` or ``mesh`` cannot be used.
    """
    return _accumulate(encoder, samples, reference, target, groups, block, mesh, report, "rescale")


def gradient_times_input(
    encoder: DenseEncoder,
    samples: np.ndarray | Iterable[np.ndarray],
    reference: np.ndarray,
    *,
    target: Target = "pre",
    groups: np.ndarray | None = None,
    block: int = BLOCK,
    mesh: Mesh | None = None,
    report: Report = silent,
) -> Importance:
    """Gradient at the sample times its difference from the reference, to compare DeepLIFT with.

    Parameters and result are those of ``importance``; with a reference of zeros it is the plain gradient times
    input. It does not sum to the difference of the output: its residuals say how far it misses.
    """
    return _accumulate(encoder, samples, reference, target, groups, block, mesh, report, "gradient")


def _accumulate(
    encoder: DenseEncoder,
    samples: np.ndarray | Iterable[np.ndarray],
    reference: np.ndarray,
    target: Target,
    groups: np.ndarray | None,
    block: int,
    mesh: Mesh | None,
    report: Report,
    rule: Rule,
) -> Importance:
    reference = np.asarray(reference, np.float32)
    _check(encoder, reference, target, block, mesh)
    groups = None if groups is None else checked(groups)
    tile = _tile(encoder.genes, block * encoder.units)
    padding = -encoder.genes % tile
    devices = 1 if mesh is None else mesh.size
    step = compiled(Plan(encoder.activations, target, rule, tile), mesh)

    split = None if mesh is None else NamedSharding(mesh, PartitionSpec(mesh.axis_names[0]))
    whole = None if mesh is None else NamedSharding(mesh, PartitionSpec())
    first, *others = (np.asarray(weight, np.float32) for weight in encoder.weights)
    network = (
        (np.pad(first, ((0, padding), (0, 0))), *others),
        tuple(np.asarray(bias, np.float32) for bias in encoder.biases),
        np.pad(reference, (0, padding)),
    )
    weights, biases, origin = jax.device_put(network, whole)
    number = 0 if groups is None else int(groups.max()) + 1
    totals = jax.device_put(Totals.zeros(devices, encoder.genes + padding, encoder.units, number), split)

    total = getattr(samples, "shape", (0,))[0]
    done = 0
    running: jax.Array | None = None
    for part in blocks(samples, block * devices, reference):
        done = part.start + part.samples
        rows = jax.device_put(np.pad(part.rows, ((0, 0), (0, padding))), split)
        group = None
        if groups is not None:
            group = jax.device_put(members(groups, part.start, done, block * devices), split)
        previous, (totals, running) = running, step(totals, rows, group, weights, biases, origin)
        # One block is prepared while another runs, and no more: else all samples would pile up in memory.
        if previous is not None:
            previous.block_until_ready()
        report(Progress("Scoring genes", done, total, "sample"))
    if groups is not None and len(groups) != done:
        raise BadData(f"There are {len(groups)} group numbers for {done} samples; give one per sample.")
    return summarise(totals, encoder.genes, done, groups)


def _tile(genes: int, values: int) -> int:
    """Genes per tile, of ``values`` contributions each: tiles of one size, with little padding."""
    largest = max(_TILE_VALUES // values, _SMALLEST_TILE)
    return -(-genes // -(-genes // largest))


def _check(encoder: DenseEncoder, reference: np.ndarray, target: str, block: int, mesh: Mesh | None) -> None:
    if reference.shape != (encoder.genes,):
        raise BadData(f"The reference has shape {reference.shape}; the encoder takes {encoder.genes} genes.")
    if target not in ("pre", "post"):
        raise BadConfiguration(f"target = {target!r}: choose 'pre' or 'post'.")
    if block < 1:
        raise BadConfiguration(f"block = {block}: a step needs at least one sample.")
    if mesh is not None and len(mesh.axis_names) != 1:
        raise BadConfiguration(f"The mesh has the axes {mesh.axis_names}; give one axis, over samples.")
