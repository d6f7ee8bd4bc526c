import numpy as np
import pytest
from sklearn.decomposition import PCA

from landmark.data.scaling import Scaling
from landmark.metrics.reconstruction import reconstruction_quality


@pytest.mark.parametrize("kind", ["standardise", "unit"])
def test_the_table_equals_a_direct_computation_in_both_scalings(split, kind):
    scaling = Scaling.learn(split.train, kind)
    train, test = scaling.apply(split.train), scaling.apply(split.test)
    rng = np.random.default_rng(0)
    rebuilt = test + 0.1 * rng.normal(size=test.shape).astype(np.float32)
    table = reconstruction_quality(train, test, rebuilt, split.genes, unit_scale=scaling.scale, components=6)
    assert list(table) == [
        "gene",
        "mae",
        "mae_unscaled",
        "pcc",
        "p_value",
        "significant",
        "mae_pca",
        "pcc_pca",
    ]
    error = np.abs(scaling.invert(rebuilt) - split.test).mean(axis=0)
    np.testing.assert_allclose(table["mae_unscaled"], error, rtol=1e-4)
    deviation = split.train.std(axis=0, dtype=np.float64) + 1e-3
    np.testing.assert_allclose(table["mae"], error / deviation, rtol=1e-4)
    pca = PCA(6, svd_solver="full").fit(train)
    linear = pca.inverse_transform(pca.transform(test))
    expected = [np.corrcoef(test[:, j], linear[:, j])[0, 1] for j in range(80)]
    np.testing.assert_allclose(table["pcc_pca"], expected, atol=1e-4)
    linear_error = np.abs(scaling.invert(linear) - split.test).mean(axis=0)
    np.testing.assert_allclose(table["mae_pca"], linear_error / deviation, rtol=1e-3)
    assert (table["p_value"] < 0.01).any()
    assert not table["significant"].any(), "80 genes are too few to call one significant"


def test_fewer_samples_than_components(split):
    scaling = Scaling.learn(split.train[:5])
    train, test = scaling.apply(split.train[:5]), scaling.apply(split.test)
    table = reconstruction_quality(train, test, test, split.genes, unit_scale=scaling.scale, components=100)
    assert (table["mae"] == 0).all()
    assert table["pcc_pca"].notna().all()
