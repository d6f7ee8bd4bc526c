import numpy as np
import pytest
from sklearn.decomposition import PCA

from landmark.errors import BadData
from landmark.metrics import reconstruction
from landmark.metrics.reconstruction import PrincipalComponents


def planted(samples, genes):
    rng = np.random.default_rng(samples)
    scales = 5 * 0.7 ** np.arange(8)[:, None]
    X = rng.normal(size=(samples, 8)) @ (scales * rng.normal(size=(8, genes))) + 0.1 * rng.normal(
        size=(samples, genes)
    )
    return (X + 4).astype(np.float32)


@pytest.mark.parametrize("shape", [(30, 80), (80, 30)])
@pytest.mark.parametrize("exact", [True, False])
def test_restored_samples_equal_those_of_scikit_learn(shape, exact, monkeypatch):
    if not exact:
        monkeypatch.setattr(reconstruction, "EXACT_UP_TO", 1)
    X, new = planted(*shape), planted(11, shape[1])
    oracle = PCA(5, svd_solver="full").fit(X.astype(np.float64))
    found = PrincipalComponents.fit(X, 5)
    expected = oracle.inverse_transform(oracle.transform(new))
    np.testing.assert_allclose(found.restore(found.transform(new)), expected, atol=2e-3)
    np.testing.assert_allclose(found.directions @ found.directions.T, np.eye(5), atol=1e-5)
    # up to the sign of each component
    np.testing.assert_allclose(np.abs(found.transform(new)), np.abs(oracle.transform(new)), atol=5e-3)


def test_as_many_components_as_samples_restore_the_training_samples():
    X = planted(6, 20)
    found = PrincipalComponents.fit(X, 6)
    np.testing.assert_allclose(found.restore(found.transform(X)), X, atol=1e-4)


@pytest.mark.parametrize("components", [0, 7])
def test_more_components_than_samples_are_refused(components):
    with pytest.raises(BadData, match="6 training samples of 20 genes"):
        PrincipalComponents.fit(planted(6, 20), components)
