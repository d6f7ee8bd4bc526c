"""Sparse mixtures of samples: lasso regressions of many samples on the same training samples, solved exactly.

With training samples X [training samples, genes] and a new one y [genes], weights w minimise
|y - w X|^2 / (2 genes) + alpha |w|_1; see ``sample_lasso``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from landmark.decompositions import one_thread

BLOCK = 256
"""New samples at most that are solved together."""

BLOCK_VALUES = 2**22
"""Weights at most that are solved together: with many training samples a block has fewer new ones."""

ITERATIONS = 30
"""Of the alternating directions, after which few of the weights that are not zero are wrong ones."""

RELAXATION = 1.6
"""Over-relaxation of the alternating directions (Boyd et al. 2011, section 3.4.3, have 1.5 to 1.8)."""

STEP = 30.0
"""Step of the alternating directions in units of alpha: weights of standardised samples are of the order 1 / STEP."""

MOST_ROUNDS = 1000
"""Times at most that training samples enter the mixture of a sample; rounding errors could make them come and go."""

TOLERANCE = 1e-8
"""Share of alpha by which a training sample outside a mixture may correlate too much with what is left to explain."""


@dataclass(frozen=True)
class Mixture:
    """Weights of training samples in new ones, float32 [samples, training samples], and intercepts [samples]."""

    weights: np.ndarray
    shifts: np.ndarray

    def applied(self, values: np.ndarray) -> np.ndarray:
        """Mix values of the training samples, [training samples, genes] to float32 [samples, genes]."""
        return self.weights @ values + self.shifts[:, None]


class Mixer:
    """Solves for mixtures of some training samples.

    Alternating directions (ADMM) find which weights are not zero, for a block of new samples at once and in float32:
    each iteration has a closed form in the eigenvectors of the training samples' products, which are computed once for
    all penalties. From there an active set leads every sample to its solution in float64.
    """

    def __init__(self, landmarks: np.ndarray, intercept: bool) -> None:
        X = landmarks.astype(np.float64)
        genes = X.shape[1]
        self._means = X.mean(axis=1) if intercept else np.zeros(len(X))
        self._intercept = intercept
        self._X = X - self._means[:, None]
        with one_thread():
            if len(X) <= genes:
                values, vectors = np.linalg.eigh(self._X @ self._X.T / genes)
            else:  # as many eigenvalues are zero as there are more samples than genes
                values, of_genes = np.linalg.eigh(self._X.T @ self._X / genes)
                vectors = self._X @ of_genes / np.sqrt(genes * np.maximum(values, np.finfo(float).tiny))
        kept = values > 1e-12 * values[-1]
        self._values, self._vectors = values[kept].astype(np.float32), vectors[:, kept].astype(np.float32)
        self._height = max(1, min(BLOCK, BLOCK_VALUES // len(X)))

    def blocks(self, landmarks: np.ndarray) -> Iterator[slice]:
        """Cut samples into blocks."""
        return (
            slice(first, min(first + self._height, len(landmarks)))
            for first in range(0, len(landmarks), self._height)
        )

    def solve(self, landmarks: np.ndarray, alpha: float, start: np.ndarray | None = None) -> Mixture:
        """Solve a block of samples, [samples, landmarks], perhaps from their weights with another penalty."""
        Y = landmarks.astype(np.float64)
        levels = Y.mean(axis=1) if self._intercept else np.zeros(len(Y))
        Y -= levels[:, None]
        with one_thread():
            weights = self._iterated(Y, alpha, start)
            for sample, y in enumerate(Y):
                _finish(self._X, y, alpha, weights[sample])
        return Mixture(weights, (levels - weights @ self._means).astype(np.float32))

    def _iterated(self, Y: np.ndarray, alpha: float, start: np.ndarray | None) -> np.ndarray:
        """Return weights near the solution, float32 [samples, training samples]."""
        C = (Y @ self._X.T / Y.shape[1]).astype(np.float32)
        step = np.float32(STEP * alpha)
        shrink = self._values / (self._values + step)
        if start is None:
            weights, duals = np.zeros_like(C), np.zeros_like(C)
        else:  # the dual variables of a solution are its correlations with what is left to explain
            weights = start
            duals = C - ((weights @ self._vectors) * self._values) @ self._vectors.T
        for _ in range(ITERATIONS):
            pull = C + step * weights - duals
            free = (pull - ((pull @ self._vectors) * shrink) @ self._vectors.T) / step
            relaxed = RELAXATION * free + (1 - RELAXATION) * weights + duals / step
            weights = relaxed - np.clip(relaxed, -1 / STEP, 1 / STEP)
            duals = step * (relaxed - weights)
        return weights


def _finish(X: np.ndarray, y: np.ndarray, alpha: float, weights: np.ndarray) -> None:
    """Solve for the weights of one sample in place, from values of them that are near (Lee et al. 2007, section 3).

    The training samples that correlate too much with what is left to explain enter the mixture with the sign of their
    correlation, until there are none. Every time the cost becomes less.
    """
    held = np.flatnonzero(weights)
    values = weights[held].astype(np.float64)
    held, values = _settled(X, y, alpha, held, np.sign(values), values)
    for _ in range(MOST_ROUNDS):
        correlations = X @ (y - values @ X[held]) / len(y)
        too_much = np.abs(correlations) > alpha * (1 + TOLERANCE)
        too_much[held] = False
        more = np.flatnonzero(too_much)
        if not len(more):
            break
        signs = np.sign(np.concatenate([values, correlations[more]]))
        values = np.concatenate([values, np.zeros(len(more))])
        held, values = _settled(X, y, alpha, np.concatenate([held, more]), signs, values)
    weights[:] = 0
    weights[held] = values


def _settled(
    X: np.ndarray, y: np.ndarray, alpha: float, held: np.ndarray, signs: np.ndarray, values: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Minimise the cost over weights that keep their signs: those that would change them leave the mixture.

    Returns
    -------
    held, values
        Which training samples remain, and their weights.
    """
    while True:
        found = _unconstrained(X[held], y, alpha * signs)
        wrong = found * signs <= 0
        if not wrong.any():
            return held, found
        gone = wrong & (values == 0)  # one that has just come, beside others that now explain what it would
        if not gone.any():
            shares = np.full(len(values), np.inf)
            shares[wrong] = values[wrong] / (values - found)[wrong]
            values = values + shares.min() * (found - values)
            gone = shares == shares.min()
        held, signs, values = held[~gone], signs[~gone], values[~gone]


def _unconstrained(X: np.ndarray, y: np.ndarray, penalties: np.ndarray) -> np.ndarray:
    """Return the weights w that minimise |y - w X|^2 / (2 genes) + penalties w."""
    if not len(X):
        return np.zeros(0)
    genes = X.shape[1]
    right = X @ y / genes - penalties
    # the ridge lets two equal training samples share their weight; refinement takes back what it changes
    factor = cho_factor(X @ X.T / genes + 1e-10 * np.eye(len(X)), overwrite_a=True, check_finite=False)
    found = cho_solve(factor, right, check_finite=False)
    for _ in range(2):
        found += cho_solve(factor, right - X @ (found @ X) / genes, check_finite=False)
    return found
