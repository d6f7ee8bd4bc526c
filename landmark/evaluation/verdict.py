"""What a comparison of two gene sets comes to, and where a set stands among random sets."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from landmark.evaluation.accuracy import accuracy
from landmark.evaluation.bootstrap import resample_difference
from landmark.evaluation.paired import paired_tests, share_won
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
        Interval that holds the mean difference in 95% of resamples of the test samples.
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
class Verdict:
    """Two sets against each other. A lower MAE is better, a higher PCC is better."""

    first: str
    second: str
    targets: int
    mae: Difference
    pcc: Difference


@dataclass(frozen=True)
class Standing:
    """A set among random sets of its size: the share of them, 0 to 1, that it beats in each measure."""

    set: str
    random_sets: int
    mae: float
    pcc: float


def verdict(
    first_name: str,
    first: Prediction,
    second_name: str,
    second: Prediction,
    *,
    resamples: int = 1000,
    seed: int = 0,
    report: Report = silent,
) -> Verdict:
    """Compare two predictions of the same test samples on the targets that they share.

    Raises
    ------
    BadData
        If they share fewer than two targets.
    """
    at = {gene: i for i, gene in enumerate(second.targets)}
    left = np.array([i for i, gene in enumerate(first.targets) if gene in at], dtype=np.intp)
    right = np.array([at[first.targets[i]] for i in left], dtype=np.intp)
    true, P, Q = first.true[:, left], first.predicted[:, left], second.predicted[:, right]
    ours, theirs = accuracy(true, P), accuracy(true, Q)
    tests = {"mae": paired_tests(ours.mae, theirs.mae), "pcc": paired_tests(ours.pcc, theirs.pcc)}
    resampled = resample_difference(true, P, Q, resamples=resamples, seed=seed, report=report)

    def difference(measure: str) -> Difference:
        low, high = np.quantile(getattr(resampled, measure), [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2])
        test = tests[measure]
        figures = getattr(ours, measure), getattr(theirs, measure)
        won = share_won(*figures, higher_is_better=measure == "pcc")
        return Difference(
            test.difference, float(low), float(high), test.t_p_value, test.wilcoxon_p_value, won
        )

    return Verdict(first_name, second_name, len(left), difference("mae"), difference("pcc"))


def standing(name: str, random: pd.DataFrame) -> Standing:
    """Find where a set stands among random sets, on the same targets as each.

    ``random`` is a ``random_table`` of at least one row that was made with the set among those compared.
    """
    return Standing(
        name,
        len(random),
        float((random[f"mae_{name}"] < random["mae"]).mean()),
        float((random[f"pcc_{name}"] > random["pcc"]).mean()),
    )
