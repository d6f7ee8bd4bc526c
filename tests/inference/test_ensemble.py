"""The ensemble weighs its members by what they predict of samples that they have not seen."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import nnls
from sklearn.linear_model import Ridge as Linear

from landmark.analyses.choices import network_predicts
from landmark.errors import BadData
from landmark.inference import ensemble
from landmark.inference.cross_fit import cross_fitted, fold_of
from landmark.inference.ensemble import Ensemble, EnsemblePredictor, Moments, nonnegative, weights_of
from landmark.inference.kernel_ridge import KernelRidge
from landmark.inference.knn import NearestGenes
from landmark.inference.networks import Dgex
from landmark.inference.predictor import Task
from landmark.inference.ridge import Ridge
from landmark.inference.trained import LOADERS, METHODS
from landmark.progress import silent


@given(seed=st.integers(0, 10_000), members=st.integers(1, 5))
@settings(max_examples=40)
def test_weights_are_those_of_scipy(seed, members):
    rng = np.random.default_rng(seed)
    predicted, measured = rng.normal(size=(4, 30, members)), rng.normal(size=(4, 30))
    products = np.einsum("tsm,tsk->tmk", predicted, predicted)
    found = nonnegative(products, np.einsum("tsm,ts->tm", predicted, measured))
    expected = [nnls(P, y)[0] for P, y in zip(predicted, measured, strict=True)]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_members_that_predict_alike_share_the_weight():
    found = nonnegative(np.ones((1, 2, 2)), np.ones((1, 2)))
    np.testing.assert_allclose(found, [[0.5, 0.5]], atol=1e-6)
    np.testing.assert_array_equal(nonnegative(np.zeros((1, 2, 2)), np.zeros((1, 2))), [[0, 0]])


def moments_of(predicted: np.ndarray, measured: np.ndarray) -> Moments:
    """Enter five folds of predictions [members, samples, targets]."""
    moments = Moments.none(5, len(predicted), measured.shape[1])
    for fold, rows in enumerate(np.array_split(np.arange(len(measured)), 5)):
        moments.add(fold, predicted[:, rows], measured[rows])
    return moments


def test_genes_share_their_weights_only_where_that_serves_them():
    rng = np.random.default_rng(0)
    measured = rng.normal(size=(200, 60)).astype(np.float32)
    noise = rng.normal(size=(2, 200, 60)).astype(np.float32)
    alike = measured + noise  # both members are as good for every gene
    weights, error = weights_of(moments_of(alike, measured))
    np.testing.assert_allclose(
        weights, 1 / 3, atol=0.05
    )  # of two measurements with an error of 1, and 0 beside
    assert error == pytest.approx(1 / 3, abs=0.03)
    unlike = measured + noise * np.array([[0.1] * 30 + [2.0] * 30, [2.0] * 30 + [0.1] * 30])[:, None]
    weights, _ = weights_of(moments_of(unlike.astype(np.float32), measured))
    assert weights[0, :30].min() > 0.9 > 0.1 > weights[0, 30:].max()
    assert weights.min() >= 0


def test_the_error_of_weights_is_that_of_samples_they_were_not_found_on():
    rng = np.random.default_rng(1)
    measured = rng.normal(size=(20, 3)).astype(np.float32)
    predicted = rng.normal(size=(6, 20, 3)).astype(np.float32)  # nothing to do with it: zero is best, error 1
    _, error = weights_of(moments_of(predicted, measured))
    assert error > 0.95 * np.square(measured).mean()


@pytest.fixture(scope="module")
def members():
    return {"ridge": Ridge(), "knn": NearestGenes(), "kernel": KernelRidge()}


def test_an_ensemble_of_one_is_that_one_up_to_its_weight(task_of):
    task, X = task_of(12)
    alone = Ridge().fit(task, silent)
    found = Ensemble({"ridge": Ridge()}).fit(task, silent)
    np.testing.assert_allclose(found.predict(X), found.weights * alone.predict(X), rtol=1e-6)
    assert found.details["weight_ridge"] == pytest.approx(found.weights.mean())
    assert 0.7 < found.details["weight_ridge"] < 1.3


def test_it_is_hardly_behind_the_best_member_on_samples_they_have_not_seen(task_of, members):
    task, _ = task_of(12)
    errors = {
        name: float(np.square(cross_fitted(method, task, 5, silent) - task.targets).mean())
        for name, method in (members | {"ensemble": Ensemble(members)}).items()
    }
    assert errors["ensemble"] < 1.06 * min(errors.values())  # of 80 samples, weights are worth that little
    fitted = Ensemble(members).fit(task, silent)
    assert fitted.details["validation_error"] == pytest.approx(errors["ensemble"], rel=0.05)
    assert set(fitted.details) == {"weight_ridge", "weight_knn", "weight_kernel", "validation_error"}


def test_a_fold_is_predicted_with_the_weights_that_serve_the_others_best(task_of, monkeypatch):
    monkeypatch.setattr(ensemble, "SHARED", (np.inf,))
    task, _ = task_of(12)
    two = {"ridge": Ridge((1.0,)), "knn": NearestGenes((3,))}
    found = cross_fitted(Ensemble(two), task, 4, silent, seed=2)
    fold = fold_of(len(task.targets), 4, 2)
    predicted = np.array([cross_fitted(method, task, 4, silent, seed=2) for method in two.values()])
    for place in range(4):
        held = fold == place
        weights, _ = nnls(predicted[:, ~held].reshape(2, -1).T.astype(float), task.targets[~held].ravel())
        np.testing.assert_allclose(found[held], np.tensordot(weights, predicted[:, held], 1), atol=1e-4)


def test_its_network_is_what_it_predicts_and_it_is_kept(task_of, members, tmp_path):
    task, X = task_of(12)
    fitted = Ensemble(members).fit(task, silent)
    network = fitted.network([5, 0])
    found = network.apply(jax.device_put(network.parameters), jnp.asarray(X))
    np.testing.assert_allclose(found, fitted.predict(X)[:, [5, 0]], rtol=1e-4, atol=1e-5)
    fitted.save(tmp_path)
    read = LOADERS["ensemble"](tmp_path)
    np.testing.assert_array_equal(read.predict(X), fitted.predict(X))
    assert list(read.members) == list(members)
    assert read.details == pytest.approx(fitted.details)


def test_a_member_without_a_network_refuses_in_its_own_words(task_of):
    class NoNetwork:
        def network(self, columns):
            raise BadData("This predictor has no network.")

    fitted = EnsemblePredictor({"none": NoNetwork()}, np.ones((1, 3), np.float32), {})
    with pytest.raises(BadData, match="has no network"):
        fitted.network([0])


def test_networks_among_members_keep_their_checkpoints_apart(tmp_path):
    apart = Ensemble({"ridge": Ridge(), "dgex": Dgex(directory=tmp_path)}).apart("fold-1-of-5")
    assert apart.members["dgex"].directory == tmp_path / "fold-1-of-5"
    assert network_predicts({"predictor": "ensemble", "ensemble": {"members": ["ridge", "dgex"]}})
    assert not network_predicts({"predictor": "ridge", "ensemble": {"members": ["ridge", "dgex"]}})
    assert not network_predicts({"predictor": "ensemble"})


def test_without_members_it_has_those_that_a_configuration_starts_with():
    assert list(METHODS["ensemble"]().members) == ["ridge", "knn", "kernel"]


def test_where_nothing_can_be_predicted_weights_stay_small():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(60, 8)).astype(np.float32), rng.normal(size=(60, 40)).astype(np.float32)
    task = Task(X, Y, np.arange(60) % 10 == 0)
    fitted = Ensemble({"linear": Ridge((1e-3,)), "knn": NearestGenes()}).fit(task, silent)
    assert np.square(fitted.predict(X)).mean() < 0.25 * np.square(Linear().fit(X, Y).predict(X)).mean()
