"""Kernel ridge regression: as by scikit-learn; samples left out have the errors of fits without them."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sklearn.gaussian_process.kernels import RBF
from sklearn.kernel_ridge import KernelRidge as Oracle

from landmark.attribution import deeplift
from landmark.inference import kernel_ridge
from landmark.inference.cross_fit import cross_fitted, fold_of
from landmark.inference.kernel_ridge import Kernel, KernelRidge, kernels_for
from landmark.inference.predictor import Task
from landmark.inference.ridge import Ridge
from landmark.progress import silent

PENALTY = 0.1


def curved(samples: int = 90, seed: int = 0, noise: float = 0.2) -> Task:
    """Draw landmark genes, and targets that no weighted sum of them gives."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(samples, 3))
    Y = np.sin(1.5 * X) + X[:, [1, 2, 0]] ** 2 + noise * rng.normal(size=X.shape)
    X, Y = ((Z - Z.mean(axis=0)) / Z.std(axis=0) for Z in (X, Y))
    return Task(X.astype(np.float32), Y.astype(np.float32), np.arange(samples) % 10 == 0)


def with_noise(samples: int = 90) -> Task:
    """Draw a target that landmark genes give, and one that has nothing to do with them."""
    clear = curved(samples, noise=0.01)
    noise = np.random.default_rng(2).normal(size=(samples, 1)).astype(np.float32)
    return replace(clear, targets=np.hstack([clear.targets[:, :1], noise]))


def test_a_gaussian_is_that_of_scikit_learn_and_lengths_do_not_matter_to_directions():
    rng = np.random.default_rng(0)
    x, z = rng.normal(size=(7, 5)), rng.normal(size=(4, 5))
    np.testing.assert_allclose(Kernel(2.0, 0, False)(x, z), RBF(2.0)(x, z))
    np.testing.assert_allclose(Kernel(2.0, 0.5, False)(x, z), RBF(2.0)(x, z) + 0.5 * x @ z.T)
    direction = Kernel(0.8, 0, True)
    np.testing.assert_allclose(direction(3 * x, z), direction(x, z), rtol=1e-5)
    assert np.isfinite(direction(np.zeros((1, 5)), z)).all()


@pytest.mark.parametrize("groups", [None, np.arange(90) // 3])
def test_errors_of_samples_left_out_are_those_of_fits_without_them(groups):
    task = replace(curved(), groups=groups)
    fitted = KernelRidge((PENALTY,)).fit(task, silent)
    X, Y, kernel = task.landmarks.astype(float), task.targets.astype(float), fitted.kernel
    units = np.arange(90) if groups is None else groups
    errors = np.empty_like(Y)
    for unit in np.unique(units):
        held = units == unit
        oracle = Oracle(alpha=PENALTY, kernel="precomputed").fit(kernel(X[~held], X[~held]), Y[~held])
        errors[held] = Y[held] - oracle.predict(kernel(X[held], X[~held]))
    assert fitted.details["validation_error"] == pytest.approx(np.square(errors).mean(), rel=1e-4)


@pytest.mark.parametrize("most", [4096, 40])
@pytest.mark.parametrize("penalties", [(PENALTY,), (0.03, 3.0)])
@pytest.mark.parametrize("groups", [None, np.arange(90) // 3])
def test_cross_fitting_at_once_is_that_of_a_fit_for_every_fold(monkeypatch, most, penalties, groups):
    monkeypatch.setattr(kernel_ridge, "MOST_SAMPLES", most)
    monkeypatch.setattr(kernel_ridge, "BLOCK", 2)
    task = replace(with_noise(), groups=groups)
    method = KernelRidge(penalties)
    found = cross_fitted(method, task, 5, silent, seed=1)
    fitted, fold = method.fit(task, silent), fold_of(90, 5, 1, groups)
    kernel, learned = fitted.kernel, (task.landmarks[:, None] == fitted.samples).all(axis=2).any(axis=1)
    assert learned.sum() == min(most, 90)
    closest = np.full(task.targets.shape[1], np.inf)
    for penalty in penalties:
        expected = np.empty_like(task.targets)
        for held in (fold == place for place in range(5)):
            rest = learned & ~held
            oracle = Oracle(alpha=penalty, kernel="precomputed")
            oracle.fit(kernel.among(task.landmarks[rest]), task.targets[rest])
            expected[held] = oracle.predict(kernel(task.landmarks[held], task.landmarks[rest]))
        closest = np.minimum(closest, np.abs(found - expected).max(axis=0))
    np.testing.assert_allclose(closest, 0, atol=1e-4)


def test_cross_fitting_does_not_look_at_what_it_predicts():
    task = curved()
    held = fold_of(90, 5, 0) == 0
    changed = replace(task, targets=np.where(held[:, None], task.targets[::-1], task.targets))
    before, after = (cross_fitted(KernelRidge((PENALTY,)), given, 5, silent) for given in (task, changed))
    # the kernel is chosen on all samples
    kernels = [KernelRidge((PENALTY,)).fit(given, silent).kernel for given in (task, changed)]
    assert kernels[0] == kernels[1]
    np.testing.assert_allclose(before[held], after[held], atol=1e-5)
    assert np.abs(before[~held] - after[~held]).max() > 0.01


def test_it_is_fitted_as_by_scikit_learn():
    task, new = curved(), curved(seed=1).landmarks
    fitted = KernelRidge((PENALTY,)).fit(task, silent)
    oracle = Oracle(alpha=PENALTY, kernel="precomputed")
    oracle.fit(fitted.kernel(task.landmarks, task.landmarks), task.targets)
    expected = oracle.predict(fitted.kernel(new, task.landmarks))
    np.testing.assert_allclose(fitted.predict(new), expected, atol=1e-4)


def test_it_sees_what_no_weighted_sum_does():
    task, new = curved(200), curved(200, seed=1)
    errors = [
        np.abs(method.fit(task, silent).predict(new.landmarks) - new.targets).mean()
        for method in (KernelRidge(), Ridge())
    ]
    assert errors[0] < 0.6 * errors[1]


def test_each_target_gene_has_the_penalty_that_suits_it():
    task = with_noise(120)
    fitted = KernelRidge().fit(task, silent)
    predicted = fitted.predict(task.landmarks)
    assert np.abs(predicted[:, 0] - task.targets[:, 0]).mean() < 0.2
    assert predicted[:, 1].std() < 0.6


def test_blocks_of_targets_do_not_change_it(monkeypatch):
    task = curved()
    whole = KernelRidge().fit(task, silent)
    monkeypatch.setattr(kernel_ridge, "BLOCK", 2)
    np.testing.assert_allclose(KernelRidge().fit(task, silent).coefficients, whole.coefficients, rtol=1e-4)


def test_of_too_many_samples_as_many_are_drawn_as_it_can_take(monkeypatch):
    monkeypatch.setattr(kernel_ridge, "MOST_SAMPLES", 40)
    task = replace(curved(), groups=np.arange(90) // 2)
    fitted = KernelRidge().fit(task, silent)
    assert fitted.samples.shape == (40, 3)
    assert set(map(tuple, fitted.samples)) <= set(map(tuple, task.landmarks))


def test_equal_samples_are_no_obstacle():
    task = curved(20)
    same = replace(task, landmarks=np.zeros_like(task.landmarks))
    assert np.isfinite(KernelRidge().fit(same, silent).predict(task.landmarks)).all()
    assert all(kernel.width > 0 for kernel in kernels_for(same.landmarks.astype(float)))


def test_contributions_of_landmark_genes_add_up():
    task = curved()
    fitted, new = KernelRidge().fit(task, silent), curved(5, seed=3).landmarks
    network = fitted.network([2, 0])
    parameters = jax.device_put(network.parameters)

    def f(x):
        return network.apply(parameters, x)

    reference = jnp.full(3, 0.3)
    found = deeplift(f, jnp.asarray(new), reference)
    expected = f(jnp.asarray(new)) - f(reference[None])
    np.testing.assert_allclose(found.sum(axis=-1), expected, atol=1e-3)
