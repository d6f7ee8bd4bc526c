import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark.errors import BadConfiguration
from landmark.metrics.cross_validation import balanced_folds, grouped_folds, random_folds


@given(samples=st.integers(10, 60), folds=st.integers(2, 5), seed=st.integers(0, 5))
def test_random_folds_are_of_one_size_and_follow_the_seed(samples, folds, seed):
    found = random_folds(samples, folds, seed)
    counts = np.bincount(found, minlength=folds)
    assert len(found) == samples
    assert counts.max() - counts.min() <= 1
    np.testing.assert_array_equal(found, random_folds(samples, folds, seed))
    assert samples < 30 or not np.array_equal(found, random_folds(samples, folds, seed + 1))


@given(
    labels=st.lists(st.sampled_from(["lung", "skin", "bone", None]), min_size=10, max_size=60),
    folds=st.integers(2, 5),
)
def test_every_fold_has_its_share_of_every_label(labels, folds):
    found = balanced_folds(np.array(labels, dtype=object), folds, 0)
    counts = np.bincount(found, minlength=folds)
    assert counts.max() - counts.min() <= 1
    for label in set(labels):
        own = np.bincount(found[[name == label for name in labels]], minlength=folds)
        assert own.max() - own.min() <= 1


@given(sizes=st.lists(st.integers(2, 9), min_size=5, max_size=12), folds=st.integers(2, 5))
def test_no_group_is_divided_and_no_fold_is_empty(sizes, folds):
    groups = np.repeat(np.arange(len(sizes)), sizes)
    found = grouped_folds(groups, folds, 1)
    assert set(found) == set(range(folds))
    for group in range(len(sizes)):
        assert len(set(found[groups == group])) == 1


def test_samples_without_a_group_stand_alone():
    groups = np.array(["a"] * 4 + ["b"] * 4 + [None] * 8, dtype=object)
    found = grouped_folds(groups, 2, 0)
    assert len(set(found[:4])) == len(set(found[4:8])) == 1
    assert set(found) == {0, 1}


@pytest.mark.parametrize(
    ("divide", "labels", "said"),
    [
        (balanced_folds, ["a"] * 9, "at most 4"),
        (grouped_folds, ["a", "a", "b", "b", "c", "c"], "3 groups of samples"),
        (grouped_folds, ["a", "a", "b", "b", "c", "c", "d", "e"], "a single sample"),
    ],
)
def test_what_cannot_be_divided_is_refused(divide, labels, said):
    with pytest.raises(BadConfiguration, match=said):
        divide(np.array(labels, dtype=object), 5, 0)
