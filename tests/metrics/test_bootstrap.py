import numpy as np
import pytest

from landmark.metrics import per_gene as module
from landmark.metrics.paired import redrawn, resample_differences
from landmark.metrics.per_gene import accuracy


def test_resamples_equal_accuracies_of_repeated_samples(noisy, monkeypatch):
    monkeypatch.setattr(module, "BLOCK", 8)
    true, good, poor = noisy
    true[:, 4], poor[:, 6] = 3.0, 1.0  # a constant gene, and a constant prediction
    (result,) = resample_differences(true, [good, poor], [(0, 1)], resamples=20, seed=7)
    counts = np.random.default_rng(7).multinomial(50, np.full(50, 1 / 50), size=20)
    for count, mae, pcc in zip(counts, result.mae, result.pcc, strict=True):
        drawn = np.repeat(np.arange(50), count)
        first, second = accuracy(true[drawn], good[drawn]), accuracy(true[drawn], poor[drawn])
        assert mae == pytest.approx(first.mae.mean() - second.mae.mean(), abs=1e-5)
        assert pcc == pytest.approx(np.nanmean(first.pcc) - np.nanmean(second.pcc), abs=1e-5)


def test_a_seed_repeats_the_draws(noisy):
    true, *predictions = noisy
    first, second = (
        resample_differences(true, predictions, [(0, 1)], resamples=5, seed=1)[0] for _ in range(2)
    )
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
        (drawn,) = resample_differences(true, [good, poor], [(0, 1)], resamples=200, seed=trial)
        low, high = np.quantile(drawn.mae, [0.025, 0.975])
        covered += low <= expected <= high
    # binomial(200, 0.95): 190 expected, standard deviation 3; intervals of 40 samples are a little too narrow
    assert 176 <= covered <= 199


def test_groups_are_drawn_as_wholes_and_widen_the_interval():
    rng = np.random.default_rng(4)
    groups = np.repeat(np.arange(10), 8)
    draws = redrawn(80, 50, 0, groups)
    np.testing.assert_allclose(draws.sum(axis=1), 1)
    assert all(len(set(row[groups == group])) == 1 for row in draws for group in range(10))
    true = rng.normal(size=(80, 6))
    good = true + 0.5 * np.repeat(rng.normal(size=(10, 1)), 8, axis=0)
    poor = true + 0.6 * np.repeat(rng.normal(size=(10, 1)), 8, axis=0)
    alone, together = (
        resample_differences(true, [good, poor], [(0, 1)], seed=1, groups=given)[0].mae.std()
        for given in (None, groups)
    )
    assert together > 2 * alone


def test_several_pairs_are_those_of_each_alone(noisy):
    true, good, poor = noisy
    other = (good + poor) / 2
    pairs = [(0, 1), (2, 1), (0, 2)]
    together = resample_differences(true, [good, poor, other], pairs, resamples=9, seed=3)
    for (first, second), found in zip(pairs, together, strict=True):
        two = [[good, poor, other][place] for place in (first, second)]
        (alone,) = resample_differences(true, two, [(0, 1)], resamples=9, seed=3)
        np.testing.assert_array_equal(found.mae, alone.mae)
        np.testing.assert_array_equal(found.pcc, alone.pcc)
