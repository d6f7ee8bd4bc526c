"""Importance over parts of the samples, brought together, equals importance over all."""

import numpy as np

from landmark.attribution.blocks import renumbered
from landmark.attribution.importance import DenseEncoder, combined, combined_groups, importance

rng = np.random.default_rng(0)
X = rng.normal(size=(20, 12)).astype(np.float32)
ENCODER = DenseEncoder(
    (rng.normal(size=(12, 5)).astype(np.float32), rng.normal(size=(5, 4)).astype(np.float32)),
    (np.zeros(5, np.float32), np.zeros(4, np.float32)),
    ("sigmoid", "sigmoid"),
)
GROUPS = np.array([0] * 6 + [1] * 5 + [-1] * 3 + [2] * 6)
PARTS = [np.arange(0, 8), np.arange(8, 20)]
"""The first part lacks group 2, the second group 0."""


def test_two_parts_equal_the_whole():
    whole = importance(ENCODER, X, X.mean(axis=0), groups=GROUPS)
    parts = [importance(ENCODER, X[at], X.mean(axis=0), groups=renumbered(GROUPS[at])) for at in PARTS]
    together = combined(parts)
    np.testing.assert_allclose(together.mean_absolute, whole.mean_absolute, rtol=1e-5)
    np.testing.assert_allclose(together.mean, whole.mean, rtol=1e-4, atol=1e-6)
    found = combined_groups(parts, [GROUPS[at] for at in PARTS])
    np.testing.assert_allclose(found, whole.by_group, rtol=1e-4, atol=1e-6)


def test_a_part_without_any_group_is_left_out():
    groups = np.where(np.arange(20) < 8, -1, np.arange(20) % 2)
    parts = [importance(ENCODER, X[at], X[0], groups=renumbered(groups[at])) for at in PARTS]
    expected = importance(ENCODER, X, X[0], groups=groups).by_group
    np.testing.assert_allclose(
        combined_groups(parts, [groups[at] for at in PARTS]), expected, rtol=1e-4, atol=1e-6
    )


def test_groups_are_numbered_without_gaps():
    assert renumbered(np.array([4, -1, 2, 4])).tolist() == [1, -1, 0, 1]
    assert renumbered(np.array([-1, -1])) is None
