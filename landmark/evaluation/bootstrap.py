"""How far two predictions' mean accuracies differ, had other samples been drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark.evaluation.accuracy import blocks, unit_columns
from landmark.progress import Progress, Report, silent


@dataclass(frozen=True)
class Resampled:
    """Mean over genes of each measure in every resample, first prediction less second, float64 [resamples]."""

    mae: np.ndarray
    pcc: np.ndarray


LEAST_UNITS = 5
"""Samples, or groups of them, from which on drawing them again says something of others."""


def redrawn(samples: int, resamples: int, seed: int, groups: np.ndarray | None = None) -> np.ndarray:
    """Draw samples again with replacement: the weight of each in every draw, float64 [resamples, samples].

    Parameters
    ----------
    groups
        Number of the group of each sample, [samples], where samples of a group (a patient, a study) belong together:
        groups are then drawn whole, as a new experiment brings other patients.
    """
    random = np.random.default_rng(seed)
    if groups is None:
        return random.multinomial(samples, np.full(samples, 1 / samples), size=resamples) / samples
    units, unit = np.unique(groups, return_inverse=True)
    counts = random.multinomial(len(units), np.full(len(units), 1 / len(units)), size=resamples)[:, unit]
    return counts / counts.sum(axis=1, keepdims=True)


def units_of(samples: int, groups: np.ndarray | None = None) -> int:
    """Count what is drawn: groups where there are any, else samples."""
    return samples if groups is None else len(np.unique(groups))


def resample_difference(
    true: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    *,
    resamples: int = 1000,
    seed: int = 0,
    groups: np.ndarray | None = None,
    report: Report = silent,
) -> Resampled:
    """Draw the test samples again, and compute the differences of two predictions; see ``resample_differences``."""
    pairs = [(0, 1)]
    (found,) = resample_differences(
        true, [first, second], pairs, resamples=resamples, seed=seed, groups=groups, report=report
    )
    return found


def resample_differences(
    true: np.ndarray,
    predictions: Sequence[np.ndarray],
    pairs: Sequence[tuple[int, int]],
    *,
    resamples: int = 1000,
    seed: int = 0,
    groups: np.ndarray | None = None,
    report: Report = silent,
) -> list[Resampled]:
    """Draw the test samples again with replacement, and compute the differences in mean MAE and PCC.

    Samples are drawn, not genes: genes depend on each other, and other samples are what a new experiment brings. What
    was learned stays: the predictors, and the genes they learned from, are those of the training samples. A drawn
    sample counts as often as it was drawn, so each measure is one product with a matrix of counts, made once for each
    prediction, however many pairs it is in. Genes that are constant take no part in the mean PCC.

    Parameters
    ----------
    true
        Measured values, [samples, genes].
    predictions
        Of the same genes, each [samples, genes].
    pairs
        Which of them to subtract, first less second.
    resamples
        How often to draw.
    seed
        Of the draws.
    groups
        Of samples that are drawn together; see ``redrawn``.
    report
        Told about progress.
    """
    samples, genes = true.shape
    draws = redrawn(samples, resamples, seed, groups)
    weights = draws.astype(np.float32)
    error, pcc = np.zeros((len(pairs), samples)), np.zeros((len(pairs), resamples))
    varying = 0
    for columns in blocks(genes):
        report(Progress("Bootstrap over samples", columns.start, genes, "gene"))
        Y = true[:, columns]
        errors = [np.abs(Y - P[:, columns]).sum(axis=1) for P in predictions]
        Y = _spread(Y)
        varies = Y.any(axis=0)
        varying += int(varies.sum())
        correlations = [_correlations(weights, Y, _spread(P[:, columns])) for P in predictions]
        for place, (first, second) in enumerate(pairs):
            error[place] += (errors[first] - errors[second]) / genes
            difference = correlations[first] - correlations[second]
            pcc[place] += difference[:, varies].sum(axis=1, dtype=np.float64)
    exact = weights.astype(np.float64)
    return [
        Resampled(exact @ of_pair, correlation / max(varying, 1))
        for of_pair, correlation in zip(error, pcc, strict=True)
    ]


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
