import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from flax import nnx

from landmark.epigenome.network import Deepchrome
from tests.epigenome.deepchrome_torch import as_torch


def build(seed=0, **choices):
    return Deepchrome(rngs=nnx.Rngs(params=jax.random.key(seed)), **choices)


def weights(network):
    return nnx.to_pure_dict(nnx.state(network))


@pytest.fixture(scope="module")
def reads():
    return np.random.default_rng(0).poisson(3, (4, 100, 5)).astype(np.float32)


@pytest.fixture(scope="module")
def network():
    return build()


def test_number_of_weights_is_the_published_one(network):
    assert sum(array.size for array in jax.tree.leaves(weights(network))) == 644_177


def test_layer_by_layer_as_numpy_computes_it(network, reads):
    w = jax.tree.map(np.float64, weights(network))
    kernel = w["convolution"]["kernel"].reshape(10, 5, 50)
    convolved = (
        np.stack([np.einsum("gwm,wmf->gf", reads[:, i : i + 10], kernel) for i in range(91)], axis=1)
        + w["convolution"]["bias"]
    )
    np.testing.assert_allclose(network.convolved(reads), convolved, rtol=1e-4, atol=1e-4)
    active = np.maximum(convolved, 0)
    pooled = np.stack([active[:, 5 * i : 5 * i + 5].max(axis=1) for i in range(18)], axis=1)
    np.testing.assert_allclose(network.pooled(reads), pooled, rtol=1e-4, atol=1e-4)
    first = np.maximum(pooled.reshape(4, 900) @ w["first"]["kernel"] + w["first"]["bias"], 0)
    second = np.maximum(first @ w["second"]["kernel"] + w["second"]["bias"], 0)
    logits = second @ w["output"]["kernel"] + w["output"]["bias"]
    np.testing.assert_allclose(network.logits(reads), logits, rtol=1e-4, atol=1e-5)
    expected = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    np.testing.assert_allclose(network(reads), expected, rtol=1e-4, atol=1e-5)


def test_as_torch_computes_it(network, reads):
    with torch.no_grad():
        expected = as_torch(weights(network))(torch.from_numpy(reads).transpose(1, 2))
    np.testing.assert_allclose(network(reads), expected.numpy(), rtol=1e-4, atol=1e-5)


def test_starting_weights_lie_within_the_published_bounds(network):
    for name, inputs in {"convolution": 50, "first": 900, "second": 625, "output": 125}.items():
        layer = weights(network)[name]
        for array in layer.values():
            assert np.abs(array).max() <= inputs**-0.5
        assert np.abs(layer["kernel"]).max() > 0.95 * inputs**-0.5
    assert weights(network)["first"]["bias"].any()


def test_dropout_is_on_with_a_key_only(network, reads):
    np.testing.assert_array_equal(network(reads), network(reads))
    one, other = (network(reads, jax.random.key(i)) for i in (0, 1))
    assert (one != other).any()
    np.testing.assert_array_equal(build(dropout=0.0)(reads, jax.random.key(0)), network(reads))
    assert jnp.exp(one).sum(axis=1) == pytest.approx(1, abs=1e-5)
