"""How the samples of a matrix compare: distributions, principal components, correlations, outliers."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.linalg import eigh
from scipy.spatial.distance import squareform

from landmark.errors import BadData
from landmark.expression.streamed.stream import Stream
from landmark.progress import Progress, Report, silent

QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}

MAD_TO_DEVIATION = 1.4826
"""The median absolute deviation times this estimates the standard deviation of a normal distribution."""

OUTLIER_COMPONENTS = 5
"""Components that count for the distance of a sample from the others."""

COMPARED_WITH = 2000
"""Most samples that each one is compared with for its median correlation."""

_SAMPLES_AT_ONCE = 256


def evenly_spaced(count: int, most: int) -> np.ndarray:
    """Choose at most so many of the positions below ``count``, first and last among them: ascending, each once."""
    return np.unique(np.linspace(0, count - 1, min(most, count)).round().astype(int))


def sample_quantiles(X: np.ndarray, samples: Sequence[str] | np.ndarray) -> pd.DataFrame:
    """Summarise every sample of X [samples, genes]: columns sample, q05, q25, q50, q75, q95."""
    values = np.quantile(X, list(QUANTILES.values()), axis=1)
    return pd.DataFrame({"sample": list(samples), **dict(zip(QUANTILES, values, strict=True))})


def profile(stream: Stream, report: Report = silent) -> tuple[pd.DataFrame, np.ndarray]:
    """Pass once over all samples.

    Returns
    -------
    quantiles
        The table of ``sample_quantiles`` for all samples.
    variance
        Of every gene over the samples, float64 [genes].
    """
    names = stream.about.obs_names.to_numpy(dtype=object)
    parts, first = [], stream.rows(np.array([0])).astype(np.float64)
    total, squares = np.zeros(stream.genes), np.zeros(stream.genes)
    for start, block in stream.reported(report, "Distribution of every sample"):
        parts.append(sample_quantiles(block, names[start : start + len(block)]))
        away = block - first  # near the mean, so that the difference of sums loses no digits
        total += away.sum(axis=0)
        squares += np.einsum("ij,ij->j", away, away)
    mean = total / stream.samples
    return pd.concat(parts, ignore_index=True), np.maximum(squares / stream.samples - mean**2, 0.0)


def most_variable(variance: np.ndarray, genes: int) -> np.ndarray:
    """Return the positions of the genes of largest variance, ascending; all where there are fewer."""
    return np.sort(np.argsort(-variance, kind="stable")[:genes])


def of_genes(stream: Stream, genes: np.ndarray, report: Report = silent) -> np.ndarray:
    """Gather some genes of all samples in one pass: float32 [samples, len(genes)]."""
    X = np.empty((stream.samples, len(genes)), np.float32)
    for start, block in stream.reported(report, "Reading the most variable genes"):
        X[start : start + len(block)] = block[:, genes]
    return X


def principal_components(X: np.ndarray, components: int) -> tuple[np.ndarray, np.ndarray]:
    """Principal components of the samples, the genes centred and not scaled.

    Parameters
    ----------
    X
        [samples, genes]; the smaller of the two decides the work.

    Returns
    -------
    scores
        float64 [samples, components]; the largest value of each is positive. Fewer where the data have no more.
    share
        Share of the variance, [components], descending.

    Raises
    ------
    BadData
        All samples are equal.
    """
    mean = X.mean(axis=0, dtype=np.float64)
    few = len(X) <= X.shape[1]
    if few:
        centred = X - mean
        gram = centred @ centred.T
    else:
        gram = sum((X[rows] - mean).T @ (X[rows] - mean) for rows in _blocks(X))
    total = float(np.trace(gram))
    if total <= 0:
        raise BadData("All samples are equal, so nothing can be said of their differences.")
    most = min(components, len(gram) - 1 if few else len(gram))
    values, vectors = eigh(gram, subset_by_index=[len(gram) - most, len(gram) - 1])
    values, vectors = np.maximum(values[::-1], 0), vectors[:, ::-1]
    scores = vectors * np.sqrt(values) if few else _projected(X, mean, vectors)
    return scores * np.where(scores.max(axis=0) >= -scores.min(axis=0), 1, -1), values / total


def median_correlation(X: np.ndarray, seed: int = 0, report: Report = silent) -> np.ndarray:
    """Median Pearson correlation of every sample with the others, [samples].

    Parameters
    ----------
    X
        [samples, genes].
    seed
        Of the samples to compare with, where there are more than ``COMPARED_WITH``.
    """
    Z = _standardised(X)
    others = np.arange(len(X))
    if len(X) > COMPARED_WITH:
        others = np.sort(np.random.default_rng(seed).choice(len(X), COMPARED_WITH, replace=False))
    result = np.empty(len(X))
    for start in range(0, len(X), _SAMPLES_AT_ONCE):
        report(Progress("Correlation of every sample with the others", start, len(X), "sample"))
        rows = np.arange(start, min(start + _SAMPLES_AT_ONCE, len(X)))
        correlation = (Z[rows] @ Z[others].T).astype(np.float64)
        correlation[rows[:, None] == others[None]] = np.nan  # with itself
        result[rows] = np.nanmedian(correlation, axis=1)
    return result


def correlation_order(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pearson correlation of samples, and an order that puts similar ones side by side.

    Returns
    -------
    correlation
        [samples, samples], in the order of X.
    order
        Positions by average linkage of 1 - correlation, with the best order of leaves (Bar-Joseph et al. 2001).
    """
    Z = _standardised(X)
    correlation = np.clip(Z @ Z.T, -1, 1)
    if len(X) < 3:
        return correlation, np.arange(len(X))
    distance = squareform(1 - correlation, checks=False)
    return correlation, leaves_list(linkage(distance, "average", optimal_ordering=True))


def robust_distance(scores: np.ndarray) -> np.ndarray:
    """Distance of every sample from the middle of all in the plane of the first components, [samples].

    The root of the mean square of its deviations from the median of each component, in scaled median absolute
    deviations of that component.
    """
    first = scores[:, :OUTLIER_COMPONENTS]
    return np.sqrt(np.mean(deviations(first) ** 2, axis=1))


def deviations(values: np.ndarray) -> np.ndarray:
    """Distance from the median in scaled median absolute deviations; 0 where that deviation is 0."""
    middle = np.median(values, axis=0)
    spread = MAD_TO_DEVIATION * np.median(np.abs(values - middle), axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(spread > 0, (values - middle) / spread, 0.0)


def outliers(median_correlation: np.ndarray, distance: np.ndarray, threshold: float) -> pd.DataFrame:
    """Tell which samples stand apart.

    Parameters
    ----------
    median_correlation, distance
        Of every sample, from the functions above.
    threshold
        In scaled median absolute deviations.

    Returns
    -------
    pandas.DataFrame
        correlation_deviation (how far below the usual median correlation), distance_deviation (how far above the usual
        distance), outlier (either exceeds the threshold), reason (in words; empty where it is none).
    """
    low, far = -deviations(median_correlation), deviations(distance)
    reasons = {
        "correlates little with the others": low > threshold,
        "far from the others in principal components": far > threshold,
    }
    reason = [", ".join(word for word, hit in reasons.items() if hit[i]) for i in range(len(low))]
    return pd.DataFrame(
        {
            "correlation_deviation": low,
            "distance_deviation": far,
            "outlier": [bool(words) for words in reason],
            "reason": reason,
        }
    )


def _standardised(X: np.ndarray) -> np.ndarray:
    """Centre samples and bring them to length 1, float32: their products are correlations. Constant ones become 0."""
    Z = np.zeros(X.shape, np.float32)
    for rows in _blocks(X):
        centred = X[rows] - X[rows].mean(axis=1, keepdims=True, dtype=np.float64)
        length = np.linalg.norm(centred, axis=1, keepdims=True)
        Z[rows] = np.divide(centred, length, out=np.zeros_like(centred), where=length > 0)
    return Z


def _projected(X: np.ndarray, mean: np.ndarray, directions: np.ndarray) -> np.ndarray:
    return np.concatenate([(X[rows] - mean) @ directions for rows in _blocks(X)])


def _blocks(X: np.ndarray) -> list[slice]:
    """Divide the samples, so that float64 copies stay small."""
    return [slice(start, start + 4096) for start in range(0, len(X), 4096)]
