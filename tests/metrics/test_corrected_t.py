import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from landmark.metrics.paired import corrected_t, holm


def test_without_overlap_it_is_the_t_test():
    values = np.random.default_rng(0).normal(0.3, 1, 12)
    found, oracle = corrected_t(values, 0.0), stats.ttest_1samp(values, 0)
    interval = oracle.confidence_interval(0.95)
    assert found.p == pytest.approx(oracle.pvalue)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


def test_the_example_worked_by_hand():
    # mean 3, s^2 = 2.5, J = 5, test / train = 1/4: error = sqrt(0.45 * 2.5), t = 3 / 1.06066 with 4 degrees
    found = corrected_t(np.array([1.0, 2, 3, 4, 5]), 0.25)
    assert found.mean == 3
    assert found.high - found.mean == pytest.approx(2.776445 * 1.0606602, rel=1e-6)
    assert found.p == pytest.approx(2 * stats.t.sf(3 / 1.0606602, 4), rel=1e-6)


def test_results_of_folds_that_share_samples_are_not_called_a_difference_too_often():
    """Two sets that are equally good: the plain test errs far more often than in 5% of the cases."""
    rng = np.random.default_rng(5)
    plain = corrected = 0
    for _ in range(400):
        shared = rng.normal(0, np.sqrt(0.25))  # what all folds have in common: variance 1/4 of the folds' own
        values = shared + rng.normal(0, 1, 10)
        plain += corrected_t(values, 0.0).p < 0.05
        corrected += corrected_t(values, 0.25).p < 0.05
    assert corrected < 0.6 * plain
    assert corrected / 400 < 0.08


def test_a_single_result_has_no_interval_and_equal_ones_no_spread():
    one, same, none = (corrected_t(np.array(v), 0.25) for v in ([0.4], [0.4, 0.4, 0.4], [0.0, 0.0]))
    assert one.mean == 0.4
    assert np.isnan([one.low, one.high, one.p]).all()
    assert (same.low, same.high, same.p) == (same.mean, same.mean, 0.0)
    assert none.p == 1


def test_missing_results_are_left_out():
    with_gap = corrected_t(np.array([0.1, np.nan, 0.3]), 0.5)
    assert with_gap == corrected_t(np.array([0.1, 0.3]), 0.5)
    assert np.isnan(corrected_t(np.array([np.nan]), 0.5).mean)


def test_holm_agrees_with_statsmodels_and_leaves_out_what_is_missing():
    p = np.array([0.04, 0.001, 0.03, 0.5, 0.009])
    np.testing.assert_allclose(holm(p), multipletests(p, method="holm")[1])
    with_gap = holm(np.insert(p, 2, np.nan))
    assert np.isnan(with_gap[2])
    np.testing.assert_allclose(np.delete(with_gap, 2), holm(p))
    assert len(holm(np.array([]))) == 0
