"""What holds for contributions whatever the network."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark.attribution import deeplift
from landmark.attribution.deeplift import residual
from landmark.errors import BadConfiguration

SMOOTH = [jax.nn.sigmoid, jnp.tanh, jax.nn.softplus, jax.nn.elu, jax.nn.silu, jax.nn.gelu]
BENT = [jax.nn.relu, jax.nn.leaky_relu, jax.nn.relu6, jax.nn.hard_tanh, jax.nn.hard_silu, jax.nn.celu]
OTHERS = [
    jax.nn.mish,
    jax.nn.selu,
    jax.nn.soft_sign,
    jax.nn.squareplus,
    jax.nn.sparse_plus,
    jax.nn.log_sigmoid,
]


def normal(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)


W1, W2 = normal(1, 6, 8), normal(2, 8, 3)
X, REFERENCE = normal(3, 5, 6), normal(4, 6)


def network(x: jax.Array) -> jax.Array:
    return jax.nn.sigmoid(x @ W1) @ W2 + 1


def jitted(network, x=X, reference=REFERENCE):
    return jax.jit(functools.partial(deeplift, network))(x, reference)


def small(values: jax.Array, contributions: jax.Array) -> bool:
    return bool(jnp.abs(values).max() < 1e-5 * jnp.abs(contributions).max())


def test_a_linear_network_contributes_weight_times_difference():
    bias = normal(5, 3)
    W = normal(6, 6, 3)
    contributions = jitted(lambda x: x @ W + bias)
    expected = np.einsum("ni,ik->nki", (X - REFERENCE).astype(np.float64), W)
    np.testing.assert_allclose(contributions, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("activation", [*BENT, *OTHERS], ids=lambda f: f.__name__)
def test_contributions_sum_to_the_difference_and_vanish_at_the_reference(activation):
    def network(x):
        return activation(activation(x @ W1) @ normal(7, 8, 8)) @ W2

    x = np.vstack([X, REFERENCE])

    @jax.jit
    def both(x):
        contributions = deeplift(network, x, REFERENCE)
        return contributions, residual(network, x, REFERENCE, contributions)

    contributions, missed = both(x)
    assert jnp.abs(missed).max() < 1e-5 * jnp.abs(contributions).max()
    assert (contributions[-1] == 0).all()


@pytest.mark.parametrize("activation", [jax.nn.elu, jax.nn.gelu, jax.nn.silu])
def test_a_composite_activation_is_one_non_linearity(activation):
    """With one unit per gene the contribution is the whole difference of that unit."""
    contributions = jitted(lambda x: activation(3 * x))
    expected = np.zeros((5, 6, 6), np.float32)
    gene = np.arange(6)
    expected[:, gene, gene] = activation(3 * X) - activation(3 * REFERENCE)
    np.testing.assert_allclose(contributions, expected, atol=2e-6)


def test_results_do_not_depend_on_the_batch():
    whole = jitted(network)
    alone = jax.jit(functools.partial(deeplift, network))
    each = jnp.concatenate([alone(row[None], REFERENCE) for row in X])
    np.testing.assert_allclose(whole, each, rtol=1e-5, atol=1e-6)


def test_references_may_differ_between_samples():
    references = normal(8, 5, 6)
    together = jitted(network, X, references)
    alone = jax.jit(functools.partial(deeplift, network))
    each = jnp.concatenate([alone(X[n : n + 1], references[n]) for n in range(5)])
    np.testing.assert_allclose(together, each, rtol=1e-5, atol=1e-6)


def test_it_composes_with_jit_and_vmap():
    expected = deeplift(network, X, REFERENCE)
    np.testing.assert_allclose(jitted(network), expected, rtol=1e-5, atol=1e-6)
    mapped = jax.jit(jax.vmap(functools.partial(deeplift, network), in_axes=(None, 0)))(
        X, jnp.stack([REFERENCE, 0 * REFERENCE])
    )
    np.testing.assert_allclose(mapped[0], expected, rtol=1e-5, atol=1e-6)

    @jax.jit
    def with_traced_weights(W):
        return deeplift(lambda x: jax.nn.sigmoid(x @ W) @ W2 + 1, X, REFERENCE)

    np.testing.assert_allclose(with_traced_weights(W1), expected, rtol=1e-5, atol=1e-6)


def test_outputs_of_any_shape():
    assert jitted(lambda x: network(x)[:, 0]).shape == (5, 6)
    assert jitted(lambda x: network(x)[:, :, None]).shape == (5, 3, 1, 6)
    constant = jitted(lambda x: jnp.ones((len(x), 2)), X, REFERENCE)
    assert constant.shape == (5, 2, 6)
    assert (constant == 0).all()


def test_whole_numbers_are_taken_as_they_are():
    counts = np.arange(12).reshape(2, 6)
    expected = jitted(network, counts.astype(np.float32), np.zeros(6, np.float32))
    np.testing.assert_allclose(jitted(network, counts, np.zeros(6, int)), expected)


@pytest.mark.parametrize(
    "reference", [np.zeros(5), np.zeros((2, 6)), np.zeros(())], ids=lambda r: str(r.shape)
)
def test_a_reference_of_another_shape_is_refused(reference):
    with pytest.raises(BadConfiguration, match=r"reference has shape .*must be \(6,\)"):
        deeplift(network, X, reference)


def test_samples_without_inputs_are_refused():
    with pytest.raises(BadConfiguration, match="samples by inputs"):
        deeplift(network, REFERENCE, REFERENCE)


def test_several_outputs_are_refused():
    with pytest.raises(BadConfiguration, match="2 arrays"):
        deeplift(lambda x: (x, x), X, REFERENCE)


layers = st.lists(
    st.tuples(st.integers(1, 9), st.sampled_from(SMOOTH + BENT), st.booleans()), min_size=1, max_size=3
)


@st.composite
def architectures(draw):
    """Draw a dense network of random depth, widths, activations and shortcuts, with samples and a reference."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale = draw(st.sampled_from([1e-2, 1.0, 5.0]))
    genes = width = draw(st.integers(1, 7))
    steps = []
    for units, activation, shortcut in draw(layers):
        units = width if shortcut else units
        steps.append((rng.standard_normal((width, units), np.float32), activation, shortcut))
        width = units
    x = scale * rng.standard_normal((3, genes), np.float32)
    x0 = x[0] + draw(st.sampled_from([1e-6, 1e-3, 1.0])) * rng.standard_normal(genes, np.float32)

    def network(x, order=slice(None)):
        first = True
        for W, activation, shortcut in steps:
            z = activation(x @ (W[order] if first else W) + 0.1)
            x = (
                z + (x[:, np.argsort(order)] if first and not isinstance(order, slice) else x)
                if shortcut
                else z
            )
            first = False
        return x

    return network, x, x0, rng.permutation(genes)


@settings(max_examples=6, derandomize=True)
@given(architectures())
def test_any_dense_network(drawn):
    """Contributions sum to the difference, and renaming the inputs renames the contributions."""
    network, x, x0, order = drawn

    @jax.jit
    def found(x, x0):
        contributions = deeplift(network, x, x0)
        permuted = deeplift(lambda x: network(x, order), x[:, order], x0[order])
        return contributions, permuted, residual(network, x, x0, contributions), network(x)

    contributions, permuted, missed, outputs = map(np.asarray, found(x, x0))
    # Outputs near each other carry the rounding of their own size, which no contribution can undo.
    assert np.abs(missed).max() <= 1e-5 * max(np.abs(contributions).max(), np.abs(outputs).max())
    np.testing.assert_allclose(
        permuted, contributions[:, :, order], rtol=1e-3, atol=1e-5 * np.abs(contributions).max()
    )
