from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import Ridge as Reference

from landmark.inference import ridge
from landmark.inference.cross_fit import fold_of
from landmark.inference.predictor import Task
from landmark.inference.ridge import Ridge, gather, validation_errors
from landmark.inference.split import validation_rows
from landmark.progress import silent


@pytest.mark.parametrize("penalty", [0.1, 10.0, 1e4])
def test_predictions_equal_those_of_scikit_learn(task_of, penalty):
    given, elsewhere = task_of(20)
    reference = Reference(alpha=penalty).fit(given.landmarks, given.targets.astype(np.float64))
    fitted = Ridge((penalty,)).fit(given, silent)
    np.testing.assert_allclose(fitted.predict(elsewhere), reference.predict(elsewhere), atol=1e-5)
    assert fitted.details["penalty"] == penalty


def test_learning_and_predicting_at_once_equals_both_in_turn(task_of):
    given, elsewhere = task_of(20)
    fitted = Ridge().fit(given, silent)
    predicted, details = Ridge().predict(given, elsewhere, silent)
    assert details == fitted.details
    np.testing.assert_allclose(predicted, fitted.predict(elsewhere), atol=1e-5)


def test_more_landmark_genes_than_samples():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(2, 15, 40))
    X -= X.mean(axis=0)
    Y -= Y.mean(axis=0)
    given = Task(X.astype("f"), Y.astype("f"), validation_rows(15, 0))
    expected = Reference(alpha=0.1, solver="svd").fit(X, Y).predict(X)
    predicted = Ridge((0.1,)).fit(given, silent).predict(given.landmarks)
    np.testing.assert_allclose(predicted, expected, atol=1e-5)


@pytest.mark.parametrize("through", ["genes", "samples"])
def test_validation_errors_equal_those_of_separate_fits(task_of, monkeypatch, through):
    monkeypatch.setattr(ridge, "BLOCK", 7)
    given = replace(task_of(20)[0], products=None)
    if through == "samples":
        Y = given.targets.astype(np.float64)
        given = replace(given, products=lambda: Y @ Y.T)
    penalties = np.array([0.1, 3.0, 100.0, 1e5])
    errors = validation_errors(gather(given, silent), penalties)
    fitted, held = ~given.validation, given.validation
    for penalty, error in zip(penalties, errors, strict=True):
        model = Reference(alpha=penalty, fit_intercept=False)
        model.fit(given.landmarks[fitted].astype(np.float64), given.targets[fitted].astype(np.float64))
        residual = model.predict(given.landmarks[held]) - given.targets[held]
        assert error == pytest.approx(np.square(residual).mean(), rel=1e-8)


def test_the_penalty_with_the_least_error_is_chosen_and_used(task_of):
    given, _ = task_of(20)
    fitted = Ridge().fit(given, silent)
    errors = validation_errors(gather(given, silent), np.array(ridge.PENALTIES))
    chosen = ridge.PENALTIES[int(errors.argmin())]
    assert fitted.details["penalty"] == chosen
    np.testing.assert_array_equal(fitted.weights, Ridge((chosen,)).fit(given, silent).weights)


def test_noise_calls_for_a_large_penalty_and_an_exact_relation_for_a_small_one():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(200, 10)).astype("f")
    noise, exact = rng.normal(size=(200, 8)).astype("f"), (X @ rng.normal(size=(10, 8))).astype("f")
    rows = validation_rows(200, 0)
    assert Ridge().fit(Task(X, noise, rows), silent).details["penalty"] > 100
    assert Ridge().fit(Task(X, exact, rows), silent).details["penalty"] == min(ridge.PENALTIES)


def test_cross_fitted_predictions_equal_fits_with_an_intercept_on_the_other_folds(task_of):
    given, _ = task_of(20)
    groups = np.arange(len(given.targets)) // 2
    given = replace(given, groups=groups)
    found = Ridge((30.0,)).cross_fitted(given, 5, silent, seed=1)
    fold = fold_of(len(groups), 5, 1, groups)
    for number in range(5):
        held = fold == number
        assert not set(groups[held]) & set(groups[~held])
        reference = Reference(alpha=30.0).fit(given.landmarks[~held], given.targets[~held].astype(np.float64))
        np.testing.assert_allclose(found[held], reference.predict(given.landmarks[held]), atol=2e-4)
