"""Small data and helpers for the tests of training."""

import numpy as np
import pytest

from landmark.errors import Cancelled
from landmark.models.settings import AutoencoderConfiguration, DgexConfiguration


def _expression(samples, genes, seed=0):
    random = np.random.default_rng(seed)
    factors = random.standard_normal((samples, 3)) @ random.standard_normal((3, genes))
    return (8 + factors + 0.3 * random.standard_normal((samples, genes))).astype(np.float32)


def _leaves(tree, prefix=""):
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{key}/")
        else:
            yield prefix + key, np.asarray(value)


def _same(first, second):
    first, second = dict(_leaves(first)), dict(_leaves(second))
    return first.keys() == second.keys() and all(
        first[name].tobytes() == second[name].tobytes() for name in first
    )


class _CancelAt:
    def __init__(self, epoch):
        self.epoch = epoch

    def __call__(self, progress):
        if progress.stage == "Training" and progress.done >= self.epoch:
            raise Cancelled("stopped by the test")


@pytest.fixture
def expression():
    """Make log-like values with a few common factors: ``expression(samples, genes, seed)``."""
    return _expression


@pytest.fixture
def same():
    """Compare parameter trees bit for bit: ``same(first, second)``."""
    return _same


@pytest.fixture
def cancel_at():
    """Make a report that stops the work at an epoch or part of one: ``cancel_at(2.5)``."""
    return _CancelAt


@pytest.fixture
def autoencoder():
    """A small autoencoder."""
    return AutoencoderConfiguration(
        hidden=8, bottleneck=3, epochs=7, batch_size=16, checkpoint_every=2, keep="best", learning_rate=0.01
    )


@pytest.fixture
def dgex():
    """A small D-GEX network."""
    return DgexConfiguration(
        units=12, epochs=7, batch_size=16, checkpoint_every=2, learning_rate=0.02, monitored=20
    )
