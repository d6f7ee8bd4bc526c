"""Ridge regression from the first genes of one order, each size with its own penalty, from one set of products.

What ridge regression needs of the training samples are products of genes. Those of a shorter set are corners of those
of the longest, so the samples are gone through once for all sizes. The targets of a set are all genes outside it, also
those that join it at a larger size; so products with all genes are kept, and what the set's own genes put into sums
over targets is taken off again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from landmark.errors import BadData
from landmark.inference.predictor import Task
from landmark.inference.ridge import PENALTIES, Moments, gather, solve, validation_errors
from landmark.inference.split import SplitExpression
from landmark.progress import Report, silent


def predict_sizes(
    split: SplitExpression,
    ordered: Sequence[str],
    sizes: Sequence[int],
    *,
    penalties: tuple[float, ...] = PENALTIES,
    seed: int = 0,
    report: Report = silent,
) -> Iterator[tuple[int, np.ndarray]]:
    """Predict all genes of the test samples from the first genes of an order, one size after the other.

    Parameters
    ----------
    split
        Training and test samples.
    ordered
        Genes in the order in which sets grow.
    sizes
        Sizes of the sets, each from 1 to the number of ordered genes.
    penalties
        To choose from on validation samples, anew for each size.
    seed
        Chooses the validation samples.
    report
        Told about progress.

    Yields
    ------
    tuple
        The size, and all genes of the test samples in the order of the dataset, float32 [test samples, genes], in
        standard deviations of the training samples: genes of the set as measured, the others as predicted.

    Raises
    ------
    BadData
        If a size is out of bounds, or leaves no gene to predict.
    """
    if not sizes or min(sizes) < 1 or max(sizes) > len(ordered) or max(sizes) >= len(split.genes):
        most = min(len(ordered), len(split.genes) - 1)
        raise BadData(f"Sizes must lie between 1 and {most:,}, so that there are genes to predict.")
    longest = list(ordered[: max(sizes)])
    known = split.test_columns(longest)
    task = Task(
        split.train_columns(longest),
        split.train_columns(split.genes),
        split.validation_rows(seed),
    )
    moments = gather(task, report)
    place = {gene: column for column, gene in enumerate(split.genes)}
    columns = np.array([place[gene] for gene in longest])
    for size in sizes:
        errors = validation_errors(_first(moments, size), np.array(penalties))
        weights = solve(moments.gram[:size, :size], moments.cross[:size], penalties[int(np.argmin(errors))])
        predicted = known[:, :size] @ weights.astype(np.float32)
        predicted[:, columns[:size]] = known[:, :size]
        yield size, predicted


def _first(moments: Moments, size: int) -> Moments:
    """Return what the choice of a penalty needs for the first genes alone, their own columns no longer targets.

    Of the sums over targets, Xf'Yf (Xf'Yf)' and Xv'Yv (Xf'Yf)', the own columns of Y are Xf and Xv themselves.
    """
    fitted_gram = moments.fitted_gram[:size, :size]
    validation_gram = moments.validation_gram[:size, :size]
    held = moments.validation_size // moments.cross.shape[1]
    return replace(
        moments,
        gram=moments.gram[:size, :size],
        cross=moments.cross[:size],
        fitted_gram=fitted_gram,
        validation_gram=validation_gram,
        fitted_square=moments.fitted_square[:size, :size] - fitted_gram @ fitted_gram.T,
        mixed=moments.mixed[:size, :size] - validation_gram @ fitted_gram.T,
        validation_square=moments.validation_square - float(np.trace(validation_gram)),
        validation_size=moments.validation_size - held * size,
    )
