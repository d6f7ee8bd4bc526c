"""Decompositions on one thread are those of NumPy and SciPy, and leave the number of threads as it was."""

import numpy as np
import pytest
import scipy.linalg
from threadpoolctl import threadpool_info

from landmark import decompositions


def threads() -> list[int]:
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


@pytest.mark.parametrize(
    ("ours", "theirs", "more"),
    [
        (decompositions.eigh, np.linalg.eigh, ()),
        (decompositions.inv, np.linalg.inv, ()),
        (decompositions.qr, np.linalg.qr, ()),
        (decompositions.svd, np.linalg.svd, ()),
        (decompositions.solve, np.linalg.solve, (np.arange(12.0),)),
        (decompositions.cholesky, scipy.linalg.cholesky, ()),
        (decompositions.eigh_of_part, scipy.linalg.eigh, ()),
    ],
)
def test_they_are_those_of_the_libraries(ours, theirs, more):
    X = np.random.default_rng(0).standard_normal((30, 12))
    before = threads()
    for found, wanted in zip(ours(X.T @ X, *more), theirs(X.T @ X, *more), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)
    assert threads() == before


def test_they_have_one_thread():
    before = threads()
    with decompositions.one_thread():
        assert set(threads()) == {1}
    assert threads() == before
    with pytest.raises(np.linalg.LinAlgError):
        decompositions.inv(np.zeros((3, 3)))
    assert threads() == before
