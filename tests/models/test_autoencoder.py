import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from landmark.models.autoencoder import Autoencoder

GENES, HIDDEN, BOTTLENECK = 13, 7, 3


def build(seed=0, **choices):
    return Autoencoder(GENES, HIDDEN, BOTTLENECK, rngs=nnx.Rngs(params=jax.random.key(seed)), **choices)


def layers(network):
    parameters = nnx.to_pure_dict(nnx.state(network))
    return {name: (np.float64(p["kernel"]), np.float64(p["bias"])) for name, p in parameters.items()}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@pytest.fixture
def x():
    return np.random.default_rng(0).standard_normal((5, GENES)).astype(np.float32)


@pytest.mark.parametrize("output", ["linear", "sigmoid"])
def test_forward_pass_is_the_papers_formula(x, output):
    network = build(output=output)
    (w1, b1), (w2, b2), (w3, b3), (w4, b4) = (
        layers(network)[name] for name in ("encoder", "bottleneck", "decoder", "output")
    )
    before = sigmoid(x @ w1 + b1) @ w2 + b2
    restored = sigmoid(sigmoid(before) @ w3 + b3) @ w4 + b4
    expected = sigmoid(restored) if output == "sigmoid" else restored
    np.testing.assert_allclose(network.preactivation(x), before, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(network.activation(x), sigmoid(before), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(network(x), expected, rtol=1e-5, atol=1e-6)


def test_starting_weights_are_glorot_uniform_and_biases_zero():
    network = Autoencoder(400, 300, 50, rngs=nnx.Rngs(params=jax.random.key(1)))
    for kernel, bias in layers(network).values():
        bound = np.sqrt(6 / sum(kernel.shape))
        assert np.abs(kernel).max() <= bound
        assert np.abs(kernel).max() > 0.99 * bound
        assert kernel.std() == pytest.approx(bound / np.sqrt(3), rel=0.02)
        assert not bias.any()


def test_dropout_zeroes_its_share_and_scales_the_rest():
    network = Autoencoder(4, 20_000, 2, dropout=0.1, rngs=nnx.Rngs(params=jax.random.key(0)))
    x = jnp.ones((1, 4))
    whole = jax.nn.sigmoid(network.encoder(x))
    thinned = network._thin(whole, jax.random.key(3), 0)
    dropped = np.asarray(thinned == 0)
    assert dropped.mean() == pytest.approx(0.1, abs=0.01)
    np.testing.assert_allclose(thinned[~dropped], whole[~dropped] / 0.9, rtol=1e-6)


def test_each_hidden_layer_is_thinned_by_its_own_draw(x):
    network = build(dropout=0.5)
    assert not np.allclose(network(x, jax.random.key(0)), network(x, jax.random.key(1)))
    np.testing.assert_array_equal(network(x, jax.random.key(0)), network(x, jax.random.key(0)))
    thinned = [np.asarray(network._thin(jnp.ones(64), jax.random.key(0), layer)) for layer in range(3)]
    assert not np.array_equal(thinned[0], thinned[1])
    assert not np.array_equal(thinned[1], thinned[2])


def test_bfloat16_rounds_products_only(x):
    exact, rounded = build(), build(precision="bfloat16")

    def loss(network, x):
        return jnp.mean(jnp.square(network(x) - x))

    assert rounded(x).dtype == jnp.float32
    np.testing.assert_allclose(rounded(x), exact(x), rtol=0.05, atol=0.02)
    exact_gradient, rounded_gradient = nnx.grad(loss)(exact, x), nnx.grad(loss)(rounded, x)
    for a, b in zip(jax.tree.leaves(rounded_gradient), jax.tree.leaves(exact_gradient), strict=True):
        assert a.dtype == jnp.float32
        np.testing.assert_allclose(a, b, rtol=0.1, atol=0.02 * float(jnp.abs(b).max()))
    assert not np.array_equal(rounded(x), exact(x))
