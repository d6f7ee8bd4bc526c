"""Recall: which genes are inferred better than chance.

Subramanian et al. 2017 call the recall R of a gene the share of a null distribution below its own correlation, measured
against inferred over samples. Kim et al. 2025 count the genes with R above 0.95 and 0.99 where the null distribution
holds Spearman's correlations of every measured gene with the inferred values of every other gene.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from landmark.errors import BadData
from landmark.metrics.per_gene import blocks, unit_columns
from landmark.metrics.per_sample import rank_correlations, ranks
from landmark.progress import Progress, Report, silent

Null = Literal["other genes", "permuted samples"]

LEVELS = (0.95, 0.99)
"""Shares of the null distribution that a recalled gene must exceed."""

MOST_VALUES = 1 << 25
"""Correlations in a null distribution at most: 134 MB. Up to 5,793 genes all pairs; beyond, some genes are drawn."""

PERMUTATIONS = 20
"""Orders of the samples in the null distribution of permuted samples."""


@dataclass(frozen=True)
class Recall:
    """Correlations of genes beside what chance gives.

    Attributes
    ----------
    spearman
        Of measured and inferred values over samples, float64 [genes]; NaN where a gene is measured as constant.
    R
        Share of the null distribution below it, [genes]; NaN likewise.
    table
        level; threshold, that quantile of the null distribution; recalled, genes above it; share of the genes that
        vary.
    """

    spearman: np.ndarray
    R: np.ndarray
    table: pd.DataFrame


def recall(
    true: np.ndarray,
    predicted: np.ndarray,
    *,
    null: Null = "other genes",
    seed: int = 0,
    report: Report = silent,
) -> Recall:
    """Find the genes whose correlation with their prediction exceeds what chance gives.

    Parameters
    ----------
    true, predicted
        [samples, genes], in any unit: only ranks over samples count.
    null
        Where the null distribution comes from: see ``null_correlations``.
    seed
        Of what is drawn for it.
    report
        Told about progress.

    Raises
    ------
    BadData
        If fewer than two genes vary.
    """
    spearman = rank_correlations(true, predicted)
    varies = np.isfinite(spearman)
    if varies.sum() < 2:
        raise BadData(
            f"Only {varies.sum()} target genes vary over the test samples; recall needs at least 2. Choose a smaller "
            "gene set, or data in which genes vary."
        )
    by_chance = np.sort(
        null_correlations(true[:, varies], predicted[:, varies], null, seed=seed, report=report)
    )
    R = np.full(len(spearman), np.nan)
    R[varies] = np.searchsorted(by_chance, spearman[varies], side="left") / len(by_chance)
    thresholds = np.quantile(by_chance, LEVELS)
    recalled = [int((spearman[varies] > threshold).sum()) for threshold in thresholds]
    table = pd.DataFrame(
        {
            "level": LEVELS,
            "threshold": thresholds,
            "recalled": recalled,
            "share": np.array(recalled) / varies.sum(),
        }
    )
    return Recall(spearman, R, table)


def null_correlations(
    true: np.ndarray, predicted: np.ndarray, null: Null, *, seed: int = 0, report: Report = silent
) -> np.ndarray:
    """Return Spearman's correlations that chance gives, float32 [values].

    ``other genes``: of every inferred gene with every other measured one, as in Kim et al.; where that is more than
    ``MOST_VALUES``, with so many measured genes as fit, drawn once. Genes that are regulated together make this null
    distribution wide: a recalled gene is told from its like. ``permuted samples``: of every inferred gene with its own
    measured values after the samples are shuffled, ``PERMUTATIONS`` times; what remains if nothing is learned.

    Parameters
    ----------
    true, predicted
        [samples, genes]; all measured genes vary.
    """
    Y = unit_columns(ranks(true)).astype(np.float32)
    P = unit_columns(ranks(predicted)).astype(np.float32)
    samples, genes = Y.shape
    random = np.random.default_rng(seed)
    if null == "permuted samples":
        found = np.empty((PERMUTATIONS, genes), np.float32)
        for number in range(PERMUTATIONS):
            report(Progress("Permuting samples", number, PERMUTATIONS, "permutation"))
            found[number] = np.einsum("ij,ij->j", Y[random.permutation(samples)], P)
        return found.ravel()
    drawn = np.arange(genes)
    if genes * genes > MOST_VALUES:
        drawn = np.sort(random.choice(genes, MOST_VALUES // genes, replace=False))
    others = np.ascontiguousarray(Y[:, drawn].T)
    parts = []
    for columns in blocks(genes):
        report(Progress("Comparing with other genes", columns.start, genes, "gene"))
        own = drawn[:, None] == np.arange(columns.start, columns.stop)[None, :]
        parts.append((others @ P[:, columns])[~own])
    return np.concatenate(parts)
