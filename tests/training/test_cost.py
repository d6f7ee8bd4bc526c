"""What a training needs of memory and disk, by arithmetic."""

import pytest

from landmark.models import size
from landmark.models.settings import AutoencoderConfiguration
from landmark.training import checkpoint, fit

PAPER = size.Task(AutoencoderConfiguration(), train=99_909, test=11_100, genes=22_268)
SMALL = size.Task(AutoencoderConfiguration(), train=780, test=195, genes=17_391)
GB = 10**9


def test_what_is_said_of_training_elsewhere_is_true():
    assert size.RESIDENT_SHARE == fit.RESIDENT_SHARE
    assert size.KEPT_CHECKPOINTS == checkpoint.KEPT


def test_the_papers_compendium_is_loaded_on_a_server_and_streamed_on_a_laptop():
    assert pytest.approx(9.9 * GB, rel=0.01) == PAPER.data_bytes
    server, laptop = (size.memory_needed(PAPER, total * GB, None) for total in (128, 16))
    assert server.loaded
    assert not laptop.loaded
    assert laptop.host < 8 * GB < 30 * GB < server.host < 128 * GB


def test_an_accelerator_holds_the_samples_where_they_fit():
    large, small = (size.memory_needed(PAPER, 128 * GB, total * GB).device for total in (141, 16))
    assert large > PAPER.data_bytes
    assert small < 3 * GB
    assert size.memory_needed(PAPER, 128 * GB, None).device == 0


def test_more_of_anything_never_needs_less():
    for change in ({"hidden": 1000}, {"bottleneck": 300}, {"keep": "best"}, {"batch_size": 780}):
        larger = size.Task(SMALL.network.model_copy(update=change), SMALL.train, SMALL.test, SMALL.genes)
        assert size.memory_needed(larger, 16 * GB, None).host >= size.memory_needed(SMALL, 16 * GB, None).host
        assert size.disk_needed(larger, 2000) >= size.disk_needed(SMALL, 2000)


def test_disk_holds_checkpoints_network_and_predictions():
    weights = SMALL.size.weights
    assert size.disk_needed(SMALL, 2000) == 4 * (2 * 3 * weights + weights + 2 * 195 * 17_391)
    three = size.disk_needed(SMALL, 2000, runs=3)
    assert three - size.disk_needed(SMALL, 2000) == 2 * 4 * (weights + 2 * 195 * 17_391)
    assert size.disk_needed(SMALL, 100) == 4 * (7 * weights + 2 * 100 * 17_391)
