import numpy as np
import pytest
from scipy import stats

from landmark.errors import BadData
from landmark.metrics.paired import paired_tests, share_won


def test_both_tests_equal_scipy_on_targets_with_both_figures():
    rng = np.random.default_rng(0)
    first = rng.normal(size=200)
    second = first + rng.normal(0.1, 0.5, size=200)
    first[3], second[9] = np.nan, np.nan
    kept = np.isfinite(first) & np.isfinite(second)
    result = paired_tests(first, second)
    t = stats.ttest_rel(first[kept], second[kept])
    assert result.targets == 198
    assert result.difference == pytest.approx((first - second)[kept].mean())
    assert (result.t_statistic, result.t_p_value) == pytest.approx((t.statistic, t.pvalue))
    assert result.wilcoxon_p_value == pytest.approx(stats.wilcoxon(first[kept], second[kept]).pvalue)


def test_equal_figures_do_not_differ():
    figures = np.linspace(0, 1, 9)
    result = paired_tests(figures, figures)
    assert (result.difference, result.t_p_value, result.wilcoxon_p_value) == (0, 1, 1)


def test_swapping_the_sets_turns_the_sign():
    rng = np.random.default_rng(1)
    first, second = rng.normal(size=(2, 50))
    one, other = paired_tests(first, second), paired_tests(second, first)
    assert one.difference == -other.difference
    assert one.t_p_value == pytest.approx(other.t_p_value)


def test_a_single_shared_target_is_refused():
    with pytest.raises(BadData, match="Only 1 target"):
        paired_tests(np.array([1.0, np.nan]), np.array([2.0, 3.0]))


def test_share_won_counts_ties_for_neither():
    first, second = np.array([1.0, 2.0, 3.0, np.nan]), np.array([1.0, 3.0, 1.0, 0.0])
    assert share_won(first, second, higher_is_better=True) == pytest.approx(1 / 3)
    assert share_won(first, second, higher_is_better=False) == pytest.approx(1 / 3)
    assert np.isnan(share_won(np.array([np.nan]), np.array([1.0]), higher_is_better=True))
