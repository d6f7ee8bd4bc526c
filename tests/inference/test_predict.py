"""Laws that hold for every predictor, and the bookkeeping around them."""

import numpy as np
import pytest

from landmark.errors import BadData, Cancelled
from landmark.inference.networks import Dgex
from landmark.inference.predict import fit, predict, predict_test
from landmark.inference.ridge import Ridge
from landmark.inference.split import validation_rows
from landmark.inference.trained import METHODS
from landmark.models.settings import DgexConfiguration

LANDMARKS = [f"g{i}" for i in range(20)]
TARGETS = [f"g{i}" for i in range(30, 60)]
SMALL = DgexConfiguration(
    layers=1, units=48, epochs=60, batch_size=10, dropout=0.0, learning_rate=0.02, lowest_learning_rate=1e-4
)


@pytest.fixture(params=sorted({*METHODS} - {"graph"}))  # that is slow to compile: test_graph.py
def predictor(request):
    return Dgex(SMALL) if request.param == "dgex" else METHODS[request.param]()


def test_every_method_does_better_than_the_mean(split, predictor):
    result = predict(split, LANDMARKS, TARGETS, predictor)
    assert result.predicted.shape == result.true.shape == (30, 30)
    assert result.predicted.dtype == result.true.dtype == np.float32
    assert result.targets == tuple(TARGETS)
    error, mean_error = np.abs(result.true - result.predicted).mean(), np.abs(result.true).mean()
    assert error < 0.9 * mean_error
    assert result.details["validation_error"] < 1


def test_same_seed_same_prediction(split, predictor):
    first, second = (predict(split, LANDMARKS, TARGETS, predictor, seed=5).predicted for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_progress_is_told_and_cancelling_passes_through(split, predictor):
    def stop(progress):
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        predict(split, LANDMARKS, TARGETS, predictor, report=stop)


def test_test_samples_are_predicted_one_by_one(split, predictor):
    trained = fit(split, LANDMARKS, TARGETS, predictor)
    X = split.test_columns(LANDMARKS)
    alone = np.concatenate([trained.fitted.predict(X[[row]]) for row in range(3)])
    np.testing.assert_allclose(trained.fitted.predict(X)[:3], alone, rtol=1e-5, atol=1e-5)


def test_some_of_the_targets_are_those_of_all(split, predictor):
    trained = fit(split, LANDMARKS, TARGETS, predictor)
    every, some = predict_test(split, trained, TARGETS), predict_test(split, trained, TARGETS[4:1:-1])
    np.testing.assert_array_equal(some.predicted, every.predicted[:, 4:1:-1])
    np.testing.assert_array_equal(some.true, every.true[:, 4:1:-1])
    with pytest.raises(BadData, match="g25 is not among the 30 genes"):
        predict_test(split, trained, ["g25"])


def test_targets_that_are_landmark_genes_are_taken_as_measured(split):
    apart = predict(split, LANDMARKS, TARGETS, Ridge())
    both = predict(split, LANDMARKS, [TARGETS[0], "g3", *TARGETS[1:]], Ridge())
    np.testing.assert_array_equal(both.predicted[:, 1], both.true[:, 1])
    np.testing.assert_array_equal(np.delete(both.predicted, 1, axis=1), apart.predicted)


@pytest.mark.parametrize(("landmarks", "targets"), [([], TARGETS), (LANDMARKS, []), (LANDMARKS, LANDMARKS)])
def test_nothing_to_predict_is_refused(split, landmarks, targets):
    with pytest.raises(BadData, match="nothing to predict"):
        predict(split, landmarks, targets, Ridge())


@pytest.mark.parametrize("samples", [2, 3, 20, 1000])
def test_a_tenth_of_the_samples_validates(samples):
    rows = validation_rows(samples, 0)
    assert rows.sum() == max(1, round(samples / 10))
    np.testing.assert_array_equal(rows, validation_rows(samples, 0))
    if samples == 1000:
        assert (rows != validation_rows(samples, 1)).any()


def test_one_sample_cannot_validate():
    with pytest.raises(BadData, match="at least 2"):
        validation_rows(1, 0)


def test_validation_samples_are_whole_groups():
    groups = np.repeat(np.arange(30), 4)
    rows = validation_rows(120, 0, groups)
    assert rows.sum() == 12
    assert len(set(groups[rows]) & set(groups[~rows])) == 0
    assert (rows != validation_rows(120, 1, groups)).any()


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [([50, 30, 20], 20), ([90, 2, 8], 10), ([100], 10), ([60, 40], 40), ([49, 51], 49)],
)
def test_validation_groups_never_leave_too_few_to_learn_from(sizes, expected):
    groups = np.repeat(np.arange(len(sizes)), sizes)
    for seed in range(5):
        assert validation_rows(100, seed, groups).sum() == expected
