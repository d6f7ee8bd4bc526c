import numpy as np
import pytest

from landmark.genesets import forward


def likeness(T: np.ndarray) -> np.ndarray:
    return T.astype(np.float64) @ T.T


def test_reconstruction_has_the_products_of_the_centred_output() -> None:
    random = np.random.default_rng(0)
    hidden, kernel = random.random((30, 8)), random.standard_normal((8, 50))
    output = hidden @ kernel
    T = forward.reconstruction(hidden, kernel)
    assert T.shape == (30, 8)
    np.testing.assert_allclose(likeness(T), likeness(output - output.mean(axis=0)), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("shape", [(20, 60), (60, 20)])
def test_measured_values_of_small_data_are_represented_exactly(shape: tuple[int, int]) -> None:
    X = np.random.default_rng(0).standard_normal(shape, dtype=np.float32)
    T = forward.measured(X)
    assert T.shape[1] <= min(shape)
    np.testing.assert_allclose(likeness(T), likeness(X), rtol=1e-4, atol=1e-4)


def test_measured_values_of_large_data_keep_their_largest_directions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(forward, "EXACT_UP_TO", 10)
    monkeypatch.setattr(forward, "DIRECTIONS", 12)
    random = np.random.default_rng(0)
    X = (random.standard_normal((80, 5)) @ random.standard_normal((5, 90))).astype(np.float32)
    T = forward.measured(X)
    assert T.shape == (80, 12)
    np.testing.assert_allclose(likeness(T), likeness(X), rtol=1e-3, atol=1e-2)


def test_blended_responses_weigh_as_asked() -> None:
    random = np.random.default_rng(0)
    a, b = 3 * random.standard_normal((10, 4)), random.standard_normal((10, 6))
    T = forward.blended([a, b], [0.3, 0.7])
    assert np.square(T[:, :4]).sum() == pytest.approx(0.3, rel=1e-5)
    assert np.square(T[:, 4:]).sum() == pytest.approx(0.7, rel=1e-5)
