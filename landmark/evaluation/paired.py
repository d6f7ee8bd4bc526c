"""Paired tests of two sets of per-gene figures."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from landmark.errors import BadData


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
