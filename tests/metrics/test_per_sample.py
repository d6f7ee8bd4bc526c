"""Errors and correlations of whole samples, against SciPy in a plain loop."""

import numpy as np
import pytest
from scipy.stats import bootstrap, pearsonr, spearmanr

from landmark.data.scaling import Scaling
from landmark.metrics.per_sample import MEASURES, rank_correlations, resampled_mean, sample_accuracy


@pytest.fixture
def profiles():
    """Standardised values of 9 samples over 600 genes on unlike levels, with a prediction and ties."""
    rng = np.random.default_rng(7)
    scaling = Scaling(rng.uniform(3, 14, 600).astype(np.float32), rng.uniform(0.3, 2, 600).astype(np.float32))
    true = rng.normal(size=(9, 600)).round(1).astype(np.float32)
    predicted = (0.6 * true + rng.normal(scale=0.5, size=true.shape)).round(1).astype(np.float32)
    return true, predicted, scaling


def test_every_sample_is_measured_as_scipy_does(profiles):
    true, predicted, scaling = profiles
    found = sample_accuracy(true, predicted, scaling)
    assert tuple(found) == MEASURES
    for row, (Y, P) in enumerate(zip(true, predicted, strict=True)):
        measured, inferred = (values * scaling.scale + scaling.shift for values in (Y, P))
        assert found["mae"][row] == pytest.approx(np.abs(measured - inferred).mean(), rel=1e-5)
        assert found["overall_error"][row] == pytest.approx(
            np.sqrt(((measured - inferred) ** 2).sum()), rel=1e-5
        )
        assert found["pcc"][row] == pytest.approx(pearsonr(measured, inferred).statistic, abs=1e-6)
        assert found["spearman"][row] == pytest.approx(spearmanr(measured, inferred).statistic, abs=1e-5)
        assert found["pcc_standardised"][row] == pytest.approx(pearsonr(Y, P).statistic, abs=1e-6)
        assert found["spearman_standardised"][row] == pytest.approx(spearmanr(Y, P).statistic, abs=1e-9)
        assert found["mae_standardised"][row] == pytest.approx(np.abs(Y - P).mean(), rel=1e-5)


def test_gene_means_alone_correlate_in_the_unit_of_the_data_and_not_beyond(profiles):
    true, _, scaling = profiles
    means = sample_accuracy(true, np.zeros_like(true), scaling)
    assert means["pcc"].min() > 0.8
    assert (means[["pcc_standardised", "spearman_standardised"]] == 0).all(axis=None)


def test_what_does_not_vary_has_no_rank_correlation():
    true = np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 5.0]])
    found = rank_correlations(true, np.array([[4.0, 1.0], [4.0, 2.0], [4.0, 3.0]]))
    assert found[0] == 0
    assert np.isnan(found[1])


def test_the_interval_of_a_mean_is_that_of_the_samples_drawn_again():
    rng = np.random.default_rng(5)
    differences = rng.normal(0.02, 0.1, 400)
    low, high = resampled_mean(np.append(differences, np.nan), resamples=4000)
    expected = bootstrap((differences,), np.mean, n_resamples=4000, method="percentile", rng=1)
    np.testing.assert_allclose((low, high), expected.confidence_interval, atol=1e-3)
    assert resampled_mean(differences, seed=3) == resampled_mean(differences, seed=3)
    assert np.isnan(resampled_mean(np.full(3, np.nan))).all()
