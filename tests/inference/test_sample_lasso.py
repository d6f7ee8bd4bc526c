from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import Lasso

from landmark.errors import BadConfiguration
from landmark.inference import mixtures
from landmark.inference.cross_fit import cross_fitted, parts
from landmark.inference.predictor import Task
from landmark.inference.sample_lasso import FittedSampleLasso, SampleLasso
from landmark.progress import silent


def expression(samples, genes, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(samples, 5)) @ rng.normal(size=(5, genes)) + rng.normal(size=(samples, genes))
    return ((X - X.mean(axis=0)) / X.std(axis=0)).astype(np.float32)


def fitted(train, genes, alpha, intercept=True):
    return FittedSampleLasso(train[:, :genes], train[:, genes:], intercept, {"alpha": alpha})


def by_scikit_learn(train, genes, new, alpha, intercept=True):
    """Genes are the observations, training samples the variables; return weights and predictions."""
    weights, predicted = [], []
    for y in new.astype(float):
        model = Lasso(alpha=alpha, fit_intercept=intercept, tol=1e-10, max_iter=200_000)
        model.fit(train[:, :genes].T.astype(float), y)
        weights.append(model.coef_)
        predicted.append(model.predict(train[:, genes:].T.astype(float)))
    return np.array(weights), np.array(predicted)


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize(
    ("samples", "genes", "alpha"),
    [(90, 40, 0.05), (90, 40, 0.2), (90, 40, 0.002), (30, 70, 0.02), (40, 40, 0.1)],
)
def test_mixtures_and_predictions_equal_those_of_scikit_learn(samples, genes, alpha, intercept):
    X = expression(samples + 12, genes + 15)
    train, new = X[:samples], X[samples:, :genes]
    ours = fitted(train, genes, alpha, intercept)
    weights, predicted = by_scikit_learn(train, genes, new, alpha, intercept)
    np.testing.assert_allclose(ours.mixtures(new), weights, atol=1e-4)
    np.testing.assert_allclose(ours.predict(new), predicted, atol=1e-4)
    np.testing.assert_array_equal(ours.mixtures(new) != 0, weights != 0)


def test_nothing_is_mixed_from_the_least_penalty_that_forbids_it():
    X = expression(50, 30)
    train, new = X[:40], X[40:, :20]
    centred, y = (
        train[:, :20] - train[:, :20].mean(axis=1, keepdims=True),
        new - new.mean(axis=1, keepdims=True),
    )
    most = np.abs(y.astype(float) @ centred.T / 20).max()
    for alpha in (most * (1 + 1e-6), 2 * most):
        ours = fitted(train, 20, alpha)
        assert (ours.mixtures(new) == 0).all()
        expected = np.repeat(new.mean(axis=1, keepdims=True), 10, axis=1)
        np.testing.assert_allclose(ours.predict(new), expected, atol=1e-6)
    assert (fitted(train, 20, most * 0.99).mixtures(new) != 0).sum() == 1


def test_copies_of_training_samples_predict_as_one_does():
    X = expression(45, 50)
    train, new = X[:35], X[35:, :40]
    twice = np.concatenate([train, train[:10], train[:10]])
    once, copied = fitted(train, 40, 0.05), fitted(twice, 40, 0.05)
    np.testing.assert_allclose(copied.predict(new), once.predict(new), atol=1e-4)
    shares = copied.mixtures(new)
    summed = shares[:, :35].copy()
    summed[:, :10] += shares[:, 35:45] + shares[:, 45:]
    np.testing.assert_allclose(summed, once.mixtures(new), atol=1e-4)


def test_a_mixture_does_not_depend_on_where_the_search_begins():
    X = expression(102, 55)
    mixer, new = mixtures.Mixer(X[:90, :40], intercept=True), X[90:, :40]
    found = mixer.solve(new, 0.03).weights
    for other in (0.5, 0.03, 0.005):
        again = mixer.solve(new, 0.03, start=mixer.solve(new, other).weights)
        np.testing.assert_allclose(again.weights, found, atol=1e-6)


@pytest.mark.parametrize("iterations", [0, 2])
def test_a_search_that_begins_far_away_ends_at_the_same_mixture(monkeypatch, iterations):
    X = expression(102, 55)
    train, new = X[:90], X[90:, :40]
    found = fitted(train, 40, 0.01).mixtures(new)
    monkeypatch.setattr(mixtures, "ITERATIONS", iterations)
    np.testing.assert_allclose(fitted(train, 40, 0.01).mixtures(new), found, atol=1e-6)


def test_a_sample_that_is_average_in_every_gene_is_a_mixture_of_none():
    X = expression(40, 30)
    assert (fitted(X, 20, 0.01).mixtures(np.zeros((1, 20), np.float32)) == 0).all()


def test_a_training_sample_with_little_penalty_is_a_mixture_of_itself():
    X = expression(60, 50)
    np.testing.assert_allclose(fitted(X, 40, 0.01).mixtures(X[:5, :40]).argmax(axis=1), np.arange(5))


def test_a_sample_does_not_depend_on_its_neighbours(monkeypatch):
    X = expression(340, 40)
    ours, new = fitted(X[:60], 30, 0.05), X[60:, :30]
    together = ours.predict(new)
    alone = np.concatenate([ours.predict(new[[row]]) for row in (0, 255, 256, 279)])
    np.testing.assert_allclose(alone, together[[0, 255, 256, 279]], atol=1e-6)
    monkeypatch.setattr(mixtures, "BLOCK", 64)
    np.testing.assert_allclose(fitted(X[:60], 30, 0.05).predict(new), together, atol=1e-6)


def test_the_penalty_with_the_least_validation_error_is_chosen(task_of):
    task, _ = task_of(25)
    landmarks, targets, held, truth = task.divided()
    train = np.hstack([landmarks, targets])
    errors = {
        alpha: np.abs(by_scikit_learn(train, 25, held, alpha)[1] - truth).mean()
        for alpha in (0.5, 0.1, 0.05, 0.02)
    }
    details = SampleLasso((0.1, 0.02, 0.5, 0.05)).fit(task, silent).details
    assert details["alpha"] == min(errors, key=errors.__getitem__)
    assert details["validation_error"] == pytest.approx(min(errors.values()), rel=1e-4)
    weights, _ = by_scikit_learn(train, 25, held, details["alpha"])
    assert details["mixed_samples"] == (weights != 0).sum(axis=1).mean()


@pytest.mark.parametrize("intercept", [True, False])
def test_cross_fitting_mixes_samples_of_other_folds_with_one_penalty(task_of, intercept):
    task, _ = task_of(25)
    method = SampleLasso((0.3, 0.1), intercept)
    found = cross_fitted(method, task, 4, silent, seed=1)
    alpha = method.fit(task, silent).details["alpha"]
    for part in parts(task, 4, 1):
        others = np.hstack([part.task.landmarks, part.task.targets])
        _, predicted = by_scikit_learn(others, 25, part.landmarks, alpha, intercept)
        np.testing.assert_allclose(found[part.held], part.scaling.invert(predicted), atol=1e-4)


def test_cross_fitting_does_not_look_at_what_it_predicts(task_of):
    task, _ = task_of(25)
    (held, *_) = (part.held for part in parts(task, 4, 0))
    changed = task.targets.copy()
    changed[held] = changed[held][::-1]
    method = SampleLasso((0.1,))
    before, after = (
        cross_fitted(method, given, 4, silent) for given in (task, replace(task, targets=changed))
    )
    np.testing.assert_array_equal(before[held], after[held])
    assert np.abs(before[~held] - after[~held]).max() > 0.01


def test_a_single_penalty_is_taken_as_it_is(task_of):
    assert SampleLasso((0.3,)).fit(task_of(25)[0], silent).details["alpha"] == 0.3


@pytest.mark.parametrize("alphas", [(), (0.1, 0.0), (-1.0,), (float("nan"),)])
def test_penalties_that_are_not_positive_are_refused(alphas):
    with pytest.raises(BadConfiguration, match="positive"):
        SampleLasso(alphas)


def test_columns_of_an_annotation_count_like_genes(task_of):
    task, new = task_of(25)
    as_genes = Task(task.landmarks, task.targets, task.validation)
    with_two = Task(task.landmarks, task.targets, task.validation, covariates=2)
    one, other = (SampleLasso((0.1,)).fit(given, silent).predict(new) for given in (as_genes, with_two))
    np.testing.assert_array_equal(one, other)


def test_what_is_stored_is_read_again(task_of, tmp_path):
    task, new = task_of(25)
    ours = SampleLasso((0.1,), intercept=False).fit(task, silent)
    ours.save(tmp_path)
    read = FittedSampleLasso.load(tmp_path)
    assert (read.intercept, dict(read.details)) == (False, dict(ours.details))
    np.testing.assert_array_equal(read.mixtures(new), ours.mixtures(new))
    np.testing.assert_array_equal(read.predict(new), ours.predict(new))


def test_it_says_that_it_cannot_be_explained_by_genes(task_of):
    with pytest.raises(BadConfiguration, match="DeepLIFT cannot explain"):
        SampleLasso((0.1,)).fit(task_of(25)[0], silent).network([0])
