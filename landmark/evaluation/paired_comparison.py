"""Two predictions of the same test samples against each other: tests over targets, and intervals over samples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from landmark.evaluation.accuracy import Accuracy, accuracy
from landmark.evaluation.bootstrap import LEAST_UNITS, resample_differences, units_of
from landmark.evaluation.paired import Paired, paired_tests, share_won
from landmark.inference.predict import Prediction
from landmark.progress import Report, silent

COVERAGE = 0.95
"""Share of resamples inside an interval."""


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
        Of the paired tests over targets, two-sided; see ``paired.Paired`` for their weakness.
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


def compare_two(
    first_name: str,
    first: Prediction,
    second_name: str,
    second: Prediction,
    *,
    resamples: int = 1000,
    seed: int = 0,
    groups: np.ndarray | None = None,
    report: Report = silent,
) -> PairedComparison:
    """Compare two predictions of the same test samples; see ``compare_pairs``."""
    pairs, both = [(first_name, second_name)], {first_name: first, second_name: second}
    (found,) = compare_pairs(both, pairs, resamples=resamples, seed=seed, groups=groups, report=report)
    return found


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
        Of the intervals; see ``bootstrap.redrawn``.
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
        columns = {name: np.array([at[name][gene] for gene in targets], dtype=np.intp) for name in names}
        true = predictions[names[0]].true[:, columns[names[0]]]
        values = [predictions[name].predicted[:, columns[name]] for name in names]
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
