"""Explanations of any network, summed up over blocks of samples."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from landmark.attribution import deeplift
from landmark.attribution.explanation import explain
from landmark.errors import BadConfiguration, BadData, Cancelled

rng = np.random.default_rng(0)
X, REFERENCE = rng.normal(size=(2, 23, 6)).astype("f")[0], rng.normal(size=6).astype("f")
W = rng.normal(size=(6, 4)).astype("f"), rng.normal(size=(4, 3)).astype("f")
GROUPS = np.array([0, 1, -1, 1, 2] * 4 + [0, 0, 2])


def network(weights, x):
    return jnp.tanh(x @ weights[0]) @ weights[1]


@pytest.mark.parametrize("block", [1, 8, 64])
def test_it_is_the_mean_of_deeplift_whatever_the_block(block):
    found = explain(network, W, X, REFERENCE, groups=GROUPS, block=block)
    each = np.asarray(jax.jit(lambda x: deeplift(lambda x: network(W, x), x, REFERENCE))(X), np.float64)
    change = (X - REFERENCE).astype(np.float64)
    np.testing.assert_allclose(found.mean, each.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(found.mean_absolute, np.abs(each).mean(axis=0), atol=1e-6)
    slope = np.einsum("noi,ni->oi", each, change) / np.square(change).sum(axis=0)
    np.testing.assert_allclose(found.slope, slope, atol=1e-5)
    for group in range(3):
        np.testing.assert_allclose(found.by_group[group], each[group == GROUPS].mean(axis=0), atol=1e-6)
    assert found.samples == 23
    assert found.worst_residual < 1e-5


def test_samples_equal_to_the_reference_contribute_nothing():
    found = explain(network, W, np.tile(REFERENCE, (5, 1)), REFERENCE)
    assert not found.mean_absolute.any()
    assert not found.slope.any()
    assert (found.worst_residual, found.mean_residual) == (0, 0)


def test_what_cannot_be_explained_is_said():
    with pytest.raises(BadData, match="no sample"):
        explain(network, W, X[:0], REFERENCE)
    with pytest.raises(BadData, match="not finite"):
        explain(network, W, X, np.full(6, np.nan, np.float32))
    with pytest.raises(BadData, match="30 group numbers for 23 samples"):
        explain(network, W, X, REFERENCE, groups=np.zeros(30, int))
    with pytest.raises(BadConfiguration, match="sort"):
        explain(lambda _, x: jnp.sort(x, axis=1), W, X, REFERENCE)


def test_it_reports_and_can_be_stopped():
    told = []
    explain(network, W, X, REFERENCE, block=10, report=lambda p: told.append((p.done, p.total)))
    assert told == [(10, 23), (20, 23), (23, 23)]

    def stop(progress):
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        explain(network, W, X, REFERENCE, report=stop)
