"""Weighted sums over a fixed number of neighbours per gene, fast and in bounded memory on processors too."""

import functools
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from landmark.progress import Progress, Report, silent

UNROLLED = 10
"""Neighbours that one pass over the genes adds up: fewer passes write the sums less often."""

SLOTS = 32
"""Length of the lists in ``Readers``: long ones are cut, so that filling up costs little."""

GATHERED = 1 << 20
"""Values, about, that are gathered at once for the gradient of the weights: few enough for a processor's cache."""


class Readers(NamedTuple):
    """The edges once more, by the gene that is read: what the gradient of the values goes along.

    Every gene has one or more rows, each of up to ``SLOTS`` of the edges that read it. How many rows there are follows
    from the numbers of genes and neighbours alone, so that what was compiled for one graph serves every other of its
    size: rows that the graph does not need are empty, belong to no gene, and stand last.

    Attributes
    ----------
    edge
        Number of the edge, ``neighbour * genes + reader``, int32 [slots, rows]; -1 where the row is filled up.
    gene
        The gene that the edges of a row read, rising, int32 [rows]; the number of genes for an empty row.
    """

    edge: jax.Array | np.ndarray
    gene: jax.Array | np.ndarray


class Edges(NamedTuple):
    """The genes that each gene reads, int32 [neighbours, genes], and the same edges the other way round.

    The second are None where no gradient is wanted.
    """

    neighbours: jax.Array | np.ndarray
    readers: Readers | None = None


def readers_of(neighbours: np.ndarray) -> Readers:
    """List the edges by the gene that is read, neighbours as in ``Edges``."""
    count, genes = neighbours.shape
    order = np.argsort(neighbours, axis=None, kind="stable").astype(np.int32)
    read = np.bincount(neighbours.ravel(), minlength=genes)
    rows = -(-read // SLOTS)
    # As many as there can be: ``ceil(read / SLOTS)``, summed over the genes, is this at most.
    gene = np.full((neighbours.size + (SLOTS - 1) * genes) // SLOTS, genes, np.int32)
    gene[: rows.sum()] = np.repeat(np.arange(genes, dtype=np.int32), rows)
    place = np.arange(count * genes) - np.repeat(np.cumsum(read) - read, read)
    row = np.repeat(np.cumsum(rows) - rows, read) + place // SLOTS
    edge = np.full((SLOTS, len(gene)), -1, np.int32)
    edge[place % SLOTS, row] = order
    return Readers(edge, gene)


def neighbour_sums(weights: jax.Array, values: jax.Array, edges: Edges) -> jax.Array:
    """Add up the values [genes, width] of every gene's neighbours, with one weight per edge [neighbours, genes].

    Returns ``sum_k weights[k, g] values[neighbours[k, g]]`` for every gene g, [genes, width]. Gradients need the edges
    the other way round.
    """
    return _sums(*jax.tree.map(jnp.asarray, (weights, values, edges)))


@jax.custom_vjp
def _sums(weights: jax.Array, values: jax.Array, edges: Edges) -> jax.Array:
    def add(neighbour: jax.Array | int, sums: jax.Array) -> jax.Array:
        return sums + weights[neighbour][:, None] * _rows(values, edges.neighbours[neighbour])

    return _repeated(add, len(weights), jnp.zeros_like(values))


def unrolled_neighbour_sums(weights: jax.Array, values: jax.Array, edges: Edges) -> jax.Array:
    """Compute ``neighbour_sums`` without a loop, from plain operations only, as explanations need them."""
    values = jnp.asarray(values)
    terms = (
        weight[:, None] * _rows(values, read) for weight, read in zip(weights, edges.neighbours, strict=True)
    )
    return functools.reduce(jnp.add, terms)


def _forwards(
    weights: jax.Array, values: jax.Array, edges: Edges
) -> tuple[jax.Array, tuple[jax.Array, jax.Array, Edges]]:
    return _sums(weights, values, edges), (weights, values, edges)


def _backwards(
    kept: tuple[jax.Array, jax.Array, Edges], gradient: jax.Array
) -> tuple[jax.Array, jax.Array, None]:
    weights, values, edges = kept
    if edges.readers is None:
        raise ValueError("gradients need the readers of the edges")
    return (
        _gradient_of_weights(values, jnp.asarray(edges.neighbours), gradient),
        _gradient_of_values(weights, edges.readers, gradient),
        None,
    )


_sums.defvjp(_forwards, _backwards)


def _gradient_of_values(weights: jax.Array, readers: Readers, gradient: jax.Array) -> jax.Array:
    """Collect, for every gene, the gradients of those that read it: again a sum over rows, without a scatter."""
    genes = len(gradient)
    edge = jnp.maximum(readers.edge, 0)
    weight = jnp.where(readers.edge >= 0, _rows(weights.ravel(), edge), 0.0)
    reader = edge % genes

    def add(slot: jax.Array | int, sums: jax.Array) -> jax.Array:
        return sums + weight[slot][:, None] * _rows(gradient, reader[slot])

    rows = _repeated(add, len(weight), jnp.zeros((len(readers.gene), gradient.shape[1]), gradient.dtype))
    # Empty rows have a number beyond the last gene, and are left out.
    return jax.ops.segment_sum(rows, readers.gene, genes, indices_are_sorted=True)


def _gradient_of_weights(values: jax.Array, neighbours: jax.Array, gradient: jax.Array) -> jax.Array:
    """Multiply each gene's gradient with the values it read, some genes at a time, [neighbours, genes]."""
    (count, genes), width = neighbours.shape, values.shape[1]
    at_once = max(1, min(GATHERED // (count * width), genes))
    missing = -genes % at_once
    read = jnp.pad(neighbours.T, ((0, missing), (0, 0))).reshape(-1, at_once * count)
    gradient = jnp.pad(gradient, ((0, missing), (0, 0))).reshape(-1, at_once, 1, width)
    ones = jnp.ones((width, 1), values.dtype)

    def multiply(part: tuple[jax.Array, jax.Array]) -> jax.Array:
        read, gradient = part
        products = _rows(values, read).reshape(at_once, count, width) * gradient
        # As a matrix product, for XLA's plain sum along a row adds one value after the other.
        return jnp.matmul(products.reshape(-1, width), ones, precision="highest")

    return jax.lax.map(multiply, (read, gradient)).reshape(-1, count)[:genes].T


def _repeated(
    add: Callable[[jax.Array | int, jax.Array], jax.Array], times: int, sums: jax.Array
) -> jax.Array:
    """Call ``add(0..times - 1)``, some at a time."""

    def several(turn: jax.Array, sums: jax.Array) -> jax.Array:
        for number in range(UNROLLED):
            sums = add(turn * UNROLLED + number, sums)
        return sums

    turns = times // UNROLLED
    sums = jax.lax.fori_loop(0, turns, several, sums)
    for number in range(turns * UNROLLED, times):
        sums = add(number, sums)
    return sums


def _rows(array: jax.Array, rows: jax.Array) -> jax.Array:
    return array.at[rows].get(mode="promise_in_bounds")


BLOCK = 512
"""Genes whose similarities to all others are held at once."""


def similar_genes(X: np.ndarray, most: int, least: int, report: Report = silent) -> np.ndarray:
    """Find the ``most`` and ``least`` similar genes of each gene of training samples [samples, genes].

    Similarity is the cosine; of standardised genes that is the correlation. A gene counts as the most similar to
    itself, as in the public code of Kim et al. 2025. Returns int32 [most + least, genes], none twice for a gene, the
    first the gene itself; all genes where there are not more.
    """
    genes = X.shape[1]
    most, least = (most, least) if most + least < genes else (genes, 0)
    unit = X.T / np.maximum(np.linalg.norm(X, axis=0), np.finfo(np.float32).tiny)[:, None]
    found = np.empty((most + least, genes), np.int32)
    bounds = sorted({max(least - 1, 0), genes - most})
    for start in range(0, genes, BLOCK):
        report(Progress("Finding similar genes", start, genes, "gene"))
        own = np.arange(start, min(start + BLOCK, genes))
        similarity = unit[own] @ unit.T
        similarity[own - start, own] = np.inf
        order = np.argpartition(similarity, bounds, axis=1)
        chosen = np.sort(np.concatenate([order[:, genes - most :], order[:, :least]], axis=1), axis=1)
        others = chosen[chosen != own[:, None]].reshape(len(own), -1)
        found[0, own], found[1:, own] = own, others.T
    return found
