import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from landmark.errors import BadData
from landmark.metrics.umap import umap_coordinates


def test_the_layout_keeps_neighbours_and_repeats_with_its_seed(groups):
    values, _ = groups
    first = umap_coordinates(values, seed=3)
    assert first.shape == (60, 2)
    assert first.dtype == np.float32
    assert trustworthiness(values, first, n_neighbors=5, metric="correlation") > 0.85
    np.testing.assert_array_equal(first, umap_coordinates(values, seed=3))
    assert not np.array_equal(first, umap_coordinates(values, seed=4))


@pytest.mark.parametrize("samples", [4, 9])
def test_few_samples_have_fewer_neighbours(groups, samples):
    assert np.isfinite(umap_coordinates(groups[0][:samples])).all()


def test_too_few_or_missing_samples_are_refused(groups):
    with pytest.raises(BadData, match="at least 4"):
        umap_coordinates(groups[0][:3])
    with pytest.raises(BadData, match="missing"):
        umap_coordinates(np.full((5, 3), np.nan))
