import numpy as np
from sklearn.neighbors import NearestNeighbors

from landmark.inference import neighbours
from landmark.inference.neighbours import CLOSEST, NEAREST, nearest_samples


def test_neighbours_equal_those_of_scikit_learn(monkeypatch):
    monkeypatch.setattr(neighbours, "_ROWS", 7)
    rng = np.random.default_rng(0)
    training, new = rng.normal(size=(50, 12)).astype("f"), rng.normal(size=(20, 12)).astype("f")
    distance, place = NearestNeighbors(n_neighbors=NEAREST).fit(training).kneighbors(new)
    found = nearest_samples(new, training)
    np.testing.assert_array_equal(found.nearest, place)
    expected = np.sqrt(np.square(distance).mean(axis=1) / 12)
    np.testing.assert_allclose(found.distance, expected, rtol=1e-5)


def test_samples_of_one_part_are_no_neighbours():
    training = np.random.default_rng(1).normal(size=(40, 5)).astype("f")
    parts = np.arange(40) % 4
    found = nearest_samples(training, training, (parts, parts))
    assert (parts[found.nearest] != parts[:, None]).all()


def test_a_part_that_leaves_few_neighbours():
    training = np.random.default_rng(1).normal(size=(12, 5)).astype("f")
    parts = np.array([0] * 8 + [1] * 4)
    found = nearest_samples(training, training, (parts, parts))
    assert np.isfinite(found.distance).all()
    assert (found.distance > 0).all()


def test_a_sample_among_its_own_copies_is_not_at_distance_zero():
    training = np.ones((12, 5), np.float32)
    assert nearest_samples(training[:2], training).distance.tolist() == [np.float32(CLOSEST)] * 2
