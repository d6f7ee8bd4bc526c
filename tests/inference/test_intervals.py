import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark.errors import BadConfiguration
from landmark.inference.intervals import FEWEST_NORMALISED, Calibration, Difficulty


def errors_by_distance(samples: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True values, predictions and distances of samples, where the farther the worse."""
    rng = np.random.default_rng(seed)
    distance = rng.uniform(0.3, 3, samples).astype(np.float32)
    predicted = rng.normal(size=(samples, 40)).astype(np.float32)
    true = predicted + distance[:, None] * rng.normal(scale=0.5, size=(samples, 40))
    return true.astype(np.float32), predicted, distance


def covered(calibration: Calibration, level: float, seed: int) -> tuple[float, float]:
    """Share of values of fresh samples within their interval, and the median width."""
    true, predicted, distance = errors_by_distance(2000, seed)
    half = calibration.half_widths(level, predicted, distance)
    return float((np.abs(true - predicted) <= half).mean()), float(np.median(2 * half))


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95])
def test_intervals_cover_what_they_promise(level):
    calibration = Calibration.learn(*errors_by_distance(600, 0))
    share, _ = covered(calibration, level, 1)
    assert share == pytest.approx(level, abs=0.02)


def test_difficulty_makes_intervals_narrower_and_is_taken_then():
    true, predicted, distance = errors_by_distance(600, 0)
    normalised, plain = Calibration.learn(true, predicted, distance), Calibration.learn(true, predicted, None)
    assert normalised.difficulty is not None
    assert plain.difficulty is None
    assert covered(normalised, 0.9, 1)[1] < 0.97 * covered(plain, 0.9, 1)[1]


def test_a_distance_that_says_nothing_leaves_the_intervals_no_wider():
    rng = np.random.default_rng(0)
    true, predicted, _ = errors_by_distance(600, 0)
    true = predicted + rng.normal(size=true.shape).astype(np.float32)
    found = Calibration.learn(true, predicted, rng.uniform(0.3, 3, 600).astype(np.float32))
    half = found.half_widths(0.9, predicted, rng.uniform(0.3, 3, 600).astype(np.float32))
    plain = Calibration.learn(true, predicted, None).half_widths(0.9, predicted)
    assert np.median(half) <= 1.02 * np.median(plain)


def test_few_samples_get_intervals_of_one_width():
    few = errors_by_distance(FEWEST_NORMALISED - 1, 0)
    assert Calibration.learn(*few).difficulty is None


@given(st.integers(3, 60), st.floats(0.5, 0.95), st.integers(0, 1000))
def test_the_quantile_is_the_value_at_its_rank(samples, level, seed):
    errors = np.random.default_rng(seed).exponential(size=(samples, 3)).astype(np.float32)
    calibration = Calibration.learn(errors, np.zeros_like(errors), None)
    below = samples + 1 if level * (samples + 1) > samples else None
    if below:
        with pytest.raises(BadConfiguration, match=f"{samples} calibration samples give intervals up to"):
            calibration.quantile(level)
        return
    quantile = calibration.quantile(level)
    assert ((errors <= quantile).sum(axis=0) >= level * (samples + 1) - 1e-9).all()
    assert ((errors < quantile).sum(axis=0) < level * (samples + 1)).all()


def test_difficulty_grows_with_distance_never_shrinks():
    true, predicted, distance = errors_by_distance(400, 2)
    backwards = predicted + (true - predicted) / distance[:, None] ** 2  # the nearer the worse
    for truth in (true, backwards):
        difficulty = Difficulty.learn(np.abs(truth - predicted), predicted, distance)
        near, far = (difficulty.of(predicted, np.full(400, d, np.float32)) for d in (0.5, 2.0))
        assert (far >= near * (1 - 1e-5)).all()


def test_it_comes_back_from_its_arrays():
    true, predicted, distance = errors_by_distance(300, 3)
    for made in (Calibration.learn(true, predicted, distance), Calibration.learn(true, predicted, None)):
        again = Calibration.of_arrays(made.arrays())
        np.testing.assert_array_equal(
            again.half_widths(0.9, predicted, distance), made.half_widths(0.9, predicted, distance)
        )
