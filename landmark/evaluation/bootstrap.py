"""How far two predictions' mean accuracies differ, had other samples been drawn."""

from dataclasses import dataclass

import numpy as np

from landmark.evaluation.accuracy import blocks, unit_columns
from landmark.progress import Progress, Report, silent


@dataclass(frozen=True)
class Resampled:
    """Mean over genes of each measure in every resample, first prediction less second, float64 [resamples]."""

    mae: np.ndarray
    pcc: np.ndarray


def resample_difference(
    true: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    *,
    resamples: int = 1000,
    seed: int = 0,
    report: Report = silent,
) -> Resampled:
    """Draw the test samples again with replacement, and compute the differences in mean MAE and PCC.

    Samples are drawn, not genes: genes depend on each other, and other samples are what a new experiment brings.
    A drawn sample counts as often as it was drawn, so each measure is one product with a matrix of counts. Genes
    that are constant take no part in the mean PCC.

    Parameters
    ----------
    true, first, second
        Measured values and two predictions of the same genes, [samples, genes].
    resamples
        How often to draw.
    seed
        Of the draws.
    report
        Told about progress.
    """
    samples, genes = true.shape
    counts = np.random.default_rng(seed).multinomial(samples, np.full(samples, 1 / samples), size=resamples)
    weights = (counts / samples).astype(np.float32)
    error = np.zeros(samples)
    pcc = np.zeros(resamples)
    varying = 0
    for columns in blocks(genes):
        report(Progress("Bootstrap over samples", columns.start, genes, "gene"))
        Y, P, Q = true[:, columns], first[:, columns], second[:, columns]
        error += (np.abs(Y - P).sum(axis=1) - np.abs(Y - Q).sum(axis=1)) / genes
        Y, P, Q = (_spread(part) for part in (Y, P, Q))
        varies = Y.any(axis=0)
        varying += int(varies.sum())
        difference = _correlations(weights, Y, P) - _correlations(weights, Y, Q)
        pcc += difference[:, varies].sum(axis=1, dtype=np.float64)
    return Resampled(weights.astype(np.float64) @ error, pcc / max(varying, 1))


def _spread(X: np.ndarray) -> np.ndarray:
    """Centre columns and scale them to variance 1, which keeps float32 sums of squares accurate."""
    return unit_columns(X.astype(np.float32)) * np.float32(np.sqrt(len(X)))


def _correlations(weights: np.ndarray, Y: np.ndarray, P: np.ndarray) -> np.ndarray:
    """Correlate columns of Y and P under each row of weights, [resamples, genes]; 0 where one is constant."""
    mean_Y, mean_P = weights @ Y, weights @ P
    variance = (weights @ (Y * Y) - mean_Y**2) * (weights @ (P * P) - mean_P**2)
    covariance = weights @ (Y * P) - mean_Y * mean_P
    defined = variance > 1e-8
    return np.divide(
        covariance, np.sqrt(np.maximum(variance, 1e-8)), where=defined, out=np.zeros_like(covariance)
    )
