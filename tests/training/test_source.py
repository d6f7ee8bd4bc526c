import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark.data.scaling import Scaling
from landmark.errors import BadData
from landmark.training.data import Arrays, Chosen, Paired, Scaled, as_source, learn_scaling, size_bytes


@pytest.mark.parametrize("kind", ["standardise", "unit", "centre"])
@given(samples=st.integers(1, 40), portion=st.integers(1, 12), offset=st.sampled_from([0.0, 1e4]))
def test_scaling_learned_by_portions_equals_the_whole(kind, samples, portion, offset):
    X = (np.random.default_rng(samples).standard_normal((samples, 3)) + offset).astype(np.float32)
    X[:, 2] = 5  # a constant gene
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("landmark.training.data.PORTION", portion)
        learned = learn_scaling(Arrays((X,)), kind)
    whole = Scaling.learn(X, kind)
    np.testing.assert_allclose(learned.shift, whole.shift, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(learned.scale, whole.scale, rtol=1e-5)


def test_views(expression):
    X, Y = expression(20, 4), expression(20, 2, seed=1)
    rows = np.array([7, 0, 3])
    scaling = Scaling.learn(X)
    np.testing.assert_array_equal(Scaled(Arrays((X,)), scaling).read(rows)[0], scaling.apply(X[rows]))
    pair = Paired(Arrays((X,)), Arrays((Y,)))
    assert (pair.samples, pair.widths, size_bytes(pair)) == (20, (4, 2), 20 * 6 * 4)
    np.testing.assert_array_equal(pair.read(rows)[1], Y[rows])
    chosen = Chosen(pair, np.array([5, 9, 19]))
    assert chosen.samples == 3
    np.testing.assert_array_equal(chosen.read(np.array([2, 0]))[0], X[[19, 5]])


def test_numbers_of_other_types_become_float32():
    (read,) = as_source(np.arange(6).reshape(3, 2), "The data").read(np.array([1]))
    assert read.dtype == np.float32
    with pytest.raises(BadData, match="The data must hold numbers"):
        as_source(np.array([["a"]]), "The data")
