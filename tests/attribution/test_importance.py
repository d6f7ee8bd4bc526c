"""Importance over many samples: the same figures as deeplift, in blocks, groups and on any supply of samples."""

import jax
import numpy as np
import pytest
from flax import nnx

from landmark.attribution import deeplift
from landmark.attribution import importance as attribution_importance
from landmark.attribution.deeplift import secant
from landmark.attribution.importance import (
    ACTIVATIONS,
    DenseEncoder,
    Importance,
    importance,
)
from landmark.errors import BadConfiguration, BadData, Cancelled
from landmark.models.autoencoder import Autoencoder

GENES, SAMPLES = 70, 53
X = np.random.default_rng(0).standard_normal((SAMPLES, GENES), dtype=np.float32)
REFERENCE = X[:20].mean(axis=0)
GROUPS = np.random.default_rng(1).integers(-1, 3, SAMPLES)


def encoder(*widths: int, activation: str = "sigmoid") -> DenseEncoder:
    rng = np.random.default_rng(len(widths))
    sizes = list(zip((GENES, *widths), widths, strict=False))
    return DenseEncoder(
        weights=tuple(rng.normal(0, n_in**-0.5, (n_in, n_out)).astype(np.float32) for n_in, n_out in sizes),
        biases=tuple(rng.normal(size=n_out).astype(np.float32) for _, n_out in sizes),
        activations=(activation,) * len(sizes),
    )


PAPER = encoder(20, 7)
DEEP = encoder(20, 9, 7, activation="elu")


def by_deeplift(network: DenseEncoder, target: str, X: np.ndarray = X) -> np.ndarray:
    """Contributions [samples, genes, units]."""
    found = jax.jit(lambda x: deeplift(lambda x: network.apply(x, target), x, REFERENCE))(X)
    return np.asarray(found, np.float64).transpose(0, 2, 1)


def assert_same(first: Importance, second: Importance) -> None:
    np.testing.assert_allclose(first.mean_absolute, second.mean_absolute, atol=1e-6)
    np.testing.assert_allclose(first.mean, second.mean, atol=1e-6)
    assert first.samples == second.samples


@pytest.mark.parametrize(
    ("network", "target"),
    [(encoder(7), "pre"), (encoder(7), "post"), (PAPER, "pre"), (PAPER, "post"), (DEEP, "post")],
    ids=lambda value: value if isinstance(value, str) else f"{len(value.weights)} layers",
)
def test_it_equals_the_mean_of_deeplift(network, target):
    found = importance(network, X, REFERENCE, target=target, groups=GROUPS, block=16)
    contributions = by_deeplift(network, target)
    np.testing.assert_allclose(found.mean_absolute, np.abs(contributions).mean(axis=0), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found.mean, contributions.mean(axis=0), rtol=1e-4, atol=1e-6)
    assert found.by_group.shape == (3, GENES, 7)
    for group, means in enumerate(found.by_group):
        np.testing.assert_allclose(means, contributions[group == GROUPS].mean(axis=0), rtol=1e-4, atol=1e-6)
    assert found.mean_absolute.dtype == found.mean.dtype == found.by_group.dtype == np.float32
    assert 0 < found.mean_residual <= found.worst_residual < 1e-5


def test_the_mean_sums_to_the_mean_difference_of_the_target():
    found = importance(PAPER, X, REFERENCE, target="post")
    difference = PAPER.apply(X, "post") - PAPER.apply(REFERENCE[None], "post")
    np.testing.assert_allclose(found.mean.sum(axis=0), difference.mean(axis=0), atol=1e-6)
    assert found.by_group is None


def test_blocks_of_any_size_and_samples_from_anywhere_give_the_same():
    whole = importance(PAPER, X, REFERENCE)
    assert_same(importance(PAPER, X, REFERENCE, block=1), whole)
    assert_same(importance(PAPER, (X[a : a + 9] for a in range(0, SAMPLES, 9)), REFERENCE), whole)
    assert_same(importance(PAPER, [X[:1], X[1:1], X[1:]], REFERENCE, block=200), whole)


def test_genes_are_taken_in_tiles(monkeypatch):
    whole = importance(PAPER, X, REFERENCE, groups=GROUPS)
    monkeypatch.setattr("landmark.attribution.importance._SMALLEST_TILE", 8)
    monkeypatch.setattr("landmark.attribution.importance._TILE_VALUES", 1)
    tiled = importance(PAPER, X, REFERENCE, groups=GROUPS)
    assert_same(tiled, whole)
    np.testing.assert_allclose(tiled.by_group, whole.by_group, atol=1e-6)


def test_a_sample_that_is_the_reference_contributes_nothing():
    found = importance(PAPER, np.repeat(REFERENCE[None], 3, axis=0), REFERENCE)
    assert not found.mean_absolute.any()
    assert found.worst_residual == found.mean_residual == 0


def test_permuted_genes_permute_the_importance():
    order = np.random.default_rng(2).permutation(GENES)
    permuted = DenseEncoder((PAPER.weights[0][order], PAPER.weights[1]), PAPER.biases, PAPER.activations)
    np.testing.assert_allclose(
        importance(permuted, X[:, order], REFERENCE[order]).mean_absolute,
        importance(PAPER, X, REFERENCE).mean_absolute[order],
        atol=1e-6,
    )


def test_a_hundred_thousand_samples_add_up():
    """In plain float32 the sum over so many samples is off by 1e-5 and more."""
    network = DenseEncoder((np.float32([[0.1], [0.3]]),), (np.zeros(1, np.float32),), ("linear",))
    row = np.float32([[1.1, 0.7]])
    many = (np.repeat(row, 1000, axis=0) for _ in range(100))
    found = importance(network, many, np.zeros(2, np.float32), block=20)
    np.testing.assert_allclose(found.mean_absolute[:, 0], row[0] * np.float32([0.1, 0.3]), rtol=3e-7)
    assert found.samples == 100_000


def test_one_program_serves_all_blocks_and_calls(monkeypatch):
    traced = []
    step = attribution_importance._step
    monkeypatch.setattr(attribution_importance, "_step", lambda *given: traced.append(given) or step(*given))
    attribution_importance.compiled.cache_clear()
    importance(PAPER, X, REFERENCE, block=20)
    importance(PAPER, X[:5], 0 * REFERENCE, block=20)
    attribution_importance.compiled.cache_clear()
    assert len(traced) == 1


def test_the_rule_gradient_is_gradient_times_input():
    found = importance(PAPER, X, REFERENCE, target="post", rule="gradient")
    gradients = jax.jit(jax.vmap(jax.jacobian(lambda x: PAPER.apply(x[None], "post")[0])))(X)
    expected = np.asarray(gradients).transpose(0, 2, 1) * (X - REFERENCE)[:, :, None]
    np.testing.assert_allclose(found.mean_absolute, np.abs(expected).mean(axis=0), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found.mean, expected.mean(axis=0), rtol=1e-4, atol=1e-6)
    assert found.worst_residual > 0.01


def test_progress_is_told_and_can_stop_the_work():
    seen = []
    importance(
        PAPER, X, REFERENCE, block=20, report=lambda progress: seen.append((progress.done, progress.total))
    )
    assert seen == [(20, SAMPLES), (40, SAMPLES), (SAMPLES, SAMPLES)]
    importance(PAPER, iter([X]), REFERENCE, block=20, report=lambda progress: seen.append(progress.total))
    assert seen[-1] == 0

    def stop(progress):
        raise Cancelled("The user stopped the work.")

    with pytest.raises(Cancelled):
        importance(PAPER, X, REFERENCE, block=20, report=stop)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"samples": X[:, 1:]}, r"shape \(53, 69\); the encoder takes 70 genes"),
        ({"samples": X[0]}, "shape"),
        ({"samples": X[:0]}, "no sample"),
        ({"samples": X * np.nan}, "not finite"),
        ({"reference": REFERENCE[1:]}, r"reference has shape \(69,\)"),
        ({"groups": GROUPS[1:]}, "52 group numbers for 53 samples"),
        ({"groups": GROUPS.astype(float)}, "whole number"),
        ({"groups": GROUPS - 1}, "counted from 0"),
        ({"groups": 2 * np.maximum(GROUPS, 0)}, "Group 1 has no sample"),
        ({"groups": np.full(SAMPLES, -1)}, "Group 0 has no sample"),
    ],
)
def test_samples_that_do_not_fit_are_refused(change, message):
    given = {"samples": X, "reference": REFERENCE} | change
    with pytest.raises(BadData, match=message):
        importance(PAPER, **given)


@pytest.mark.parametrize(
    ("change", "message"), [({"target": "mid"}, "'pre' or 'post'"), ({"block": 0}, "block = 0")]
)
def test_settings_that_cannot_be_used_are_refused(change, message):
    with pytest.raises(BadConfiguration, match=message):
        importance(PAPER, X, REFERENCE, **change)


@pytest.mark.parametrize(
    ("weights", "biases", "activations", "message"),
    [
        ((), (), (), "one of each per layer"),
        ((X,), (X[0],), ("relu", "relu"), "one of each per layer"),
        ((X,), (X[:, 0],), ("relu",), "Layer 1"),
        ((X, X), (X[0], X[0]), ("relu", "relu"), "Layer 2"),
        ((X,), (X[0],), ("step",), "'step' is not known; choose among elu"),
    ],
)
def test_encoders_that_do_not_fit_together_are_refused(weights, biases, activations, message):
    with pytest.raises(BadConfiguration, match=message):
        DenseEncoder(weights, biases, activations)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_of_encoders_has_a_secant(name):
    z, z0 = X[0], X[1]
    f = ACTIVATIONS[name]
    found = jax.jit(lambda z, z0: secant(f, z, z0))(z, z0)
    np.testing.assert_allclose(found * (z - z0), f(z) - f(z0), atol=1e-6)


def test_the_papers_autoencoder_is_taken_as_it_is():
    model = Autoencoder(GENES, 20, 7, rngs=nnx.Rngs(0))
    layers = [(layer.kernel[...], layer.bias[...]) for layer in (model.encoder, model.bottleneck)]
    network = DenseEncoder(*zip(*layers, strict=True), activations=("sigmoid", "sigmoid"))
    found = importance(network, X, REFERENCE, target="post")
    contributions = jax.jit(lambda x: deeplift(model.activation, x, REFERENCE))(X)
    np.testing.assert_allclose(
        found.mean_absolute, np.abs(contributions).mean(axis=0).T, atol=1e-4 * found.mean_absolute.max()
    )
