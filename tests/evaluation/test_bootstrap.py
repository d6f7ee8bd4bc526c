import numpy as np
import pytest

from landmark.evaluation import accuracy as module
from landmark.evaluation.accuracy import accuracy
from landmark.evaluation.bootstrap import resample_difference


def test_resamples_equal_accuracies_of_repeated_samples(noisy, monkeypatch):
    monkeypatch.setattr(module, "BLOCK", 8)
    true, good, poor = noisy
    true[:, 4], poor[:, 6] = 3.0, 1.0  # a constant gene, and a constant prediction
    result = resample_difference(true, good, poor, resamples=20, seed=7)
    counts = np.random.default_rng(7).multinomial(50, np.full(50, 1 / 50), size=20)
    for count, mae, pcc in zip(counts, result.mae, result.pcc, strict=True):
        drawn = np.repeat(np.arange(50), count)
        first, second = accuracy(true[drawn], good[drawn]), accuracy(true[drawn], poor[drawn])
        assert mae == pytest.approx(first.mae.mean() - second.mae.mean(), abs=1e-5)
        assert pcc == pytest.approx(np.nanmean(first.pcc) - np.nanmean(second.pcc), abs=1e-5)


def test_a_seed_repeats_the_draws(noisy):
    first, second = (resample_difference(*noisy, resamples=5, seed=1) for _ in range(2))
    np.testing.assert_array_equal(first.pcc, second.pcc)


def test_the_interval_covers_the_true_difference_about_as_often_as_it_says():
    rng = np.random.default_rng(5)
    # |N(0, s)| has the mean s sqrt(2/pi)
    expected = (0.5 - 0.6) * np.sqrt(2 / np.pi)
    covered = 0
    for trial in range(200):
        true = rng.normal(size=(40, 5))
        # one error per sample, shared by the genes: genes are no independent evidence
        good = true + 0.5 * rng.normal(size=(40, 1))
        poor = true + 0.6 * rng.normal(size=(40, 1))
        drawn = resample_difference(true, good, poor, resamples=200, seed=trial).mae
        low, high = np.quantile(drawn, [0.025, 0.975])
        covered += low <= expected <= high
    # binomial(200, 0.95): 190 expected, standard deviation 3; intervals of 40 samples are a little too narrow
    assert 176 <= covered <= 199
