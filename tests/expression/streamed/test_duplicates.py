"""Near-duplicates of a stream are those in memory, with and without clusters."""

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark.errors import BadData
from landmark.expression import duplicates as in_memory
from landmark.expression.duplicates import near_duplicates, remove_duplicates
from landmark.expression.history import history
from landmark.expression.streamed import duplicates
from landmark.expression.streamed.duplicates import near_duplicates_passing, remove_duplicates_passing
from tests.expression.streamed.passing import in_blocks, whole


def _twins(samples: int, genes: int, seed: int, away: float = 0.999) -> AnnData:
    """Few tight groups, far from zero, in which the second half repeats the first at distances up to ``away``."""
    rng = np.random.default_rng(seed)
    half = samples // 2
    X = 1000 + rng.normal(0, 3, (4, genes))[rng.integers(4, size=half)] + rng.normal(0, 0.5, (half, genes))
    step = rng.normal(size=X.shape)
    step *= rng.uniform(0, away, (half, 1)) / np.linalg.norm(step, axis=1, keepdims=True)
    X = np.concatenate([X, X + step])[rng.permutation(2 * half)]
    return AnnData(X.astype(np.float32), obs=pd.DataFrame(index=[f"S{i}" for i in range(len(X))]))


@pytest.mark.parametrize("all_pairs", [3000, 0], ids=["all pairs", "clusters"])
def test_all_planted_ones_are_found(monkeypatch: pytest.MonkeyPatch, all_pairs: int) -> None:
    monkeypatch.setattr(duplicates, "ALL_PAIRS", all_pairs)
    matrix = _twins(600, 800, 1)
    found = near_duplicates_passing(in_blocks(matrix, 64))
    assert len(found) == 300
    pd.testing.assert_frame_equal(found, near_duplicates(matrix.X))


@settings(deadline=None, max_examples=25)
@given(
    seed=st.integers(0, 99),
    clusters=st.integers(2, 12),
    directions=st.integers(1, 4),
    distance=st.floats(0.05, 1.5),
    offset=st.sampled_from([0, 1000]),
)
def test_clusters_and_directions_change_nothing(seed, clusters, directions, distance, offset) -> None:
    """Few genes put many pairs across borders; fewer directions than genes bound distances from below only."""
    X = (offset + np.random.default_rng(seed).uniform(0, 3, (80, 4))).astype(np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duplicates, "ALL_PAIRS", 0)
        patch.setattr(duplicates, "DIRECTIONS", directions)
        patch.setattr(duplicates, "_ROWS_AT_ONCE", 32)
        patch.setattr(in_memory, "CLUSTERS", clusters)
        found = near_duplicates_passing(in_blocks(AnnData(X), 9), distance, seed)
    pd.testing.assert_frame_equal(found, near_duplicates(X, distance))


def test_copies_point_to_the_first() -> None:
    X = np.repeat(np.random.default_rng(0).normal(size=(3, 50)), 5, axis=0).astype(np.float32)
    found = near_duplicates_passing(in_blocks(AnnData(X), 4))
    assert found["earlier"].tolist() == [0] * 4 + [5] * 4 + [10] * 4
    assert found["distance"].eq(0).all()


def test_the_rest_passes_on() -> None:
    matrix = _twins(40, 30, 2)
    left, table = remove_duplicates_passing(in_blocks(matrix))
    expected, expected_table = remove_duplicates(matrix)
    np.testing.assert_array_equal(whole(left), expected.X)
    assert list(left.about.obs_names) == list(expected.obs_names)
    assert history(left.about) == history(expected)
    pd.testing.assert_frame_equal(table, expected_table)


def test_a_distance_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(BadData, match="smaller distance"):
        remove_duplicates_passing(in_blocks(_twins(10, 5, 0)), 1e6)
