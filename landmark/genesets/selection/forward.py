"""Forward selection for ridge regression: after every gene taken, which other gene explains most of what is left?

With X the genes and T what is to be explained, both over training samples, and S the genes taken so far, ridge
regression of T on S leaves the penalised squared error tr(T' P T), where P = I - S (S'S + penalty I)^-1 S'. Taking
gene x as well lowers it by

    |T' P x|^2 / (x' P x + penalty)

(the Schur complement of the enlarged system), after which P shrinks by one product of vectors. So it is enough to
keep T' P X and the diagonal of X' P X, and no regression is ever solved.
"""

from dataclasses import dataclass

import numpy as np

from landmark.errors import BadConfiguration
from landmark.genesets.selection.panel import Chosen, Panel
from landmark.progress import Progress, Report, silent

AT_A_TIME = 32
"""Rows of X'X formed together: one product of matrices takes hardly longer than two of a matrix and a vector."""


class Products:
    """Rows of X'X, formed when they are needed and kept.

    A row alone is a product of a matrix and a vector, which waits for memory. So the genes that are likely to be
    asked for next are formed along with it.

    Parameters
    ----------
    X
        float32 [samples, genes].
    """

    def __init__(self, X: np.ndarray) -> None:
        self._X = X
        self._rows: dict[int, np.ndarray] = {}

    def squares(self) -> np.ndarray:
        """Return the diagonal of X'X, float64 [genes]."""
        return np.einsum("sg,sg->g", self._X, self._X, dtype=np.float64)

    def row(self, gene: int, likely: np.ndarray) -> np.ndarray:
        """Return the products of one gene with all, float32 [genes].

        ``likely`` says of every gene, [genes], how likely it is asked for soon: the larger, the sooner.
        """
        if gene not in self._rows:
            self._form(gene, likely)
        return self._rows.pop(gene)

    def _form(self, gene: int, likely: np.ndarray) -> None:
        count = min(AT_A_TIME, len(likely))
        candidates = [int(g) for g in np.argpartition(-likely, count - 1)[:count] if int(g) not in self._rows]
        wanted = [gene, *(g for g in candidates if g != gene)]
        formed = self._X[:, wanted].T @ self._X
        self._rows.update(zip(wanted, formed, strict=True))


COMPANIONS = 10
"""Genes kept for each chosen one: those it explains best of all that was still unexplained."""


@dataclass(frozen=True)
class Forward:
    """Take after every gene the one that explains most of what is left.

    Attributes
    ----------
    response
        What the genes are to explain, [samples, dimensions]: see ``landmark.genesets.selection.responses``.
    penalty
        Of the ridge regression. A larger one prefers genes that stand for many others.
    """

    response: np.ndarray
    penalty: float

    def __call__(self, X: np.ndarray, panel: Panel, report: Report = silent) -> Chosen:
        """Choose; the gain of a gene is how far it lowered the penalised error, as a share of the error at first.

        Raises
        ------
        BadConfiguration
            The penalty is not positive, or the panel cannot be had.
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
        companions, explained = np.empty((size, kept), np.intp), np.empty((size, kept), np.float32)
        for number in range(size):
            gains = np.einsum("dg,dg->g", cross, cross) / (left + self.penalty)
            gains[~free] = -1.0
            best = panel.start[number] if number < len(panel.start) else int(np.argmax(gains))
            # The gene's row of X' P X, divided by the root of its Schur complement.
            scale = np.float32(np.sqrt(left[best] + self.penalty))
            step = (products.row(best, gains) - steps[:number, best] @ steps[:number]) / scale
            order[number], gain[number], steps[number] = best, gains[best] / error, step
            free[best] = False
            companions[number], explained[number] = _companions(step, whole, best, kept)
            cross -= np.outer(cross[:, best] / scale, step)
            left = np.maximum(left - np.square(step, dtype=np.float64), 0.0)
            report(Progress("Choosing genes", number + 1, size, "gene"))
        return Chosen(order, gain, companions, explained)


def _companions(step: np.ndarray, whole: np.ndarray, own: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Find the genes whose remaining variance a step explained most, as shares of their whole variance."""
    share = np.square(step) / np.maximum(whole, np.finfo(np.float32).tiny)
    share[own] = -1.0
    found = np.argpartition(-share, count - 1)[:count]
    found = found[np.argsort(-share[found], kind="stable")]
    return found, share[found]
