"""Forward selection for ridge regression: after every gene taken, which other gene explains most of what is left?

With X the genes and T what is to be explained, both over training samples, and S the genes taken so far, ridge
regression of T on S leaves the penalised squared error tr(T' P T), where P = I - S (S'S + penalty I)^-1 S'. Taking
gene x as well lowers it by

    |T' P x|^2 / (x' P x + penalty)

(the Schur complement of the enlarged system), after which P shrinks by one product of vectors. So it is enough to
keep T' P X and the diagonal of X' P X, and no regression is ever solved.

What is to be explained is the autoencoder's reconstruction, the measured values, or both. It is needed only through
products T'v, whose length is that of (TT')^(1/2) v. So any T with the same TT' serves, and a matrix of rank r can
stand as [samples, r] whatever its number of genes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark.decompositions import eigh, qr, svd
from landmark.errors import BadConfiguration
from landmark.genesets.selection import COMPANIONS, Chosen, Panel, companions
from landmark.progress import Progress, Report, silent

EXACT_UP_TO = 1500
"""Samples or genes, the fewer of the two, up to which measured values are represented without loss."""

DIRECTIONS = 500
"""Directions of largest variance that stand for measured values beyond that."""

OVERSAMPLED, ROUNDS = 20, 3
"""Extra directions and passes of the randomised method; Halko et al., SIAM Review 53:217 (2011), algorithm 4.4."""


def reconstruction(hidden: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Represent the output of a linear last layer in as many dimensions as the layer has inputs.

    From its inputs [samples, units] and weights [units, genes] comes T, float32 [samples, units], with TT' = RR',
    where R is the centred output: T is the centred input of the layer times the square root of kernel kernel'.
    """
    gram = kernel.astype(np.float64) @ kernel.T
    values, vectors = eigh(gram)
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
        values, vectors = eigh(X.astype(np.float64) @ X.T)
        kept = values > values[-1] * len(values) * np.finfo(np.float32).eps
        return (vectors[:, kept] * np.sqrt(values[kept])).astype(np.float32)
    random = np.random.default_rng(seed)
    Q = X @ random.standard_normal((X.shape[1], DIRECTIONS + OVERSAMPLED), dtype=np.float32)
    for _ in range(ROUNDS):
        Q = X @ (X.T @ qr(Q)[0])
    Q = qr(Q)[0]
    left, values, _ = svd((Q.T @ X).astype(np.float64), full_matrices=False)
    return ((Q @ left[:, :DIRECTIONS]) * values[:DIRECTIONS]).astype(np.float32)


def blended(responses: Sequence[np.ndarray], weights: Sequence[float]) -> np.ndarray:
    """Put several responses [samples, dimensions] side by side, each with its positive weight in the sum of squares.

    Every response is first brought to a sum of squares of 1, so that weights compare like with like.
    """
    parts = [
        np.sqrt(weight / np.einsum("sd,sd->", part, part, dtype=np.float64)) * part
        for part, weight in zip(responses, weights, strict=True)
    ]
    return np.hstack(parts).astype(np.float32)


AT_A_TIME = 32
"""Rows of X'X formed together: one product of matrices takes hardly longer than two of a matrix and a vector."""


class Products:
    """Rows of X'X, for X float32 [samples, genes], formed when they are needed and kept.

    A row alone is a product of a matrix and a vector, which waits for memory. So the genes that are likely to be asked
    for next are formed along with it.
    """

    def __init__(self, X: np.ndarray) -> None:
        self._X = X
        self._rows: dict[int, np.ndarray] = {}

    def squares(self) -> np.ndarray:
        """Return the diagonal of X'X, float64 [genes]."""
        return np.einsum("sg,sg->g", self._X, self._X, dtype=np.float64)

    def row(self, gene: int, likely: np.ndarray) -> np.ndarray:
        """Return one gene's products with all, float32 [genes]; the likelier one is, the sooner it is asked for."""
        if gene not in self._rows:
            self._form(gene, likely)
        return self._rows.pop(gene)

    def _form(self, gene: int, likely: np.ndarray) -> None:
        count = min(AT_A_TIME, len(likely))
        candidates = [int(g) for g in np.argpartition(-likely, count - 1)[:count] if int(g) not in self._rows]
        wanted = [gene, *(g for g in candidates if g != gene)]
        formed = self._X[:, wanted].T @ self._X
        self._rows.update(zip(wanted, formed, strict=True))


@dataclass(frozen=True)
class Forward:
    """Take after every gene the one that explains most of what is left of ``response`` [samples, dimensions].

    A larger ``penalty`` of the ridge regression prefers genes that stand for many others.
    """

    response: np.ndarray
    penalty: float

    def __call__(self, X: np.ndarray, panel: Panel, report: Report = silent) -> Chosen:
        """Choose; the gain of a gene is how far it lowered the penalised error, as a share of the error at first.

        Raises BadConfiguration if the penalty is not positive, or the panel cannot be had.
        """
        if self.penalty <= 0:
            raise BadConfiguration(f"penalty = {self.penalty}: choose a number above 0")
        free = panel.free(X.shape[1])
        genes, size = X.shape[1], panel.size
        products = Products(X)
        cross = self.response.astype(np.float32).T @ X
        whole = products.squares()
        left = whole.copy()
        error = float(np.einsum("sd,sd->", self.response, self.response, dtype=np.float64))
        order, gain = np.empty(size, dtype=np.intp), np.empty(size)
        steps = np.empty((size, genes), dtype=np.float32)
        kept = min(COMPANIONS, genes - 1)
        beside, explained = np.empty((size, kept), np.intp), np.empty((size, kept), np.float32)
        for number in range(size):
            gains = np.einsum("dg,dg->g", cross, cross) / (left + self.penalty)
            gains[~free] = -1.0
            best = panel.start[number] if number < len(panel.start) else int(np.argmax(gains))
            # The gene's row of X' P X, divided by the root of its Schur complement.
            scale = np.float32(np.sqrt(left[best] + self.penalty))
            step = (products.row(best, gains) - steps[:number, best] @ steps[:number]) / scale
            order[number], gain[number], steps[number] = best, gains[best] / error, step
            free[best] = False
            beside[number], explained[number] = companions(step, whole, best, kept)
            cross -= np.outer(cross[:, best] / scale, step)
            left = np.maximum(left - np.square(step, dtype=np.float64), 0.0)
            report(Progress("Choosing genes", number + 1, size, "gene"))
        return Chosen(order, gain, beside, explained)
