import numpy as np

from landmark.metrics.roc import area, score_by_levels


def genes(seed):
    random = np.random.default_rng(seed)
    labels = np.arange(60) % 2
    mean = np.where(labels[:, None, None] == 1, [1, 2, 1, 1, 1], [1, 1, 1, 1, 1]) * np.ones((60, 100, 5))
    return random.poisson(mean).astype(np.float32), labels


def test_levels_tell_apart_what_differs_in_its_level():
    reads, labels = genes(1)
    assert area(labels, score_by_levels(*genes(0), reads)).value > 0.99


def test_the_place_of_reads_does_not_matter():
    reads, _ = genes(1)
    mixed = np.random.default_rng(0).permuted(reads, axis=1)
    expected = score_by_levels(*genes(0), reads)
    np.testing.assert_allclose(score_by_levels(*genes(0), mixed), expected, atol=1e-5)
