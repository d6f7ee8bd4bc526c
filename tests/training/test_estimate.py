import time

import pytest

from landmark.training.autoencoder import train_autoencoder
from landmark.training.estimate import OVERHEAD, estimate_autoencoder, estimate_dgex, matrix_product_rate


def test_cost_grows_with_the_work(autoencoder, dgex):
    short = estimate_autoencoder(autoencoder, 1000, 50)
    assert short.samples_per_second > 0
    assert 0 < short.share_of_rate < 2
    expected = autoencoder.epochs * 63 * autoencoder.batch_size / short.samples_per_second
    assert short.seconds == pytest.approx(OVERHEAD + expected, rel=1e-6)
    weights = 2 * (50 * 8 + 8 * 3) + 8 + 3 + 8 + 50
    assert short.disk_bytes == 4 * weights * (2 * 4 + 1)
    assert short.memory_bytes > 4 * (1000 * 50 + 5 * weights)
    wide = estimate_dgex(dgex, 1000, 20, 30, validation=100)
    assert wide.memory_bytes > 4 * (1000 + 100 + dgex.monitored) * 50


def test_matrix_products_run_at_a_plausible_rate():
    assert 1e8 < matrix_product_rate() < 1e16


@pytest.mark.slow
def test_estimate_is_near_the_truth(expression, autoencoder):
    X = expression(2000, 800)
    configuration = autoencoder.model_copy(update={"epochs": 10, "hidden": 200, "batch_size": 50})
    expected = estimate_autoencoder(configuration, 1800, 800, 200).seconds - OVERHEAD
    began = time.perf_counter()
    trained = train_autoencoder(X[:1800], X[1800:], configuration)
    took = trained.history["seconds"][1:].sum() * 10 / 9
    assert expected == pytest.approx(took, rel=1.5)
    assert time.perf_counter() - began < took + 3 * OVERHEAD
