"""Near-duplicates, against all pairs by SciPy; planted ones are all found, with and without clusters, in any blocks."""

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist, squareform

from landmark.data.history import history
from landmark.data.steps import duplicates
from landmark.data.steps.duplicates import near_duplicates, remove_duplicates
from landmark.data.steps.stream import from_memory
from landmark.errors import BadData
from tests.data.steps.passing import in_blocks, whole


def _all_pairs(X: np.ndarray, distance: float) -> pd.DataFrame:
    apart = squareform(pdist(X.astype(np.float64)))
    rows = [
        (later, int(apart[later, :later].argmin()), apart[later, :later].min())
        for later in range(1, len(X))
        if apart[later, :later].min() < distance
    ]
    return pd.DataFrame(rows, columns=["later", "earlier", "distance"]).astype(
        {"later": np.int64, "earlier": np.int64, "distance": np.float64}
    )


def _planted(samples: int, genes: int, twins: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values of 4 to 15 with twins at distances of 0 to just below 1 at random places after their originals."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform(5, 14, (6, genes))
    X = centres[rng.integers(6, size=samples)] + rng.normal(0, 0.7, (samples, genes))
    original, twin = rng.permutation(samples)[: 2 * twins].reshape(2, -1)
    original, twin = np.minimum(original, twin), np.maximum(original, twin)
    away = rng.normal(size=(twins, genes))
    away *= np.linspace(0, 0.999, twins)[:, None] / np.linalg.norm(away, axis=1, keepdims=True)
    X[twin] = X[original] + away
    return X.astype(np.float32), original, twin


@pytest.mark.parametrize("all_pairs", [3000, 0], ids=["all pairs", "clusters"])
def test_planted_duplicates_are_all_found_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, all_pairs: int
) -> None:
    monkeypatch.setattr(duplicates, "ALL_PAIRS", all_pairs)
    X, original, twin = _planted(samples=500, genes=900, twins=80, seed=1)
    found = near_duplicates(in_blocks(AnnData(X), 64), 1.0)
    order = np.argsort(twin)
    assert found["later"].tolist() == twin[order].tolist()
    assert found["earlier"].tolist() == original[order].tolist()
    np.testing.assert_allclose(found["distance"], np.linspace(0, 0.999, 80)[order], atol=2e-4)


@settings(max_examples=25)  # the first example loads the library
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
        patch.setattr(duplicates, "CLUSTERS", clusters)
        found = near_duplicates(in_blocks(AnnData(X), 9), distance, seed)
    pd.testing.assert_frame_equal(found, _all_pairs(X, distance), check_exact=False, atol=1e-6)


def test_copies_point_to_the_first() -> None:
    X = np.repeat(np.random.default_rng(0).normal(size=(3, 50)), 5, axis=0).astype(np.float32)
    found = near_duplicates(in_blocks(AnnData(X), 4))
    assert found["earlier"].tolist() == [0] * 4 + [5] * 4 + [10] * 4
    assert found["distance"].eq(0).all()


def test_the_later_sample_is_dropped_and_named() -> None:
    X, original, twin = _planted(samples=40, genes=60, twins=5, seed=2)
    matrix = AnnData(X, obs=pd.DataFrame(index=[f"S{i}" for i in range(40)]))
    left, table = remove_duplicates(in_blocks(matrix), 1.0)
    assert left.samples == 35
    np.testing.assert_array_equal(whole(left), np.delete(X, twin, axis=0))
    assert set(table["sample"]) == {f"S{i}" for i in twin}
    assert dict(zip(table["sample"], table["duplicate_of"], strict=True)) == {
        f"S{b}": f"S{a}" for a, b in zip(original, twin, strict=True)
    }
    assert not set(table["sample"]) & set(left.about.obs_names)
    assert history(left.about)[-1] == {
        "step": "Near-duplicates removed",
        "distance": 1.0,
        "removed": 5,
        "left": 35,
    }
    assert remove_duplicates(left)[1].empty


def test_a_chain_of_neighbours_keeps_its_first() -> None:
    """D-GEX drops a sample that is close to any earlier one, be that one dropped or not."""
    X = np.array([[0.0, 0], [0.8, 0], [1.6, 0], [9, 9], [9, 0]], np.float32)
    found = near_duplicates(from_memory(AnnData(X)))
    assert found["later"].tolist() == [1, 2]
    assert found["earlier"].tolist() == [0, 1]


def test_a_distance_that_leaves_nothing_is_refused() -> None:
    matrix = AnnData(np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32))
    with pytest.raises(BadData, match="smaller distance"):
        remove_duplicates(from_memory(matrix), 1e6)
