"""Importance of every gene for every unit of a dense encoder, all units at once, over any number of samples."""

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from jax.typing import ArrayLike

from landmark.attribution.blocks import blocks, checked, members
from landmark.attribution.deeplift import secant
from landmark.errors import BadConfiguration, BadData
from landmark.progress import Progress, Report, silent
from landmark.training.data import Samples

Target = Literal["pre", "post"]
"""What is attributed to: the last layer before (``pre``) or after (``post``) its activation."""


ACTIVATIONS: dict[str, Callable[[jax.Array], jax.Array]] = {
    "elu": jax.nn.elu,
    "gelu": jax.nn.gelu,
    "leaky_relu": jax.nn.leaky_relu,
    "linear": lambda z: z,
    "relu": jax.nn.relu,
    "selu": jax.nn.selu,
    "sigmoid": jax.nn.sigmoid,
    "silu": jax.nn.silu,
    "softplus": jax.nn.softplus,
    "tanh": jnp.tanh,
}
"""Activations of dense encoders, by name."""


@dataclass(frozen=True)
class DenseEncoder:
    """Layers ``activation(x @ weights + biases)`` from genes to the units of the bottleneck.

    Weights are one matrix [inputs, outputs] per layer, the first from genes, biases one vector [outputs] per layer,
    and activations names of ``ACTIVATIONS``. Raises BadConfiguration where layers do not fit together or an activation
    is unknown.
    """

    weights: tuple[ArrayLike, ...]
    biases: tuple[ArrayLike, ...]
    activations: tuple[str, ...]

    @classmethod
    def of(cls, layers: Iterable[tuple[ArrayLike, ArrayLike]], activation: str = "sigmoid") -> Self:
        """Make an encoder of the weights and biases of its layers, all of one activation."""
        weights, biases = zip(*layers, strict=True)
        return cls(weights, biases, (activation,) * len(weights))

    def __post_init__(self) -> None:
        layers = len(self.weights)
        if not layers or len(self.biases) != layers or len(self.activations) != layers:
            raise BadConfiguration(
                f"The encoder has {layers} weight matrices, {len(self.biases)} biases and "
                f"{len(self.activations)} activations; it needs one of each per layer."
            )
        for number, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True), start=1):
            shape, before = np.shape(weight), np.shape(self.weights[max(number - 2, 0)])
            if len(shape) != 2 or np.shape(bias) != shape[1:] or (number > 1 and before[1] != shape[0]):
                raise BadConfiguration(
                    f"Layer {number} of the encoder has weights {shape} and biases {np.shape(bias)}, which do "
                    f"not fit together or do not follow a layer with weights {before}."
                )
        unknown = sorted(set(self.activations) - set(ACTIVATIONS))
        if unknown:
            raise BadConfiguration(
                f"The activation {unknown[0]!r} is not known; choose among {', '.join(ACTIVATIONS)}."
            )

    @property
    def genes(self) -> int:
        """Number of inputs."""
        return int(np.shape(self.weights[0])[0])

    @property
    def units(self) -> int:
        """Number of outputs."""
        return int(np.shape(self.weights[-1])[1])

    def preactivations(self, x: jax.Array) -> list[jax.Array]:
        """Input of every layer's activation, each [samples, outputs]."""
        found = []
        for weight, bias, name in zip(self.weights, self.biases, self.activations, strict=True):
            z = x @ jnp.asarray(weight) + jnp.asarray(bias)
            found.append(z)
            x = ACTIVATIONS[name](z)
        return found

    def apply(self, x: jax.Array, target: Target = "pre") -> jax.Array:
        """Outputs for profiles, [samples, genes] to [samples, units]."""
        z = self.preactivations(x)[-1]
        return ACTIVATIONS[self.activations[-1]](z) if target == "post" else z


class _Compensated(NamedTuple):
    """A running sum and the low digits that float32 dropped from it (Kahan), so that 100,000 samples add up."""

    total: jax.Array
    lost: jax.Array

    @classmethod
    def zeros(cls, shape: tuple[int, ...]) -> "_Compensated":
        """Start at zero."""
        return cls(jnp.zeros(shape), jnp.zeros(shape))

    def add(self, term: jax.Array) -> "_Compensated":
        """Add a term."""
        term = term - self.lost
        total = self.total + term
        return _Compensated(total, (total - self.total) - term)


class _Totals(NamedTuple):
    """Sums over samples; every array has a leading axis of devices.

    ``absolute``, ``signed``: of ``|C|`` and ``C``, [devices, genes, units]; ``grouped``: of ``C`` per group,
    [devices, groups, genes, units], or None; ``residual``, ``worst_residual``: sum and largest of ``|sum_i C
    - difference of the output|``, and ``largest_difference`` of the output, [devices, units].
    """

    absolute: _Compensated
    signed: _Compensated
    grouped: _Compensated | None
    residual: _Compensated
    worst_residual: jax.Array
    largest_difference: jax.Array

    @classmethod
    def zeros(cls, devices: int, genes: int, units: int, groups: int) -> "_Totals":
        """Start at zero; ``groups`` is 0 where none were asked for."""
        return cls(
            absolute=_Compensated.zeros((devices, genes, units)),
            signed=_Compensated.zeros((devices, genes, units)),
            grouped=_Compensated.zeros((devices, groups, genes, units)) if groups else None,
            residual=_Compensated.zeros((devices, units)),
            worst_residual=jnp.zeros((devices, units)),
            largest_difference=jnp.zeros((devices, units)),
        )


@dataclass(frozen=True)
class Importance:
    """Contributions C summarised over samples; float32, in the units of the encoder's target.

    ``mean_absolute`` and ``mean``: of ``|C|`` and of ``C`` over samples, [genes, units]; the mean's sum over genes is
    the mean difference of the target from its value at the reference. ``by_group``: mean of ``C`` over the samples of
    each group, [groups, genes, units]; None if not asked for.

    ``worst_residual``, ``mean_residual``: ``|sum of contributions - difference|`` relative to the unit's largest
    ``|difference|`` over samples, at worst and on average over samples and units. The largest difference is the
    measure, since a sample that hardly differs from the reference would make its own rounding look large.
    """

    mean_absolute: np.ndarray
    mean: np.ndarray
    by_group: np.ndarray | None
    samples: int
    worst_residual: float
    mean_residual: float


def _summarise(totals: _Totals, genes: int, samples: int, groups: np.ndarray | None) -> Importance:
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


def _sum(sums: _Compensated) -> np.ndarray:
    """Add up the devices, in float64."""
    return (np.asarray(sums.total, np.float64) - np.asarray(sums.lost, np.float64)).sum(axis=0)


def combined(parts: Sequence[Importance]) -> Importance:
    """Return the importance over all samples of several disjoint groups, means weighted by numbers of samples.

    The worst residual is the largest of the parts'; for contributions by group see ``combined_groups``.
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

    Each part has ``by_group`` for the groups that it has, in the order of their numbers; ``groups`` has the number of
    each sample's group by part, counted from 0 over all parts, -1 for no group. Returns float32 [groups, genes,
    units].
    """
    sizes = np.array([np.bincount(of[of >= 0], minlength=max(map(np.max, groups)) + 1) for of in groups])
    weights = (sizes / sizes.sum(axis=0)).astype(np.float32)
    total = np.zeros((sizes.shape[1], *parts[0].mean.shape), np.float32)
    for part, present, weight in zip(parts, sizes > 0, weights, strict=True):
        if part.by_group is not None:
            total[present] += weight[present, None, None] * part.by_group
    return total


Rule = Literal["rescale", "gradient"]
"""Multiplier of an activation: its secant from the reference (DeepLIFT), or its derivative at the sample."""


@dataclass(frozen=True)
class _Plan:
    """What is compiled: one program per plan."""

    activations: tuple[str, ...]
    target: Target
    rule: Rule
    tile: int


@functools.cache
def compiled(plan: _Plan, mesh: Mesh | None) -> Callable[..., tuple[_Totals, jax.Array]]:
    """Compile the step of a plan, whose ``tile`` divides the number of genes, on one device or a mesh of one axis.

    It takes ``totals`` (given up), ``rows`` [samples, genes], ``group`` [samples] or None, ``weights``, ``biases`` and
    ``reference`` [genes]; it returns the new totals and an array that is ready when they are.
    """
    step = functools.partial(_step, plan)
    if mesh is not None:
        split, whole = PartitionSpec(mesh.axis_names[0]), PartitionSpec()
        step = jax.shard_map(
            step, mesh=mesh, in_specs=(split, split, split, whole, whole, whole), out_specs=(split, split)
        )
    return jax.jit(step, donate_argnums=0)


def _step(
    plan: _Plan,
    totals: _Totals,
    rows: jax.Array,
    group: jax.Array | None,
    weights: tuple[jax.Array, ...],
    biases: tuple[jax.Array, ...],
    reference: jax.Array,
) -> tuple[_Totals, jax.Array]:
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
    new = _Totals(
        absolute=totals.absolute.add(sums.absolute),
        signed=totals.signed.add(sums.signed),
        grouped=None if totals.grouped is None or sums.grouped is None else totals.grouped.add(sums.grouped),
        residual=totals.residual.add(residual.sum(axis=0)),
        worst_residual=jnp.maximum(totals.worst_residual, residual.max(axis=0)),
        largest_difference=jnp.maximum(totals.largest_difference, jnp.abs(difference).max(axis=0)),
    )
    return jax.tree.map(lambda array: array[None], new), residual.sum()[None]


def _multipliers(encoder: DenseEncoder, plan: _Plan, z: list[jax.Array], z0: list[jax.Array]) -> jax.Array:
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
    """Sums of a block's contributions; see ``_Totals``. ``attributed``: over genes, [samples, units]."""

    absolute: jax.Array
    signed: jax.Array
    grouped: jax.Array | None
    attributed: jax.Array


def _contract(
    weight: jax.Array, multipliers: jax.Array, change: jax.Array, membership: jax.Array | None, tile: int
) -> _Sums:
    """Form contributions tile by tile of genes, and sum them.

    From the first layer's weights [genes, hidden], multipliers [samples, hidden, units], ``x - reference`` [samples,
    genes], and membership of groups [samples, groups].
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
    samples: Samples | Iterable[np.ndarray],
    reference: np.ndarray,
    *,
    target: Target = "pre",
    groups: np.ndarray | None = None,
    block: int = BLOCK,
    mesh: Mesh | None = None,
    rule: Rule = "rescale",
    report: Report = silent,
) -> Importance:
    """DeepLIFT contributions (rescale rule) of all genes to all units, averaged over samples.

    Equal to averaging ``deeplift(encoder.apply, samples, reference)``, but memory does not grow with the number of
    samples. These are scaled as the encoder expects: one array [samples, genes], read in slices, or successive arrays.
    ``reference`` is [genes]; ``target`` the last layer before or after its activation; ``groups`` the number of each
    sample's group, counted from 0, and -1 for none, which asks for ``by_group``; ``block`` samples per step and
    device; ``mesh`` has one axis, over which samples are split. The rule ``gradient`` gives the gradient at the sample
    times its difference from the reference, to compare with: its residuals say how far it misses the output.

    Raises BadData if samples, reference or groups do not fit the encoder, there is no sample or a result is not
    finite, and BadConfiguration if ``block``, ``target`` or ``mesh`` cannot be used.
    """
    reference = np.asarray(reference, np.float32)
    _check(encoder, reference, target, block, mesh)
    groups = None if groups is None else checked(groups)
    tile = _tile(encoder.genes, block * encoder.units)
    padding = -encoder.genes % tile
    devices = 1 if mesh is None else mesh.size
    step = compiled(_Plan(encoder.activations, target, rule, tile), mesh)

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
    totals = jax.device_put(_Totals.zeros(devices, encoder.genes + padding, encoder.units, number), split)

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
    return _summarise(totals, encoder.genes, done, groups)


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
