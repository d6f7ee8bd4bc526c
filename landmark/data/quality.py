"""Quality of samples: distributions, outliers, and which annotations explain how samples differ."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform
from scipy.stats import chi2_contingency
from scipy.stats import f as f_distribution

from landmark.data.steps.stream import Stream
from landmark.decompositions import eigh_of_part
from landmark.errors import BadData
from landmark.progress import Progress, Report, silent

QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}

MAD_TO_DEVIATION = 1.4826
"""The median absolute deviation times this estimates the standard deviation of a normal distribution."""

OUTLIER_COMPONENTS = 5  # components that count for the distance of a sample from the others
COMPARED_WITH = 2000  # most samples that each one is compared with for its median correlation
_SAMPLES_AT_ONCE = 256


def sample_quantiles(X: np.ndarray, samples: Sequence[str] | np.ndarray) -> pd.DataFrame:
    """Summarise every sample of X [samples, genes]: columns sample, q05, q25, q50, q75, q95."""
    values = np.quantile(X, list(QUANTILES.values()), axis=1)
    return pd.DataFrame({"sample": list(samples), **dict(zip(QUANTILES, values, strict=True))})


def profile(stream: Stream, report: Report = silent) -> tuple[pd.DataFrame, np.ndarray]:
    """Pass once over all samples: the table of ``sample_quantiles``, and the variance of every gene, [genes]."""
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
    """Principal components of the samples in X [samples, genes], the genes centred and not scaled.

    Scores, float64 [samples, components], the largest value of each positive, fewer where the data have no
    more; and their share of the variance, descending. The smaller of the two axes decides the work. BadData:
    all samples are equal.
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
    values, vectors = eigh_of_part(gram, subset_by_index=[len(gram) - most, len(gram) - 1])
    values, vectors = np.maximum(values[::-1], 0), vectors[:, ::-1]
    scores = vectors * np.sqrt(values)
    if not few:  # these are directions in the space of genes
        scores = np.concatenate([(X[rows] - mean) @ vectors for rows in _blocks(X)])
    return scores * np.where(scores.max(axis=0) >= -scores.min(axis=0), 1, -1), values / total


def median_correlation(X: np.ndarray, seed: int = 0, report: Report = silent) -> np.ndarray:
    """Median Pearson correlation of every sample in X [samples, genes] with the others, [samples].

    Where there are more than ``COMPARED_WITH``, those to compare with are drawn by ``seed``.
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
    """Pearson correlation of samples, [samples, samples], and an order that puts similar ones side by side.

    The order is by average linkage of 1 - correlation, with the best order of leaves (Bar-Joseph et al. 2001).
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
    """Find the outliers among the samples by both measures; ``threshold`` is in scaled median absolute deviations.

    Columns correlation_deviation (how far below the usual median correlation), distance_deviation (how far above the
    usual distance), outlier (either exceeds the threshold), reason (in words; empty where it is none).
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


def _blocks(X: np.ndarray) -> list[slice]:
    """Divide the samples, so that float64 copies stay small."""
    return [slice(start, start + 4096) for start in range(0, len(X), 4096)]


MOST_VALUES = 20  # whole numbers with at most so many values (batch 1 to 5) are groups, not a scale
MOST_GROUPS = 100
"""With more groups, or fewer than two samples in each, an annotation says little of what sets samples apart."""

LEAST_SAMPLES = 3


def explained(scores: np.ndarray, share: np.ndarray, annotations: pd.DataFrame) -> pd.DataFrame:
    """Share of every principal component's variance that each annotation explains (R²).

    Groups: between-group over total sum of squares, as in a one-way analysis of variance; numbers: squared correlation.
    Samples without a value are left out, and annotations that are the same for all samples or different for nearly all.

    Columns annotation, component (from 1), r2, by_chance (the R² expected of as many random groups), p_value (F-test),
    share (of the component in the variance), groups (0 for numbers), samples (that have a value).
    """
    rows = []
    for name in annotations:
        known, values = _known(annotations[name])
        y = scores[known] - scores[known].mean(axis=0) if known.any() else scores[:0]
        if _grouped(values) is not None:
            groups = values.nunique()
            parameters, fitted = groups - 1, _by_group(values, y)
        elif _is_scale(values):
            groups, parameters, fitted = 0, 1, _by_line(values, y)
        else:
            continue
        total, left = (y**2).sum(axis=0), len(y) - parameters - 1
        with np.errstate(divide="ignore", invalid="ignore"):
            r2 = np.where(total > 0, np.clip(fitted / total, 0, 1), 0.0)
            p_values = f_distribution.sf((r2 / parameters) / ((1 - r2) / left), parameters, left)
        rows += [
            {
                "annotation": str(name),
                "component": component + 1,
                "r2": float(r2[component]),
                "by_chance": parameters / (len(y) - 1),
                "p_value": float(p_values[component]),
                "share": float(share[component]),
                "groups": groups,
                "samples": len(y),
            }
            for component in range(scores.shape[1])
        ]
    columns = ["annotation", "component", "r2", "by_chance", "p_value", "share", "groups", "samples"]
    return pd.DataFrame(rows, columns=columns)


def overall(table: pd.DataFrame) -> pd.DataFrame:
    """Average R² over the components, weighted by their share of the variance, the largest excess over chance first.

    Columns annotation, r2, by_chance, groups, samples.
    """
    weighted = table.assign(r2=table["r2"] * table["share"])
    found = weighted.groupby("annotation", sort=False).agg(
        r2=("r2", "sum"),
        share=("share", "sum"),
        by_chance=("by_chance", "first"),
        groups=("groups", "first"),
        samples=("samples", "first"),
    )
    found["r2"] /= found.pop("share")
    order = (found["r2"] - found["by_chance"]).sort_values(ascending=False, kind="stable").index
    return found.loc[order].reset_index()


def _grouped(column: pd.Series) -> pd.Series | None:
    """Return the values of a column that divides samples into groups, where they are known; None for other columns."""
    _, values = _known(column)
    if _is_scale(values) or not 2 <= values.nunique() <= min(MOST_GROUPS, len(values) // 2):
        return None
    return values


def _known(column: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """Return which samples have a value, and these values."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(object)
    known = column.notna().to_numpy()
    if not pd.api.types.is_numeric_dtype(column):
        known &= column.astype(str).str.strip().to_numpy() != ""
    return known, column[known]


def _by_group(values: pd.Series, y: np.ndarray) -> np.ndarray:
    """Sum of squares between groups for each column of y, whose mean is 0."""
    codes, names = pd.factorize(values)
    sums = np.stack([np.bincount(codes, weights=column, minlength=len(names)) for column in y.T], axis=1)
    between: np.ndarray = (sums**2 / np.bincount(codes)[:, None]).sum(axis=0)
    return between


def _by_line(values: pd.Series, y: np.ndarray) -> np.ndarray:
    """Sum of squares of a straight line for each column of y, whose mean is 0."""
    x = values.to_numpy(dtype=np.float64)
    x = x - x.mean()
    along: np.ndarray = (x @ y) ** 2 / (x @ x)
    return along


def _is_scale(values: pd.Series) -> bool:
    """Tell whether values are numbers on a scale rather than names of groups."""
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return False
    number = values.to_numpy(dtype=np.float64)
    if len(number) < LEAST_SAMPLES or not np.isfinite(number).all() or values.nunique() < 2:
        return False
    return bool((number != np.round(number)).any()) or values.nunique() > MOST_VALUES


COLUMNS = ["first", "second", "association", "samples"]


def associated(annotations: pd.DataFrame) -> pd.DataFrame:
    """Measure how far each pair of annotations that are groups divides the samples alike.

    Cramér's V, corrected for chance (Bergsma, Journal of the Korean Statistical Society 42:323, 2013): 0 for
    annotations that have nothing to do with each other, 1 where one gives the other. Columns first, second,
    association, samples (that have both); the strongest first.
    """
    columns = {name: values for name in annotations if (values := _grouped(annotations[name])) is not None}
    rows = []
    for (first, one), (second, two) in combinations(columns.items(), 2):
        table = pd.crosstab(one, two)
        if min(table.shape) > 1:
            rows.append((str(first), str(second), cramers_v(table.to_numpy()), int(table.to_numpy().sum())))
    found = pd.DataFrame(rows, columns=COLUMNS)
    return found.sort_values("association", ascending=False, kind="stable", ignore_index=True)


def cramers_v(counts: np.ndarray) -> float:
    """Cramér's V of a table of counts [rows, columns], corrected for chance; 0 to 1."""
    n, (rows, columns) = counts.sum(), counts.shape
    squared = chi2_contingency(counts, correction=False).statistic / n
    expected = (rows - 1) * (columns - 1) / (n - 1)
    fewest = min(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)) - 1
    return float(min(1.0, np.sqrt(max(0.0, squared - expected) / fewest))) if fewest > 0 else 0.0
