import time

import pytest

from landmark.models import estimate
from landmark.models.autoencoder import train_autoencoder
from landmark.models.cost import OVERHEAD_SECONDS, Task, seconds


@pytest.fixture
def small_products(monkeypatch):
    """Products that take no time; what they measure is not asked for."""
    monkeypatch.setattr(estimate, "PROCESSOR_SIDE", 256)


def test_matrix_products_run_at_a_plausible_rate(small_products):
    assert 1e7 < estimate.matrix_product_rate() < 1e16
    assert 1e7 < estimate.host_product_rate() < 1e16


def test_processors_have_no_memory_of_their_own():
    assert estimate.device_memory() is None


def test_a_step_takes_time_that_is_told_per_step(autoencoder, monkeypatch):
    monkeypatch.setattr(estimate, "LEAST_SECONDS", 0.05)
    assert 0 < estimate.step_seconds(autoencoder, 50) < 60


@pytest.mark.slow
def test_estimate_is_near_the_truth(expression, autoencoder):
    X = expression(2000, 800)
    configuration = autoencoder.model_copy(update={"epochs": 10, "hidden": 200, "batch_size": 50})
    task = Task(configuration, 1800, 200, 800)
    step = estimate.step_seconds(configuration, 800)
    expected = seconds(task, step, estimate.host_product_rate(), loaded=True) - OVERHEAD_SECONDS
    began = time.perf_counter()
    trained = train_autoencoder(X[:1800], X[1800:], configuration)
    took = trained.history["seconds"][1:].sum() * 10 / 9
    assert expected == pytest.approx(took, rel=1.5)
    assert time.perf_counter() - began < took + 3 * OVERHEAD_SECONDS
