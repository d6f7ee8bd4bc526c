"""Importance of every gene for every unit of a dense encoder, all units at once, over any number of samples."""

from collections.abc import Iterable

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from landmark.attribution.accumulate import Plan, Rule, compiled
from landmark.attribution.blocks import blocks
from landmark.attribution.encoder import DenseEncoder, Target
from landmark.attribution.groups import checked, members
from landmark.attribution.summary import Importance, summarise
from landmark.attribution.totals import Totals
from landmark.errors import BadConfiguration, BadData
from landmark.progress import Progress, Report, silent

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
