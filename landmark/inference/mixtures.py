"""Sparse mixtures of samples: many lasso regressions on the same variables at once, to a gap that proves them solved.

With training samples X [training samples, genes] and a new one y [genes], weights w minimise
|y - w X|^2 / (2 genes) + alpha |w|_1; see ``sample_lasso``.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

BLOCK = 256
"""New samples at most that are solved together."""

BLOCK_VALUES = 2**24
"""Weights at most that are solved together: with many training samples a block has fewer new ones."""

CHUNK = 64
"""Samples of a block that iterate together; a block is some of them."""

EXACT = 1e-11
"""A sample is solved when its duality gap is below this share of |y|^2 / (2 n), what it costs to predict nothing."""

GOALS = tuple(10.0**-power for power in range(2, 13))
"""Gaps at which the iteration pauses, to try whether the weights that are not zero are the right ones."""

CHECK = 10
"""Iterations between two looks at the gap."""

MOST_ITERATIONS = 2000
"""Iterations at most from one goal to the next; a sample that reaches none keeps the best mixture it had."""

RELAXATION = 1.6
"""Over-relaxation of the alternating directions (Boyd et al. 2011, section 3.4.3, have 1.5 to 1.8)."""

STEP = 30.0
"""Step of the alternating directions in units of alpha: weights of standardised samples are of the order 1 / STEP."""

LEAF = 32
"""Matrices of at most this size are inverted column by column, larger ones by halves."""

FEWEST_WEIGHTS = 64
"""Weights that are solved for exactly are this number, or it doubled as often as needed: fewer programs to compile."""

POLISHED = 16
"""Samples that are solved exactly at once."""


class Start(NamedTuple):
    """Where an iteration stands: weights and their dual variables, float64 [block, training samples]."""

    weights: np.ndarray
    duals: np.ndarray


@dataclass(frozen=True)
class Mixture:
    """Weights of training samples in new ones, float32 [samples, training samples], and intercepts [samples]."""

    weights: np.ndarray
    shifts: np.ndarray
    start: Start

    def applied(self, values: np.ndarray) -> np.ndarray:
        """Mix values of the training samples, [training samples, genes] to float32 [samples, genes]."""
        return self.weights @ values + self.shifts[:, None]


class Mixer:
    """Solves for mixtures of some samples, by alternating directions (ADMM) in float64.

    In each iteration weights without the penalty have a closed form in the eigenvectors of the samples' products, which
    are computed once for all penalties; soft thresholds then make them sparse. That finds soon which weights are not
    zero and slowly how large they are, so at each of ``GOALS`` the linear equations of the weights that are not zero
    are solved. What they give is taken where its duality gap shows it to be the solution.
    """

    def __init__(self, landmarks: np.ndarray, intercept: bool) -> None:
        X = landmarks.astype(np.float64)
        self._means = X.mean(axis=1) if intercept else np.zeros(len(X))
        self._intercept = intercept
        self._X = X - self._means[:, None]
        genes = X.shape[1]
        if len(X) <= genes:
            values, vectors = np.linalg.eigh(self._X @ self._X.T / genes)
        else:  # as many eigenvalues are zero as there are more samples than genes
            values, of_genes = np.linalg.eigh(self._X.T @ self._X / genes)
            vectors = self._X @ of_genes / np.sqrt(genes * np.maximum(values, np.finfo(float).tiny))
        kept = values > 1e-12 * values[-1]
        self._values, self._vectors = values[kept], vectors[:, kept]
        self._height = max(1, min(BLOCK, BLOCK_VALUES // len(X)) // CHUNK) * CHUNK

    def blocks(self, landmarks: np.ndarray) -> Iterator[slice]:
        """Cut samples into blocks."""
        return (
            slice(first, min(first + self._height, len(landmarks)))
            for first in range(0, len(landmarks), self._height)
        )

    def solve(self, landmarks: np.ndarray, alpha: float, start: Start | None = None) -> Mixture:
        """Solve a block of samples, [samples, landmarks], perhaps from where that of another penalty ended."""
        samples, height = len(landmarks), self._height
        Y = np.zeros((height, landmarks.shape[1]))
        Y[:samples] = landmarks
        levels = Y.mean(axis=1) if self._intercept else np.zeros(height)
        Y -= levels[:, None]
        with jax.enable_x64(True):
            weights, end = self._solved(Y, alpha, start, np.arange(height) >= samples)
        shifts = (levels - weights @ self._means)[:samples].astype(np.float32)
        return Mixture(weights[:samples].astype(np.float32), shifts, end)

    def _solved(
        self, Y: np.ndarray, alpha: float, start: Start | None, solved: np.ndarray
    ) -> tuple[np.ndarray, Start]:
        """Return weights, float64 [block, training samples]; ``solved`` are rows without a sample."""
        C, costs = Y @ self._X.T / Y.shape[1], np.square(Y).mean(axis=1) / 2
        problem = _Problem(*self._on_device, *map(jnp.asarray, (C, costs, alpha)))
        weights, duals = start or Start(np.zeros_like(C), np.zeros_like(C))
        best, gaps = np.zeros_like(C), np.where(solved, 0, np.inf)
        for goal in GOALS:
            # those that are not solved come first
            order, count = np.argsort(solved, kind="stable"), int((~solved).sum())
            weights, duals, own = map(np.asarray, _advance(problem, weights, duals, order, count, goal))
            size = FEWEST_WEIGHTS
            while size < (weights[~solved] != 0).sum(axis=1).max():
                size *= 2
            exact, exact_gaps = map(
                np.asarray, _polish(problem, weights, order, count, min(size, len(self._X)))
            )
            for candidate, gap in ((weights, own), (exact, exact_gaps)):
                better = ~solved & (gap < gaps)
                best[better], gaps[better] = candidate[better], gap[better]
            solved = gaps <= EXACT
            if solved.all():
                break
        return best, Start(weights, duals)

    @cached_property
    def _on_device(self) -> tuple[jax.Array, jax.Array, jax.Array]:
        return jnp.asarray(self._X), jnp.asarray(self._vectors), jnp.asarray(self._values)


class _Problem(NamedTuple):
    """Samples of a block and what they are mixed from.

    ``X`` [training samples, genes] with the eigenvectors and eigenvalues of X X' / genes; ``C`` = Y X' / genes, [block,
    training samples]; ``costs`` |y|^2 / (2 genes), [block].
    """

    X: jax.Array
    vectors: jax.Array
    values: jax.Array
    C: jax.Array
    costs: jax.Array
    alpha: jax.Array

    def of(self, rows: jax.Array) -> "_Problem":
        """Take some of the block."""
        return self._replace(C=self.C[rows], costs=self.costs[rows])


def _gaps(problem: _Problem, weights: jax.Array) -> jax.Array:
    """Duality gaps over costs; the dual point is the residual, shrunk until no training sample correlates too much."""
    X, C, costs, alpha = problem.X, problem.C, problem.costs, problem.alpha
    of_mixture = (weights @ X) @ X.T / X.shape[1]
    explained = (C * weights).sum(axis=1)
    residual = jnp.maximum(2 * costs - 2 * explained + (weights * of_mixture).sum(axis=1), 0)
    shrink = jnp.minimum(1, alpha / jnp.abs(C - of_mixture).max(axis=1))
    primal = residual / 2 + alpha * jnp.abs(weights).sum(axis=1)
    dual = shrink * (2 * costs - explained) - shrink**2 * residual / 2
    return jnp.where(costs > 0, (primal - dual) / jnp.where(costs > 0, costs, 1), 0)


@jax.jit
def _advance(
    problem: _Problem, weights: jax.Array, duals: jax.Array, order: jax.Array, count: int, goal: float
) -> tuple[jax.Array, ...]:
    """Iterate the first ``count`` samples of an order until their gaps reach a goal; return gaps too."""

    def chunk(number: Any, state: tuple[jax.Array, ...]) -> tuple[jax.Array, ...]:
        rows = jax.lax.dynamic_slice(order, (number * CHUNK,), (CHUNK,))
        real = number * CHUNK + jnp.arange(CHUNK) < count
        weights, duals, gaps = (array[rows] for array in state)
        *found, reached = _iterated(problem.of(rows), weights, duals, real, goal)
        new = (*found, jnp.where(real, reached, gaps))
        return tuple(array.at[rows].set(values) for array, values in zip(state, new, strict=True))

    nothing = jnp.full(len(weights), jnp.inf)
    return jax.lax.fori_loop(0, -(-count // CHUNK), chunk, (weights, duals, nothing))


def _iterated(
    problem: _Problem, weights: jax.Array, duals: jax.Array, real: jax.Array, goal: float
) -> tuple[jax.Array, ...]:
    """Iterate until all gaps reach the goal; a sample that has reached it moves no more, whatever its neighbours do."""
    step = STEP * problem.alpha
    shrink = problem.values / (problem.values + step)

    def iteration(_: Any, state: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        weights, duals = state
        pull = problem.C + step * weights - duals
        free = (pull - ((pull @ problem.vectors) * shrink) @ problem.vectors.T) / step
        relaxed = RELAXATION * free + (1 - RELAXATION) * weights + duals / step
        sparse = jnp.sign(relaxed) * jnp.maximum(jnp.abs(relaxed) - problem.alpha / step, 0)
        return sparse, step * (relaxed - sparse)

    def unfinished(state: tuple[Any, ...]) -> Any:
        _, _, gaps, iterations = state
        return (gaps > goal).any() & (iterations < MOST_ITERATIONS)

    def advanced(state: tuple[Any, ...]) -> tuple[Any, ...]:
        weights, duals, gaps, iterations = state
        active = gaps > goal
        further = jax.lax.fori_loop(0, CHECK, iteration, (weights, duals))
        weights, duals = (
            jnp.where(active[:, None], new, old) for new, old in zip(further, (weights, duals), strict=True)
        )
        return weights, duals, jnp.where(active, _gaps(problem, weights), gaps), iterations + CHECK

    start: tuple[Any, ...] = (weights, duals, jnp.where(real, jnp.inf, 0), 0)
    weights, duals, gaps, _ = jax.lax.while_loop(unfinished, advanced, start)
    return weights, duals, gaps


@functools.partial(jax.jit, static_argnames="size")
def _polish(
    problem: _Problem, weights: jax.Array, order: jax.Array, count: int, size: int
) -> tuple[jax.Array, jax.Array]:
    """Solve the first ``count`` samples of an order for the weights that are not zero; return gaps too."""

    def some(number: Any, state: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        rows = jax.lax.dynamic_slice(order, (number * POLISHED,), (POLISHED,))
        own = problem.of(rows)
        exact = jax.vmap(lambda w, c: _exact(problem, size, w, c))(weights[rows], own.C)
        return state[0].at[rows].set(exact), state[1].at[rows].set(_gaps(own, exact))

    nothing = jnp.zeros_like(weights), jnp.full(len(weights), jnp.inf)
    found: tuple[jax.Array, jax.Array] = jax.lax.fori_loop(0, -(-count // POLISHED), some, nothing)
    return found


def _exact(problem: _Problem, size: int, weights: jax.Array, correlations: jax.Array) -> jax.Array:
    """Solve G w = c - alpha sign(w) over the ``size`` largest weights of one sample."""
    genes = problem.X.shape[1]
    largest, places = jax.lax.top_k(jnp.abs(weights), size)
    held, signs = largest > 0, jnp.sign(weights[places])
    own = jnp.where(held[:, None], problem.X[places], 0)
    # the ridge lets two equal training samples share their weight; refinement takes back what it changes
    inverse = _inverted(own @ own.T / genes + jnp.diag(jnp.where(held, 1e-10, 1.0)))
    right = jnp.where(held, correlations[places] - problem.alpha * signs, 0)
    found = inverse @ right
    for _ in range(2):
        found += inverse @ (right - own @ (own.T @ found) / genes)
    return jnp.zeros_like(weights).at[places].add(jnp.where(found * signs > 0, found, 0))


def _inverted(G: jax.Array) -> jax.Array:
    """Invert a positive definite matrix by halves; threads of LAPACK would get in the way of XLA's own."""
    if len(G) <= LEAF:
        swept: jax.Array = jax.lax.fori_loop(0, len(G), _pivoted, G)
        return swept
    half = len(G) // 2
    first, across = _inverted(G[:half, :half]), G[:half, half:]
    mapped = first @ across
    rest = _inverted(G[half:, half:] - across.T @ mapped)
    corner = mapped @ rest
    return jnp.block([[first + corner @ mapped.T, -corner], [-corner.T, rest]])


def _pivoted(place: Any, G: jax.Array) -> jax.Array:
    """Exchange a row and its column (Gauss and Jordan); after all of them the matrix is its inverse."""
    row, column, pivot = G[place], G[:, place], G[place, place]
    at = jnp.arange(len(G)) == place
    swept = G - jnp.outer(column, row) / pivot
    swept = jnp.where(at[:, None], row / pivot, jnp.where(at[None, :], -column[:, None] / pivot, swept))
    return jnp.where(at[:, None] & at[None, :], 1 / pivot, swept)
