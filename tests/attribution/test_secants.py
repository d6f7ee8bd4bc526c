"""Secants in float32 against the mean of the derivative over the segment, integrated in float64."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import special

from landmark.attribution.deeplift import secant

Function = Callable[[np.ndarray], np.ndarray]
NODES, WEIGHTS = np.polynomial.legendre.leggauss(200)


@dataclass(frozen=True)
class Case:
    """A function, its derivative in float64, and the size below which its secant counts as noise."""

    function: Callable[[jax.Array], jax.Array]
    derivative: Function
    floor: float = 1e-30
    positive: bool = False


def gelu_tanh(z):
    """Tanh approximation, as ``z s(2 u)`` with the sigmoid ``s``."""
    inner = 2 * np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)
    s = special.expit(inner)
    return s + z * s * special.expit(-inner) * 2 * np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * z**2)


# Secants of monotone functions are positive, and right in all their digits however small. A function that
# turns has secants near zero, where only the size of what cancels can be asked for: there the floor is 0.1.
CASES = {
    "sigmoid": Case(jax.nn.sigmoid, lambda z: special.expit(z) * special.expit(-z)),
    "tanh": Case(jnp.tanh, lambda z: 4 * special.expit(2 * z) * special.expit(-2 * z)),
    "relu": Case(jax.nn.relu, lambda z: (z > 0) * 1.0),
    "leaky_relu": Case(jax.nn.leaky_relu, lambda z: np.where(z > 0, 1, 0.01)),
    "elu": Case(jax.nn.elu, lambda z: np.exp(np.minimum(z, 0))),
    "celu": Case(jax.nn.celu, lambda z: np.exp(np.minimum(z, 0))),
    "softplus": Case(jax.nn.softplus, special.expit),
    "log_sigmoid": Case(jax.nn.log_sigmoid, lambda z: special.expit(-z)),
    "exp": Case(jnp.exp, np.exp),
    "expm1": Case(jnp.expm1, np.exp),
    "exp2": Case(jnp.exp2, lambda z: np.log(2) * np.exp2(z)),
    "two to the power": Case(lambda z: jnp.power(2.0, z), lambda z: np.log(2) * np.exp2(z)),
    # Further out, exp(-z^2) magnifies the rounding of z^2 itself.
    "erf": Case(jax.lax.erf, lambda z: 2 / np.sqrt(np.pi) * np.exp(-z * z), floor=1e-25),
    "erfc": Case(jax.lax.erfc, lambda z: -2 / np.sqrt(np.pi) * np.exp(-z * z), floor=1e-25),
    "soft_sign": Case(jax.nn.soft_sign, lambda z: 1 / (1 + np.abs(z)) ** 2),
    "silu": Case(jax.nn.silu, lambda z: special.expit(z) * (1 + z * special.expit(-z)), floor=0.1),
    "gelu": Case(jax.nn.gelu, gelu_tanh, floor=0.1),
    "gelu exact": Case(
        lambda z: jax.nn.gelu(z, approximate=False),
        lambda z: special.ndtr(z) + z * np.exp(-z * z / 2) / np.sqrt(2 * np.pi),
        floor=0.1,
    ),
    "sin": Case(jnp.sin, np.cos, floor=0.1),
    "cos": Case(jnp.cos, lambda z: -np.sin(z), floor=0.1),
    "abs": Case(jnp.abs, np.sign, floor=0.1),
    "square": Case(jnp.square, lambda z: 2 * z, floor=0.1),
    "cube": Case(lambda z: z**3, lambda z: 3 * z * z),
    "log": Case(jnp.log, lambda z: 1 / z, positive=True),
    "log1p": Case(jnp.log1p, lambda z: 1 / (1 + z), positive=True),
    "sqrt": Case(jnp.sqrt, lambda z: 0.5 / np.sqrt(z), positive=True),
    "rsqrt": Case(jax.lax.rsqrt, lambda z: -0.5 * z**-1.5, positive=True),
    "cbrt": Case(jnp.cbrt, lambda z: z ** (-2 / 3) / 3, positive=True),
    "inverse square": Case(lambda z: z**-2, lambda z: -2 * z**-3.0, positive=True),
    "power 2.5": Case(lambda z: z**2.5, lambda z: 2.5 * z**1.5, positive=True),
    "reciprocal": Case(lambda z: 3 / z, lambda z: -3 / z**2, positive=True),
}


def pairs(positive: bool) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of float32 at distances from 1e-7 to 30; positive ones are no nearer to zero than 1/10 of their size."""
    rng = np.random.default_rng(0)
    distance = 10 ** rng.uniform(-7, np.log10(30), 800)
    if positive:
        low = rng.uniform(0.5, 6, len(distance)) + 0.1 * distance
        z0, z = low, low + distance
    else:
        middle = rng.normal(0, 4, len(distance))
        z0, z = middle - distance / 2, middle + distance / 2
    swap = rng.random(len(distance)) < 0.5
    z, z0 = np.where(swap, z0, z), np.where(swap, z, z0)
    return z.astype(np.float32), z0.astype(np.float32)


def mean_derivative(derivative: Function, z: np.ndarray, z0: np.ndarray) -> np.ndarray:
    """Secant in float64 without a difference of function values; split at zero, where some functions bend."""

    def integral(start: np.ndarray, end: np.ndarray) -> np.ndarray:
        points = (start + end)[:, None] / 2 + (end - start)[:, None] / 2 * NODES
        return (end - start) / 2 * (derivative(points) @ WEIGHTS)

    z, z0 = z.astype(np.float64), z0.astype(np.float64)
    across = z * z0 < 0
    turn = np.where(across, 0.0, z0)
    difference = z - z0
    safe = np.where(difference == 0, 1, difference)
    whole = (integral(turn, z) + np.where(across, integral(z0, turn), 0)) / safe
    return np.where(difference == 0, derivative(z), whole)


@functools.cache
def compiled(name: str) -> Callable[[np.ndarray, np.ndarray], jax.Array]:
    return jax.jit(functools.partial(secant, CASES[name].function))


@pytest.mark.parametrize("name", CASES)
def test_secants_keep_their_digits_at_every_distance(name):
    case = CASES[name]
    z, z0 = pairs(case.positive)
    expected = mean_derivative(case.derivative, z, z0)
    found = np.asarray(compiled(name)(z, z0), np.float64)
    error = np.abs(found - expected) / np.maximum(np.abs(expected), case.floor)
    worst = int(error.argmax())
    assert error.max() < 1e-5, f"{error.max():.1e} at z = {z[worst]}, z0 = {z0[worst]}"


@pytest.mark.parametrize("name", CASES)
def test_where_both_meet_the_secant_is_the_derivative(name):
    case = CASES[name]
    z, _ = pairs(case.positive)
    found = compiled(name)(z, z)
    np.testing.assert_allclose(
        found, case.derivative(z.astype(np.float64)), rtol=1e-5, atol=1e-5 * case.floor
    )


@pytest.mark.parametrize("name", CASES)
def test_secants_are_symmetric(name):
    case = CASES[name]
    z, z0 = pairs(case.positive)
    np.testing.assert_allclose(
        compiled(name)(z, z0), compiled(name)(z0, z), rtol=1e-5, atol=1e-6 * case.floor
    )


@pytest.mark.parametrize("function", [jax.nn.sigmoid, jnp.tanh, jax.nn.softplus, jax.nn.elu, jax.nn.gelu])
def test_nothing_overflows_far_from_zero(function):
    z = jnp.asarray([300.0, -300.0, 300.0, -300.0, 88.0])
    z0 = jnp.asarray([-300.0, 300.0, 299.0, -300.0, -88.0])
    assert np.isfinite(secant(function, z, z0)).all()


def test_a_root_of_zero_has_no_finite_slope_and_takes_part_in_nothing():
    zeros = jnp.zeros(2)
    assert secant(jnp.sqrt, zeros, zeros).tolist() == [0, 0]
    assert secant(jnp.cbrt, zeros, zeros).tolist() == [0, 0]
