"""Scaling is learned from training rows alone."""

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from landmark.data.scaling import STANDARD_DEVIATION_FLOOR, Scaling
from landmark.data.split import assign_split, rows
from tests.data.make import adata


@pytest.mark.parametrize("kind", ["standardise", "unit"])
def test_test_rows_never_influence_it(kind: str) -> None:
    matrix = adata(50)
    assign_split(matrix, 0.2)
    train, test = rows(matrix, "train"), rows(matrix, "test")
    before = Scaling.learn(matrix.X[train], kind)  # type: ignore[arg-type]
    scaled = before.apply(matrix.X)
    matrix.X[test] = 1e6
    after = Scaling.learn(matrix.X[train], kind)  # type: ignore[arg-type]
    np.testing.assert_array_equal(after.shift, before.shift)
    np.testing.assert_array_equal(after.scale, before.scale)
    np.testing.assert_array_equal(after.apply(matrix.X)[train], scaled[train])


def test_it_is_that_of_scikit_learn_but_for_the_floor() -> None:
    X = adata(30).X
    theirs = StandardScaler().fit(X.astype(np.float64))
    ours = Scaling.learn(X)
    np.testing.assert_allclose(ours.shift, theirs.mean_, rtol=1e-6)
    np.testing.assert_allclose(ours.scale, theirs.scale_ + STANDARD_DEVIATION_FLOOR, rtol=1e-6)
    np.testing.assert_allclose(ours.invert(ours.apply(X)), X, rtol=1e-5)
