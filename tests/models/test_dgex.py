import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from landmark.models.dgex import OUTPUT_BOUND, Dgex


def build(layers=3, seed=0, landmarks=6, targets=4, units=9, **choices):
    return Dgex(landmarks, targets, layers, units, rngs=nnx.Rngs(params=jax.random.key(seed)), **choices)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_forward_pass(depth):
    network = build(depth)
    x = np.random.default_rng(0).standard_normal((5, 6)).astype(np.float32)
    parameters = nnx.to_pure_dict(nnx.state(network))
    assert list(parameters) == [*(f"hidden_{i}" for i in range(1, depth + 1)), "output"]
    h = np.float64(x)
    for i in range(1, depth + 1):
        h = np.tanh(h @ np.float64(parameters[f"hidden_{i}"]["kernel"]) + parameters[f"hidden_{i}"]["bias"])
    expected = h @ np.float64(parameters["output"]["kernel"]) + parameters["output"]["bias"]
    np.testing.assert_allclose(network(x), expected, rtol=1e-4, atol=1e-9)


def test_starting_weights_lie_within_the_published_bounds():
    parameters = nnx.to_pure_dict(nnx.state(build(landmarks=100, targets=300, units=200)))
    for name, (inputs, outputs) in {"hidden_1": (100, 200), "hidden_2": (200, 200)}.items():
        bound = np.sqrt(6 / (inputs + outputs))
        largest = np.abs(parameters[name]["kernel"]).max()
        assert 0.99 * bound < largest <= bound
    largest = np.abs(parameters["output"]["kernel"]).max()
    assert 0.99 * OUTPUT_BOUND < largest <= OUTPUT_BOUND
    assert all(not layer["bias"].any() for layer in parameters.values())


def test_dropout_spares_the_input_and_scales_hidden_units():
    network = build(1, landmarks=3, targets=1, units=20_000, dropout=0.25)
    # Output weights of 1 / units turn the output into the mean of the thinned hidden units.
    network.output.kernel[...] = jnp.full((20_000, 1), 1 / 20_000)
    network.hidden_1.kernel[...] = jnp.zeros((3, 20_000))
    network.hidden_1.bias[...] = jnp.full(20_000, 0.5)
    kept = float(network(jnp.ones((1, 3)), jax.random.key(0))[0, 0]) / np.tanh(0.5)
    assert kept == pytest.approx(1, abs=0.02)
    assert kept != pytest.approx(1, abs=1e-7)
    one_input = build(1, landmarks=1, targets=1, units=1, dropout=0.0)
    x = jnp.ones((1, 1))
    np.testing.assert_array_equal(one_input(x, jax.random.key(0)), one_input(x))
