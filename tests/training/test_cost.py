"""What a training needs, by arithmetic."""

import pytest

from landmark.models import cost
from landmark.models.cost import Task
from landmark.models.settings import AutoencoderConfiguration
from landmark.training import checkpoint, fit

PAPER = Task(AutoencoderConfiguration(), train=99_909, test=11_100, genes=22_268)
SMALL = Task(AutoencoderConfiguration(), train=780, test=195, genes=17_391)
GB = 10**9


def test_what_is_said_of_training_elsewhere_is_true():
    assert cost.RESIDENT_SHARE == fit.RESIDENT_SHARE
    assert cost.KEPT_CHECKPOINTS == checkpoint.KEPT


def test_the_papers_compendium_is_loaded_on_a_server_and_streamed_on_a_laptop():
    assert pytest.approx(9.9 * GB, rel=0.01) == PAPER.data_bytes
    server, laptop = (cost.memory(PAPER, total * GB, None) for total in (128, 16))
    assert server.loaded
    assert not laptop.loaded
    assert laptop.host < 8 * GB < 30 * GB < server.host < 128 * GB


def test_an_accelerator_holds_the_samples_where_they_fit():
    large, small = (cost.memory(PAPER, 128 * GB, total * GB).device for total in (141, 16))
    assert large > PAPER.data_bytes
    assert small < 3 * GB
    assert cost.memory(PAPER, 128 * GB, None).device == 0


def test_more_of_anything_never_needs_less():
    for change in ({"hidden": 1000}, {"bottleneck": 300}, {"keep": "best"}, {"batch_size": 780}):
        larger = Task(SMALL.network.model_copy(update=change), SMALL.train, SMALL.test, SMALL.genes)
        assert cost.memory(larger, 16 * GB, None).host >= cost.memory(SMALL, 16 * GB, None).host
        assert cost.disk_bytes(larger, 2000) >= cost.disk_bytes(SMALL, 2000)


def test_disk_holds_checkpoints_network_and_predictions():
    weights = SMALL.size.weights
    assert cost.disk_bytes(SMALL, 2000) == 4 * (2 * 3 * weights + weights + 2 * 195 * 17_391)
    three = cost.disk_bytes(SMALL, 2000, runs=3)
    assert three - cost.disk_bytes(SMALL, 2000) == 2 * 4 * (weights + 2 * 195 * 17_391)
    assert cost.disk_bytes(SMALL, 100) == 4 * (7 * weights + 2 * 100 * 17_391)


def test_time_grows_with_epochs_and_knows_the_rest():
    def took(epochs, step=0.01):
        network = SMALL.network.model_copy(update={"epochs": epochs})
        task = Task(network, SMALL.train, SMALL.test, SMALL.genes)
        return cost.seconds(task, step, 1e11, loaded=True)

    epoch = 0.01 * (25 + 195 / 32 / 3)
    assert took(101) - took(100) == pytest.approx(epoch)
    assert took(1) > cost.OVERHEAD_SECONDS
    assert took(1, step=0.02) - took(1) == pytest.approx(epoch)


def test_the_time_of_a_step_is_asked_for_by_what_it_depends_on():
    def named(**change):
        return Task(SMALL.network.model_copy(update=change), 780, 195, 17_391).step

    assert named() == named(epochs=3, seed=5, l2=0.1, dropout=0.3, learning_rate=0.1, keep="best")
    assert len({named(), named(hidden=2), named(batch_size=2), named(precision="bfloat16")}) == 4
    assert named() != named(dropout=0)
