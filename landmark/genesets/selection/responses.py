"""What chosen genes are to explain: the autoencoder's reconstruction, the measured values, or both.

Forward selection needs a response T only through products T'v, whose length is that of (TT')^(1/2) v. So any T with
the same TT' serves, and a matrix of rank r can stand as [samples, r] whatever its number of genes.
"""

from collections.abc import Sequence

import numpy as np

EXACT_UP_TO = 1500
"""Samples or genes, the fewer of the two, up to which measured values are represented without loss."""

DIRECTIONS = 500
"""Directions of largest variance that stand for measured values beyond that."""

OVERSAMPLED, ROUNDS = 20, 3
"""Extra directions and passes of the randomised method; Halko et al., SIAM Review 53:217 (2011), algorithm 4.4."""


def reconstruction(hidden: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Represent the output of a linear last layer in as many dimensions as the layer has inputs.

    Parameters
    ----------
    hidden
        Inputs of the layer, [samples, units].
    kernel
        Weights of the layer, [units, genes].

    Returns
    -------
    ndarray
        float32 [samples, units]: T with TT' = RR', where R is the centred output: T is the centred input of the
        layer times the square root of kernel kernel'.
    """
    gram = kernel.astype(np.float64) @ kernel.T
    values, vectors = np.linalg.eigh(gram)
    root = vectors * np.sqrt(np.maximum(values, 0))
    centred = hidden - hidden.mean(axis=0, dtype=np.float64)
    return (centred @ root).astype(np.float32)


def measured(X: np.ndarray, seed: int = 0) -> np.ndarray:
    """Represent measured values, standardised [samples, genes], as float32 [samples, dimensions].

    Exact for small matrices; beyond ``EXACT_UP_TO`` the ``DIRECTIONS`` of largest variance stand for all.
    """
    if min(X.shape) <= EXACT_UP_TO:
        if X.shape[1] <= X.shape[0]:
            return X
        values, vectors = np.linalg.eigh(X.astype(np.float64) @ X.T)
        kept = values > values[-1] * len(values) * np.finfo(np.float32).eps
        return (vectors[:, kept] * np.sqrt(values[kept])).astype(np.float32)
    random = np.random.default_rng(seed)
    Q = X @ random.standard_normal((X.shape[1], DIRECTIONS + OVERSAMPLED), dtype=np.float32)
    for _ in range(ROUNDS):
        Q = X @ (X.T @ np.linalg.qr(Q)[0])
    Q = np.linalg.qr(Q)[0]
    left, values, _ = np.linalg.svd((Q.T @ X).astype(np.float64), full_matrices=False)
    return ((Q @ left[:, :DIRECTIONS]) * values[:DIRECTIONS]).astype(np.float32)


def blended(responses: Sequence[np.ndarray], weights: Sequence[float]) -> np.ndarray:
    """Put several responses side by side, each with its weight in the sum of squares.

    Every response is first brought to a sum of squares of 1, so that weights compare like with like.

    Parameters
    ----------
    responses
        Each [samples, dimensions].
    weights
        Positive, one per response.
    """
    parts = [
        np.sqrt(weight / np.einsum("sd,sd->", part, part, dtype=np.float64)) * part
        for part, weight in zip(responses, weights, strict=True)
    ]
    return np.hstack(parts).astype(np.float32)
