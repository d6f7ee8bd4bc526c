"""Profiles that contributions are measured from."""

import h5py
import numpy as np
import pytest

from landmark.attribution.baselines import group_mean, training_mean, zero
from landmark.errors import BadData

X = np.random.default_rng(0).normal(8, 2, (2500, 6)).astype(np.float32)


def test_the_mean_profile_is_summed_in_double_precision(tmp_path):
    expected = X.mean(axis=0, dtype=np.float64).astype(np.float32)
    np.testing.assert_array_equal(training_mean(X), expected)
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["X"] = X
        np.testing.assert_array_equal(training_mean(file["X"]), expected)
    with pytest.raises(BadData, match="no sample"):
        training_mean(X[:0])


def test_zero():
    assert zero(3).dtype == np.float32
    assert zero(3).tolist() == [0, 0, 0]


def test_the_mean_of_a_group():
    labels = np.where(np.arange(len(X)) % 3 == 0, "normal", "tumour")
    np.testing.assert_array_equal(group_mean(X, labels, "normal"), training_mean(X[::3]))
    with pytest.raises(BadData, match=r"'benign'.*normal, tumour"):
        group_mean(X, labels, "benign")
    with pytest.raises(BadData, match="3 labels for 2500 samples"):
        group_mean(X, ["a", "b", "a"], "a")
