"""Every training sample is predicted by a fit that has not seen it."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import Ridge as Oracle
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from landmark.errors import BadData, Cancelled
from landmark.inference.cross_fit import cross_fitted, fold_of, parts
from landmark.inference.kernel_ridge import KernelRidge
from landmark.inference.networks import Dgex, Graph
from landmark.inference.predictor import Task
from landmark.inference.ridge import Ridge
from landmark.inference.sample_lasso import SampleLasso
from landmark.inference.split import Groups, SplitExpression
from landmark.progress import silent


@dataclass(frozen=True)
class Memory:
    """Knows the samples that it was fitted on: gives the targets of the one with the nearest landmark genes."""

    task: Task | None = None

    def fit(self, task, report):
        return Memory(task)

    def predict(self, landmarks):
        distance = ((landmarks[:, None] - self.task.landmarks[None]) ** 2).sum(axis=-1)
        return self.task.targets[distance.argmin(axis=1)]


class Anew(Ridge):
    """Ridge regression that is fitted once for every fold."""

    cross_fitted = None


def noise(samples: int, groups=None) -> Task:
    """Draw genes that have nothing to do with each other, standardised; samples of a group are equal."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(samples, 12))
    if groups is not None:
        X = X[groups]
    X = ((X - X.mean(axis=0)) / X.std(axis=0)).astype(np.float32)
    return Task(X[:, :4], X[:, 4:], np.arange(len(X)) % 10 == 0, groups=groups)


def test_no_sample_is_seen_by_the_fit_that_predicts_it():
    task = noise(43)
    seen = Memory(task).predict(task.landmarks)
    np.testing.assert_array_equal(seen, task.targets)  # it remembers whatever it has seen
    found = cross_fitted(Memory(), task, 5, silent)
    assert found.shape == task.targets.shape
    assert found.dtype == np.float32
    assert np.abs(found - task.targets).max(axis=1).min() > 0.1


@pytest.mark.parametrize("method", [Memory(), Ridge(), KernelRidge(), SampleLasso((0.3,))])
def test_predictions_of_some_samples_are_those_of_all(method):
    task, wanted = noise(43), np.arange(43) % 3 == 1
    every, some = (cross_fitted(method, task, 5, silent, wanted=asked) for asked in (None, wanted))
    np.testing.assert_array_equal(some, every[wanted])


def test_samples_of_a_group_are_never_apart():
    groups = np.random.default_rng(1).integers(0, 15, 60)
    together = noise(15, groups)
    found = cross_fitted(Memory(), together, 5, silent)
    assert np.abs(found - together.targets).max(axis=1).min() > 0.1
    alone = cross_fitted(Memory(), replace(together, groups=None), 5, silent)
    assert (np.abs(alone - together.targets).max(axis=1) < 1e-4).mean() > 0.8


def test_a_split_hands_its_groups_to_the_folds():
    X = np.random.default_rng(0).normal(size=(30, 8)).astype(np.float32)
    train, test = np.arange(20) // 2, np.arange(10)
    split = SplitExpression.of(X[:20], X[20:], list("abcdefgh"), groups=Groups(train, test))
    task = split.task(["a", "b"], ["c", "d"], 0)
    np.testing.assert_array_equal(task.groups, train)
    assert all(set(train[part.held]).isdisjoint(train[~part.held]) for part in parts(task, 4, 0))


@given(
    groups=st.lists(st.integers(0, 9), min_size=3, max_size=60),
    folds=st.integers(2, 8),
    seed=st.integers(0, 50),
)
def test_folds_hold_whole_groups_and_are_about_as_large(groups, folds, seed):
    groups = np.array(groups)
    fold = fold_of(len(groups), folds, seed, groups)
    np.testing.assert_array_equal(fold, fold_of(len(groups), folds, seed, groups))
    sizes, largest = np.bincount(fold), np.bincount(groups).max()
    assert 2 <= len(sizes) <= folds
    assert sizes.min() > 0
    if largest <= len(groups) / 2:
        assert all(len(set(fold[groups == group])) == 1 for group in groups)
        assert sizes.max() - sizes.min() <= largest
    else:
        assert sizes.max() - sizes.min() <= 1


def test_another_seed_deals_otherwise():
    assert (fold_of(100, 5, 0) != fold_of(100, 5, 1)).any()


@pytest.mark.parametrize("samples", [1, 2])
def test_too_few_samples_are_refused(samples):
    with pytest.raises(BadData, match="at least 3"):
        fold_of(samples, 5, 0)


def test_three_samples_are_enough():
    assert np.isfinite(cross_fitted(Ridge(), noise(3), 5, silent)).all()


def test_ridge_is_cross_fitted_as_by_scikit_learn(task_of):
    task, _ = task_of(12)
    fold = fold_of(len(task.targets), 5, 3)
    folds = [(np.flatnonzero(fold != place), np.flatnonzero(fold == place)) for place in range(5)]
    oracle = make_pipeline(StandardScaler(), Oracle(alpha=20.0))
    # standard deviations of the targets do not matter to ridge regression, their means do
    expected = cross_val_predict(oracle, task.landmarks.astype(float), task.targets.astype(float), cv=folds)
    found = cross_fitted(Anew((20.0,)), task, 5, silent, seed=3)
    np.testing.assert_allclose(found, expected, atol=2e-3)  # deviations here have a floor added


def test_products_of_a_fold_are_those_of_its_samples(task_of):
    task, _ = task_of(12)
    for part in parts(task, 3, 0):
        np.testing.assert_allclose(part.task.products(), part.task.targets @ part.task.targets.T, atol=1e-3)


def test_a_method_may_have_cross_fitted_predictions_of_its_own():
    class Own(Memory):
        def cross_fitted(self, task, folds, report, *, seed=0, wanted=None):
            return np.full(task.targets.shape, folds + seed, np.float32)

    assert (cross_fitted(Own(), noise(9), 5, silent, seed=2) == 7).all()


@pytest.mark.parametrize("method", [Dgex, Graph])
def test_networks_keep_checkpoints_of_folds_apart(method, tmp_path):
    assert method(directory=tmp_path).apart("fold-1-of-5").directory == tmp_path / "fold-1-of-5"
    assert method().apart("fold-1-of-5").directory is None


def test_progress_names_the_fold_and_cancelling_passes_through():
    stages = []
    cross_fitted(Anew(), noise(20), 4, lambda progress: stages.append(progress.stage))
    assert stages[0] == "Fitting ridge regression, fold 1 of 4"

    def stop(progress):
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        cross_fitted(Anew(), noise(20), 4, stop)
