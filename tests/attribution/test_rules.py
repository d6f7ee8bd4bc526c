"""Every rule of the transformation, and what is refused."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax
from jax.ad_checkpoint import checkpoint_name
from jax.extend.core import jaxprs_in_params

from landmark.attribution import deeplift
from landmark.attribution.deeplift import residual
from landmark.attribution.rules import RULES
from landmark.errors import BadConfiguration

rng = np.random.default_rng(0)
REFERENCE = rng.standard_normal((3, 6), dtype=np.float32)
# The last sample is the reference itself: nothing contributes to no difference.
X = np.concatenate([rng.standard_normal((4, 3, 6), dtype=np.float32), REFERENCE[None]])
KERNEL = rng.standard_normal((5, 3, 2), dtype=np.float32)
MASK = rng.random((3, 6)) < 0.5
OTHER = rng.standard_normal((3, 6), dtype=np.float32)


@jax.custom_jvp
def steep(x):
    return jnp.tanh(3 * x)


steep.defjvp(lambda primals, tangents: (steep(*primals), tangents[0]))


@jax.custom_vjp
def reversed_gradient(x):
    return 2 * x


reversed_gradient.defvjp(lambda x: (2 * x, None), lambda _, g: (-g,))

LINEAR = {
    "matrix product from the left": lambda x: OTHER.T @ x,
    "einsum": lambda x: jnp.einsum("nij,kj->nik", x, OTHER),
    "convolution": lambda x: lax.conv_general_dilated(x, KERNEL, (2,), "SAME"),
    "reshape and transpose": lambda x: x.transpose(0, 2, 1).reshape(len(x), 9, 2)[:, ::-1],
    "broadcast": lambda x: jnp.broadcast_to(x[:, None], (len(x), 2, 3, 6)) * np.ones((2, 3, 6), np.float32),
    "concatenate": lambda x: jnp.concatenate([x, 2 * x[:, :1], np.ones((len(x), 1, 6), np.float32)], axis=1),
    "pad": lambda x: jnp.pad(x, ((0, 0), (1, 2), (0, 0)), constant_values=7),
    "split": lambda x: jnp.split(x, 3, axis=2)[1],
    "columns": lambda x: x[:, :, np.array([4, 0, 0])],
    "take": lambda x: jnp.take(x, np.array([1, 2]), axis=1),
    "dynamic slice": lambda x: lax.dynamic_slice_in_dim(x, 2, 3, axis=2),
    "sum and mean": lambda x: x.sum(axis=1) + x.mean(axis=(1, 2))[:, None],
    "running sum": lambda x: jnp.cumsum(x, axis=2),
    "average pooling": lambda x: lax.reduce_window(x, 0.0, lax.add, (1, 1, 3), (1, 1, 2), "SAME") / 3,
    "negate and subtract": lambda x: 5 - (-x) - OTHER,
    "where a constant says so": lambda x: jnp.where(MASK, x, OTHER),
    "where a constant chooses between two variables": lambda x: jnp.where(MASK, x, x[:, ::-1]),
    "stack and unstack": lambda x: jnp.stack(jnp.unstack(x, axis=1)[::2], axis=2),
    "tile": lambda x: jnp.tile(x, (1, 2, 1)),
    "overwrite": lambda x: x.at[:, 0].set(x[:, 1]).at[:, 2, 3].set(7.0),
    "add at": lambda x: x.at[:, np.array([0, 0])].add(2 * x[:, 1:]),
    "update a slice": lambda x: lax.dynamic_update_slice(x, x[:, :1], (0, 2, 0)),
    "rematerialised": jax.checkpoint(lambda x: 2 * x),
}

NON_LINEAR = {
    "max pooling": lambda x: lax.reduce_window(x, -jnp.inf, lax.max, (1, 1, 2), (1, 1, 2), "VALID"),
    "overlapping max pooling": lambda x: lax.reduce_window(
        x, -jnp.inf, lax.max, (1, 2, 3), (1, 1, 2), "SAME"
    ),
    "min pooling": lambda x: lax.reduce_window(x, jnp.inf, lax.min, (1, 1, 2), (1, 1, 2), "VALID"),
    "largest": lambda x: x.max(axis=(1, 2)),
    "smallest": lambda x: x.min(axis=2),
    "clip": lambda x: jnp.clip(x, -0.5, 0.5) + lax.clamp(-1.0, x, 0.2),
    "constant first": lambda x: jnp.maximum(0.1, x) - jnp.minimum(OTHER, x),
    "maxout of one variable": lambda x: jnp.maximum(x, 0.2 * x),
    "step": lambda x: (x > 0).astype(jnp.float32) * x,
    "condition from two": lambda x: jnp.where((x > -1) & ~(x > 1), x, jnp.sign(x)),
    "nested conditions": lambda x: jnp.where(jnp.where(x > 0, x > 1, x > -1), x, 0),
    "ratio of one variable": lambda x: x / (1 + jnp.exp(-x)),
    "constant over variable": lambda x: 2 / (3 + jnp.square(x)),
    "polynomial": lambda x: x**3 - 2 * x**2 + x * x * x + x**-1,
    "real power": lambda x: jnp.abs(x) ** 1.5,
    "real power of negative numbers": lambda x: jnp.power(x, 2.0),
    "shortcut": lambda x: x + jnp.tanh(x @ OTHER.T @ OTHER),
    "custom derivative, forward": steep,
    "nested jit": jax.jit(lambda x: jax.jit(jax.nn.elu)(x) * 2),
    "elementwise functions": lambda x: (
        jnp.sin(x) + jnp.cos(x) + lax.erf(x) + lax.erfc(x) + jnp.exp2(x) + jax.nn.sigmoid(x) + jnp.cbrt(x)
    ),
    "functions of positive numbers": lambda x: jnp.log(x**2 + 1) + jnp.log1p(x**2) + lax.rsqrt(x**2 + 1),
    "comparisons": lambda x: jnp.where(
        (x >= 1) ^ (x <= -1) | (x == 0) | ~jnp.isfinite(x) | (x != x), 2 * x, x
    ),
    "exact GELU, which copies": lambda x: jax.nn.gelu(x, approximate=False),
    "named for rematerialisation": lambda x: checkpoint_name(jnp.tanh(x), "hidden"),
    "a gradient inside": jax.grad(lambda x: (jnp.sin(x) + x * jnp.tanh(x)).sum()),
    "normalised with stored statistics": lambda x: (x - OTHER) / jnp.sqrt(OTHER**2 + 1e-3) * MASK + 1,
}


def contributions_of(f):
    return jax.jit(functools.partial(deeplift, f))(X, REFERENCE)


@pytest.mark.parametrize("name", LINEAR)
def test_linear_operations_contribute_their_gradient_times_the_difference(name):
    f = LINEAR[name]

    @jax.jit
    def both(x, x0):
        gradients = jax.vmap(jax.jacobian(lambda x: f(x[None])[0]))(x)
        return deeplift(f, x, x0), jax.vmap(jnp.multiply)(gradients, x - x0)

    found, expected = both(X, REFERENCE)
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("name", NON_LINEAR)
def test_non_linear_operations_sum_to_the_difference(name):
    f = NON_LINEAR[name]

    @jax.jit
    def both(x, x0):
        contributions = deeplift(f, x, x0)
        return contributions, residual(f, x, x0, contributions)

    found, missed = map(np.asarray, both(X, REFERENCE))
    assert np.isfinite(found).all()
    assert np.abs(missed).max() < 1e-5 * np.abs(found).max()
    assert (found[-1] == 0).all()


def test_what_a_custom_derivative_says_is_not_asked():
    """The network's values count: a derivative that was made up for training has no say."""
    found = contributions_of(reversed_gradient)
    expected = jnp.eye(18).reshape(3, 6, 3, 6) * 2 * (X - REFERENCE)[:, None, None]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_rounding_inside_a_network_is_passed_over():
    found = contributions_of(lambda x: x.astype(jnp.bfloat16).astype(jnp.float32) * 2)
    expected = jnp.eye(18).reshape(3, 6, 3, 6) * 2 * (X - REFERENCE)[:, None, None]
    np.testing.assert_allclose(found, expected, rtol=1e-2)


def test_max_pooling_credits_the_element_that_decides():
    """By hand: the reference's maximum 5 falls to 3, so the fall is the work of the element that held it."""

    x = np.array([[1.0, 3.0, 2.0], [1.0, 3.0, 9.0]])
    found = jax.jit(lambda x: deeplift(lambda x: x.max(axis=1), x, np.array([5.0, 0.0, 0.0])))(x)
    np.testing.assert_allclose(found, [[-2, 0, 0], [0, 0, 4]])


REFUSED = {
    "mul": lambda x: x[:, 0] * x[:, 1],
    "div": lambda x: x[:, 0] / x[:, 1],
    "dot_general": lambda x: jnp.einsum("nij,nkj->nik", x, x),
    "conv_general_dilated": lambda x: lax.conv_general_dilated(x, x[:, :, :2], (1,), "SAME"),
    "max": lambda x: jnp.maximum(x[:, 0], x[:, 1]),
    "gt": lambda x: jnp.where(x[:, 0] > x[:, 1], 1.0, 0.0),
    "select_n": lambda x: jnp.where(x[:, 0] > 0, x[:, 1], 0.0),
    "sort": lambda x: jnp.sort(x, axis=2),
    "argmax": lambda x: jnp.argmax(x, axis=2),
    "scan": lambda x: lax.scan(lambda c, _: (jnp.sin(c), None), x, None, length=2)[0],
    "pow": lambda x: jnp.abs(x) ** x,
    "clamp": lambda x: lax.clamp(-jnp.abs(x), x, x),
    "convert_element_type": lambda x: lax.dynamic_slice_in_dim(x, x[0, 0, 0].astype(int), 1),
    "gather": lambda x: lax.gather(
        x[0, 0],
        jnp.where(x[0, 0, :1] > 0, 1, 0),
        lax.GatherDimensionNumbers(offset_dims=(0,), collapsed_slice_dims=(), start_index_map=(0,)),
        slice_sizes=(2,),
    ),
    "add": lambda x: jnp.arange(3.0)[jnp.where(x > 0, 1, 0)],
    "reduce_prod": lambda x: x.prod(axis=2),
    "stop_gradient": lambda x: lax.stop_gradient(x),
    "reduce_or": lambda x: (x > 0).any(axis=2).astype(float),
    "slice": lambda x: (x > 0)[:, 1:],
}


NAMED = {
    "dynamic_slice": "convert_element_type",
    "gather": "convert_element_type",
    "reduce_max": "reduce_or",
    "softmax": "",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_rule_is_not_defined_for_is_named(name):
    with pytest.raises(BadConfiguration, match=f"operation '{name}.*Supported are"):
        deeplift(REFUSED[name], X, REFERENCE)


def test_a_condition_is_no_output():
    with pytest.raises(BadConfiguration, match="condition"):
        deeplift(lambda x: x > 0, X, REFERENCE)


def primitives_of(jaxpr):
    for equation in jaxpr.eqns:
        yield equation.primitive.name
        for nested in jaxprs_in_params(equation.params):
            yield from primitives_of(nested)


def test_every_rule_is_tried():
    functions = [*LINEAR.values(), *NON_LINEAR.values()]
    tried = {name for f in functions for name in primitives_of(jax.make_jaxpr(f)(X).jaxpr)}
    assert set(RULES) <= tried
