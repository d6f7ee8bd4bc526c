"""Two predictions against each other: paired tests over targets or folds, and intervals over samples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from landmark.errors import BadData
from landmark.inference.predict import Prediction
from landmark.metrics.per_gene import Accuracy, accuracy, blocks, unit_columns
from landmark.progress import Progress, Report, silent


@dataclass(frozen=True)
class Paired:
    """How figures of two gene sets differ on the same targets.

    Both tests take the targets as independent. Genes are not, so their p-values are smaller than they should
    be: the paper gives the t-test, and an interval over samples is the safer guide.

    Attributes
    ----------
    difference
        Mean of first less second.
    t_statistic, t_p_value
        Of the paired t-test, two-sided.
    wilcoxon_p_value
        Of the signed-rank test, two-sided.
    targets
        Number of targets with both figures.
    """

    difference: float
    t_statistic: float
    t_p_value: float
    wilcoxon_p_value: float
    targets: int


def paired_tests(first: np.ndarray, second: np.ndarray) -> Paired:
    """Test whether two figures of the same targets differ.

    Targets where one of the two is NaN are left out. Where all differences are 0 the p-values are 1.

    Parameters
    ----------
    first, second
        Figures per target, [targets].

    Raises
    ------
    BadData
        If fewer than two targets have both figures.
    """
    both = np.isfinite(first) & np.isfinite(second)
    if both.sum() < 2:
        raise BadData(
            f"Only {both.sum()} target genes are predicted from both sets; a paired test needs at least 2. "
            f"Compare smaller sets, or choose other targets."
        )
    first, second = first[both].astype(np.float64), second[both].astype(np.float64)
    difference = first - second
    if not difference.any():
        return Paired(0.0, 0.0, 1.0, 1.0, len(difference))
    t = stats.ttest_rel(first, second)
    signed_rank = stats.wilcoxon(difference)
    return Paired(
        float(difference.mean()),
        float(t.statistic),
        float(t.pvalue),
        float(signed_rank.pvalue),
        len(difference),
    )


def share_won(first: np.ndarray, second: np.ndarray, *, higher_is_better: bool) -> float:
    """Return the share of targets, among those with both figures, on which the first is strictly better."""
    both = np.isfinite(first) & np.isfinite(second)
    better = first[both] > second[both] if higher_is_better else first[both] < second[both]
    return float(better.mean()) if both.any() else float("nan")


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
    counts = drawn_counts(np.random.default_rng(seed), samples, resamples, groups)
    return counts / counts.sum(axis=1, keepdims=True)


def drawn_counts(
    random: np.random.Generator, samples: int, resamples: int, groups: np.ndarray | None = None
) -> np.ndarray:
    """Count how often every draw of ``redrawn`` takes each sample, int [resamples, samples]."""
    units, unit = np.arange(samples), np.arange(samples)
    if groups is not None:
        units, unit = np.unique(groups, return_inverse=True)
    counts: np.ndarray = random.multinomial(len(units), np.full(len(units), 1 / len(units)), size=resamples)
    return counts if groups is None else counts[:, unit]


def units_of(samples: int, groups: np.ndarray | None = None) -> int:
    """Count what is drawn: groups where there are any, else samples."""
    return samples if groups is None else len(np.unique(groups))


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


COVERAGE = 0.95
"""Share of resamples inside an interval, or the probability that it holds the expected value."""

ROUNDING = 1e-12
"""Spread, relative to the values, that is taken as none."""


@dataclass(frozen=True)
class Estimate:
    """A mean over folds and seeds.

    Attributes
    ----------
    mean
        Over all results.
    low, high
        Interval at ``COVERAGE``; missing (NaN) where there is a single result.
    p
        Two-sided, of the mean being 0; 1 where all results are 0, missing where there is a single result.
    """

    mean: float
    low: float
    high: float
    p: float


def corrected_t(values: np.ndarray, test_to_train: float) -> Estimate:
    """Estimate a mean from the results of folds.

    Parameters
    ----------
    values
        One per fold and seed, [results]; missing ones (NaN) are left out.
    test_to_train
        Number of test samples over that of training samples, such as 1/4 with five folds.
    """
    values = np.asarray(values, dtype=np.float64)
    values = values[~np.isnan(values)]
    count, mean = len(values), float(values.mean()) if len(values) else float("nan")
    if count < 2:
        return Estimate(mean, float("nan"), float("nan"), float("nan"))
    deviation = float(values.std(ddof=1))
    if deviation <= ROUNDING * np.abs(values).max(initial=0):
        return Estimate(mean, mean, mean, 1.0 if mean == 0 else 0.0)
    error = np.sqrt(1 / count + test_to_train) * deviation
    half = error * float(stats.t.ppf((1 + COVERAGE) / 2, count - 1))
    p = 2 * float(stats.t.sf(abs(mean) / error, count - 1))
    return Estimate(mean, mean - half, mean + half, p)


def widened(half: float, count: int, level: float) -> float:
    """Widen half of an interval at ``COVERAGE`` of ``count`` results to one that misses with probability ``level``."""
    quantile = stats.t.ppf([1 - level / 2, (1 + COVERAGE) / 2], count - 1)
    return float(half * quantile[0] / quantile[1])


def holm(p_values: np.ndarray) -> np.ndarray:
    """Adjust p-values of one family of tests by Holm's step-down method (1979), [tests]; NaN stays and does not count.

    With p(1) <= ... <= p(m), the adjusted p(i) is the largest of (m - j + 1) p(j) for j up to i, and 1 at most.
    """
    p_values = np.asarray(p_values, dtype=np.float64)
    adjusted = np.full(len(p_values), np.nan)
    known = np.flatnonzero(~np.isnan(p_values))
    order = known[np.argsort(p_values[known], kind="stable")]
    factors = len(order) - np.arange(len(order))
    adjusted[order] = np.minimum(np.maximum.accumulate(factors * p_values[order]), 1.0)
    return adjusted


@dataclass(frozen=True)
class Difference:
    """First set less second, on the targets that both predict.

    Attributes
    ----------
    mean
        Mean difference over targets.
    low, high
        Interval that holds the mean difference in 95% of resamples of the test samples, or of groups of them that
        belong together; NaN with fewer than ``LEAST_UNITS`` of these.
    t_p_value, wilcoxon_p_value
        Of the paired tests over targets, two-sided; see ``Paired`` for their weakness.
    won
        Share of targets on which the first set is better.
    """

    mean: float
    low: float
    high: float
    t_p_value: float
    wilcoxon_p_value: float
    won: float


@dataclass(frozen=True)
class PairedComparison:
    """Two sets against each other. A lower MAE is better, a higher PCC is better."""

    first: str
    second: str
    targets: int
    mae: Difference
    pcc: Difference


def compare_pairs(
    predictions: Mapping[str, Prediction],
    pairs: Sequence[tuple[str, str]],
    *,
    resamples: int = 1000,
    seed: int = 0,
    groups: np.ndarray | None = None,
    report: Report = silent,
) -> list[PairedComparison]:
    """Compare predictions of the same test samples, two at a time, each pair on the targets that it shares.

    Parameters
    ----------
    predictions
        By name.
    pairs
        Names, first and second.
    resamples, seed, groups
        Of the intervals; see ``redrawn``.
    report
        Told about progress.

    Raises
    ------
    BadData
        If two of them share fewer than two targets.
    """
    at = {name: {gene: i for i, gene in enumerate(found.targets)} for name, found in predictions.items()}
    shared: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for first, second in pairs:
        targets = tuple(gene for gene in predictions[first].targets if gene in at[second])
        shared.setdefault(targets, []).append((first, second))
    found: dict[tuple[str, str], PairedComparison] = {}
    for targets, of_targets in shared.items():
        names = list(dict.fromkeys(name for pair in of_targets for name in pair))
        columns = {name: [at[name][gene] for gene in targets] for name in names}
        true = _columns(predictions[names[0]].true, columns[names[0]])
        values = [_columns(predictions[name].predicted, columns[name]) for name in names]
        places = [(names.index(first), names.index(second)) for first, second in of_targets]
        accuracies = [accuracy(true, P) for P in values]
        tests = [_tested(accuracies[first], accuracies[second]) for first, second in places]
        resampled = resample_differences(
            true, values, places, resamples=resamples, seed=seed, groups=groups, report=report
        )
        enough = units_of(len(true), groups) >= LEAST_UNITS
        for pair, test, drawn in zip(of_targets, tests, resampled, strict=True):
            measures = {name: _difference(*test[name], getattr(drawn, name), enough) for name in test}
            found[pair] = PairedComparison(*pair, len(targets), measures["mae"], measures["pcc"])
    return [found[pair] for pair in pairs]


def _columns(X: np.ndarray, places: Sequence[int]) -> np.ndarray:
    """Choose columns; all of them in their order without a copy, which would be large."""
    return X if list(places) == list(range(X.shape[1])) else X[:, places]


def _tested(ours: Accuracy, theirs: Accuracy) -> dict[str, tuple[Paired, float]]:
    """Test each measure over targets, and count the targets that the first wins."""
    return {
        name: (
            paired_tests(getattr(ours, name), getattr(theirs, name)),
            share_won(getattr(ours, name), getattr(theirs, name), higher_is_better=name == "pcc"),
        )
        for name in ("mae", "pcc")
    }


def _difference(test: Paired, won: float, drawn: np.ndarray, enough: bool) -> Difference:
    low, high = np.quantile(drawn, [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2]) if enough else (np.nan, np.nan)
    return Difference(test.difference, float(low), float(high), test.t_p_value, test.wilcoxon_p_value, won)
