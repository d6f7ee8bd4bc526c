"""What drives each output of any network, summarised over many samples in blocks."""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from landmark.attribution.blocks import blocks, checked, members
from landmark.attribution.deeplift import deeplift, residual
from landmark.errors import BadData
from landmark.progress import Progress, Report, silent

BLOCK = 64
"""Samples per step and device."""

Apply = Callable[[Any, jax.Array], jax.Array]
"""Takes parameters and samples [samples, inputs]; gives outputs [samples, outputs]."""


@dataclass(frozen=True)
class Explanation:
    """Contributions C of every input to every output, summarised over samples; float64, in the units of the outputs.

    ``mean_absolute`` and ``mean``: of ``|C|`` and of ``C`` over samples, [outputs, inputs]. ``slope``: by how much an
    output rises with an input, ``sum C d / sum d^2`` with the difference ``d`` of the input from its reference,
    [outputs, inputs]: the weight, for a linear network; zero for an input that never differs. ``by_group``: mean of
    ``C`` over the samples of each group, [groups, outputs, inputs]; None if not asked for. Residuals are as in
    ``importance.Importance``.
    """

    mean_absolute: np.ndarray
    mean: np.ndarray
    slope: np.ndarray
    by_group: np.ndarray | None
    samples: int
    worst_residual: float
    mean_residual: float


def explain(
    apply: Apply,
    parameters: Any,
    samples: np.ndarray | Iterable[np.ndarray],
    reference: np.ndarray,
    *,
    groups: np.ndarray | None = None,
    block: int = BLOCK,
    mesh: Mesh | None = None,
    report: Report = silent,
) -> Explanation:
    """Summarise ``deeplift`` of a network over samples; memory does not grow with their number.

    Parameters are given apart from ``apply`` so that large ones are not built into the compiled program. Samples are
    one array [samples, inputs], read in slices, or successive arrays; ``reference`` is [inputs]; ``groups`` has the
    number of each sample's group, counted from 0, and -1 for none; ``block`` is samples per step and device; ``mesh``
    has one axis, over which samples are split.

    Raises BadData if samples, reference or groups do not fit, there is no sample or a contribution is not finite, and
    BadConfiguration if the network contains an operation that DeepLIFT has no rule for.
    """
    groups = None if groups is None else checked(groups)
    number = 0 if groups is None else int(groups.max()) + 1
    reference = np.asarray(reference, np.float32)
    split = None if mesh is None else NamedSharding(mesh, PartitionSpec(mesh.axis_names[0]))
    whole = None if mesh is None else NamedSharding(mesh, PartitionSpec())
    parameters, origin = jax.device_put((parameters, reference), whole)
    height = block * (1 if mesh is None else mesh.size)
    step = _compiled(apply, number, mesh)
    total, done, sums = getattr(samples, "shape", (0,))[0], 0, None
    for part in blocks(samples, height, reference):
        done = part.start + part.samples
        group = members(groups, part.start, done, height) if groups is not None else np.full(height, -1)
        found = step(parameters, *jax.device_put((part.rows, group), split), origin)
        for of_device in zip(*(np.asarray(array, np.float64) for array in found.values()), strict=True):
            sums = _added(sums, dict(zip(found, of_device, strict=True)))
        report(Progress("Tracing contributions", done, total, "sample"))
    if sums is None:
        raise BadData("There is no sample to explain; choose at least one.")
    return _summarised(sums, done, groups)


@functools.lru_cache(maxsize=8)
def _compiled(apply: Apply, groups: int, mesh: Mesh | None) -> Callable[..., dict[str, jax.Array]]:
    step = functools.partial(_step, apply, groups)
    if mesh is not None:
        split, whole = PartitionSpec(mesh.axis_names[0]), PartitionSpec()
        # The check of what differs between devices has no rule for the linear transposition in deeplift.
        step = jax.shard_map(
            step, mesh=mesh, in_specs=(whole, split, split, whole), out_specs=split, check_vma=False
        )
    return jax.jit(step)


def _step(
    apply: Apply, groups: int, parameters: Any, rows: jax.Array, group: jax.Array, reference: jax.Array
) -> dict[str, jax.Array]:
    """Sum up a block of one device; every sum has a leading axis of length one, of devices."""

    def network(x: jax.Array) -> jax.Array:
        return apply(parameters, x)

    contributions = deeplift(network, rows, reference)
    missed = residual(network, rows, reference, contributions)
    change = rows - reference
    # Rows equal to the reference differ by nothing, even if their products were rounded in another order.
    differs = jnp.any(change != 0, axis=1, keepdims=True)
    missed = jnp.where(differs, jnp.abs(missed), 0.0)
    sums = {
        "absolute": jnp.abs(contributions).sum(axis=0),
        "signed": contributions.sum(axis=0),
        "along": jnp.einsum("noi,ni->oi", contributions, change, precision="highest"),
        "squares": jnp.square(change).sum(axis=0),
        "grouped": jnp.einsum(
            "noi,ng->goi", contributions, jax.nn.one_hot(group, groups), precision="highest"
        ),
        "missed": missed.sum(axis=0),
        "most_missed": missed.max(axis=0),
        "largest": jnp.abs(contributions.sum(axis=-1)).max(axis=0),
    }
    return {name: array[None] for name, array in sums.items()}


def _added(sums: dict[str, np.ndarray] | None, found: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    if sums is None:
        return found
    largest = {"most_missed", "largest"}
    return {
        name: np.maximum(sums[name], term) if name in largest else sums[name] + term
        for name, term in found.items()
    }


def _summarised(sums: dict[str, np.ndarray], samples: int, groups: np.ndarray | None) -> Explanation:
    if not np.isfinite(sums["absolute"]).all():
        raise BadData(
            "Contributions are not finite numbers: the samples, the reference or the network hold missing or "
            "infinite values. Remove or fill them first."
        )
    if groups is not None and len(groups) != samples:
        raise BadData(f"There are {len(groups)} group numbers for {samples} samples; give one per sample.")
    by_group = None
    if groups is not None:
        by_group = sums["grouped"] / np.bincount(groups[groups >= 0])[:, None, None]
    # An output that never differs from its reference has nothing to miss.
    largest = np.where(sums["largest"] == 0, np.inf, sums["largest"])
    squares = np.where(sums["squares"] == 0, np.inf, sums["squares"])
    return Explanation(
        sums["absolute"] / samples,
        sums["signed"] / samples,
        sums["along"] / squares,
        by_group,
        samples,
        float((sums["most_missed"] / largest).max()),
        float((sums["missed"] / samples / largest).mean()),
    )
