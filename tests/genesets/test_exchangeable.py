"""Genes that can stand for each other: as many pairs as brute force finds, and the closest of those."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from landmark.errors import BadConfiguration
from landmark.genesets.stability import correlations, exchange


def by_force(near, threshold):
    """Try every way to match rows to columns: the most pairs, then the largest sum of correlations."""
    if near.shape[0] > near.shape[1]:
        near = near.T
    best = (0, 0.0)
    for columns in permutations(range(near.shape[1]), near.shape[0]):
        kept = [near[row, column] for row, column in enumerate(columns) if near[row, column] >= threshold]
        best = max(best, (len(kept), sum(kept)))
    return best


@given(st.integers(0, 10_000), st.sampled_from([0.1, 0.3, 0.5, 0.8]))
def test_finds_what_brute_force_finds(seed, threshold):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(8, 10)) + rng.normal(size=(8, 1))
    first, second = (rng.choice(10, rng.integers(1, 6), replace=False) for _ in range(2))
    found = exchange(X, first, second, threshold)
    left, right = sorted(set(first) - set(second)), sorted(set(second) - set(first))
    near = np.abs(np.corrcoef(X.T)[np.ix_(left, right)]) if left and right else np.zeros((0, 0))
    pairs, total = by_force(near, threshold)
    assert len(found) == pairs
    assert np.abs(found.correlation).sum() == pytest.approx(total)
    assert set(found.first) <= set(left)
    assert set(found.second) <= set(right)
    assert len(set(found.first)) == len(set(found.second)) == len(found)


@pytest.mark.parametrize("threshold", [0.05, 0.15, 0.25])
def test_on_larger_sets_the_pairs_are_as_many_as_can_be_and_no_other_way_is_closer(threshold):
    X = np.random.default_rng(1).normal(size=(60, 200)).astype(np.float32)
    first, second = np.arange(90), np.arange(60, 180)
    found = exchange(X, first, second, threshold)
    near = np.abs(correlations(X[:, :60], X[:, 90:180]))
    most = maximum_bipartite_matching(csr_array(near >= threshold), perm_type="column")
    assert len(found) == (most >= 0).sum()
    if len(found) == 60:  # every gene has a partner: an ordinary assignment among what is allowed
        rows, columns = linear_sum_assignment(np.where(near >= threshold, near, -1e3), maximize=True)
        assert np.abs(found.correlation).sum() == pytest.approx(near[rows, columns].sum())


def test_mirror_images_are_exchangeable_and_shared_genes_are_not_asked():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 4))
    X = np.column_stack([X, -X[:, 0], X[:, 1] + 0.1 * rng.normal(size=50), X[:, 3]])
    found = exchange(X, np.array([0, 1, 2, 3]), np.array([4, 5, 6, 3]))
    assert list(zip(found.first, found.second, strict=True)) == [(0, 4), (1, 5)]
    assert found.correlation[0] == pytest.approx(-1)
    assert len(exchange(X, np.array([0, 1]), np.array([1, 0]))) == 0


def test_a_gene_that_does_not_vary_is_exchangeable_with_none():
    X = np.column_stack([np.full(20, 7.123), np.full(20, 7.123), np.arange(20)]).astype(np.float32)
    assert (correlations(X, X) == np.diag([0, 0, 1])).sum() == 8
    assert len(exchange(X, np.array([0]), np.array([1, 2]), 0.1)) == 0


@pytest.mark.parametrize("threshold", [0, -0.5, 1.01])
def test_a_threshold_that_is_no_correlation_is_refused(threshold):
    with pytest.raises(BadConfiguration, match="threshold"):
        exchange(np.eye(3), np.array([0]), np.array([1]), threshold)
