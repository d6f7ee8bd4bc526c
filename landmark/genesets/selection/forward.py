"""Forward selection for ridge regression: after every gene taken, which other gene explains most of what is left?

With X the genes and T what is to be explained, both over training samples, and S the genes taken so far, ridge
regression of T on S leaves the penalised squared error tr(T' P T), where P = I - S (S'S + penalty I)^-1 S'. Taking
gene x as well lowers it by

    |T' P x|^2 / (x' P x + penalty)

(the Schur complement of the enlarged system), after which P shrinks by one product of vectors. So it is enough to
keep T' P X and the diagonal of X' P X, and no regression is ever solved.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark.errors import BadConfiguration
from landmark.genesets.selection.products import Products
from landmark.progress import Progress, Report, silent

COMPANIONS = 10
"""Genes kept for each taken one: those it explains best of all still unexplained."""


@dataclass(frozen=True)
class ForwardSelection:
    """Genes in the order in which they were taken.

    Attributes
    ----------
    order
        Columns of X, int [size].
    gain
        How far each lowered the penalised squared error, as a share of the error before the first, [size].
    companions
        The columns whose own remaining variance each explained most, best first, int [size, COMPANIONS].
    explained
        The share of their whole variance that it explained, [size, COMPANIONS].
    """

    order: np.ndarray
    gain: np.ndarray
    companions: np.ndarray
    explained: np.ndarray


def forward_selection(
    X: np.ndarray,
    response: np.ndarray,
    size: int,
    penalty: float,
    *,
    start: Sequence[int] = (),
    never: Sequence[int] = (),
    report: Report = silent,
) -> ForwardSelection:
    """Take genes one by one.

    Parameters
    ----------
    X
        Genes of the training samples, standardised, float32 [samples, genes].
    response
        What the genes are to explain, [samples, dimensions]: see ``landmark.genesets.selection.responses``.
    size
        How many genes to take, those of ``start`` included.
    penalty
        Of the ridge regression. A larger one prefers genes that stand for many others.
    start
        Columns that are taken first, in this order, whatever they explain.
    never
        Columns that are not taken.
    report
        Told about every few genes; may raise ``Cancelled``.

    Raises
    ------
    BadConfiguration
        More genes are asked for than may be taken, the start is longer than the size, or a gene of the start is
        never to be taken.
    """
    genes = X.shape[1]
    free = np.ones(genes, dtype=bool)
    free[list(never)] = False
    _check(size, penalty, start, free)
    products = Products(X)
    cross = response.astype(np.float32).T @ X
    whole = products.squares()
    left = whole.copy()
    error = float(np.einsum("sd,sd->", response, response, dtype=np.float64))
    taken = np.empty(size, dtype=np.intp)
    gain = np.empty(size)
    steps = np.empty((size, genes), dtype=np.float32)
    kept = min(COMPANIONS, genes - 1)
    companions, explained = np.empty((size, kept), dtype=np.intp), np.empty((size, kept), dtype=np.float32)
    for number in range(size):
        gains = np.einsum("dg,dg->g", cross, cross) / (left + penalty)
        gains[~free] = -1.0
        best = int(start[number]) if number < len(start) else int(np.argmax(gains))
        scale = np.sqrt(left[best] + penalty)
        # The row of X' P X that belongs to the gene, divided by the root of its Schur complement.
        row = products.row(best, gains)
        step = (row - steps[:number, best] @ steps[:number]) / np.float32(scale)
        taken[number], gain[number], steps[number] = best, gains[best], step
        free[best] = False
        companions[number], explained[number] = _companions(step, whole, best, kept)
        cross -= np.outer(cross[:, best] / np.float32(scale), step)
        left = np.maximum(left - np.square(step, dtype=np.float64), 0.0)
        report(Progress("Choosing genes", number + 1, size, "gene"))
    return ForwardSelection(taken, gain / max(error, np.finfo(float).tiny), companions, explained)


def _check(size: int, penalty: float, start: Sequence[int], free: np.ndarray) -> None:
    if not 1 <= size <= int(free.sum()):
        raise BadConfiguration(
            f"size = {size:,}: there are {int(free.sum()):,} genes that may be taken; choose from 1 to that number"
        )
    if penalty <= 0:
        raise BadConfiguration(f"penalty = {penalty}: choose a number above 0")
    if len(start) > size:
        raise BadConfiguration(
            f"size = {size:,}: the panel to start from has {len(start):,} genes already; choose a larger size"
        )
    if len(set(start)) < len(start) or not free[list(start)].all():
        raise BadConfiguration(
            "A gene of the panel is there twice, or is also among those never to be taken."
        )


def _companions(step: np.ndarray, whole: np.ndarray, own: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Find the genes whose remaining variance a step explained most, as shares of their whole variance."""
    share = np.square(step) / np.maximum(whole, np.finfo(np.float32).tiny)
    share[own] = -1.0
    found = np.argpartition(-share, count - 1)[:count]
    found = found[np.argsort(-share[found], kind="stable")]
    return found, share[found]
