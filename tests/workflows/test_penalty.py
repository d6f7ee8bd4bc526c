"""The penalty of a choice, found on samples that have no say in it."""

import numpy as np
import pytest

from landmark.errors import Cancelled
from landmark.genesets.selection import Panel
from landmark.workflows import strategies
from landmark.workflows.strategies import PENALTIES, best_penalty

GENES = 30


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    random = np.random.default_rng(0)
    X = random.standard_normal((60, 4)) @ random.standard_normal((4, GENES))
    X += random.standard_normal(X.shape)
    return ((X - X.mean(axis=0)) / X.std(axis=0)).astype(np.float32)


def test_the_least_error_on_held_out_samples_decides(values, monkeypatch):
    judged = []

    def error(fitted, held, order, validation):
        judged.append((fitted, held, order))
        return abs(len(judged) - 2)

    monkeypatch.setattr(strategies, "_whole_genome_error", error)
    assert best_penalty(values, values, Panel(6, start=(3,), never=(5,)), seed=1) == PENALTIES[1]
    assert len(judged) == len(PENALTIES)
    for fitted, held, order in judged:
        assert (len(fitted), len(held)) == (45, 15)
        assert not {row.tobytes() for row in fitted} & {row.tobytes() for row in held}
        assert order[0] == 3
        assert 5 not in order


def test_genes_that_tell_the_others_have_less_error_and_measured_ones_none(values):
    fitted, held, inner = values[:45], values[45:], np.arange(45) < 5
    few, many = (strategies._whole_genome_error(fitted, held, np.arange(size), inner) for size in (1, 20))
    assert many < few < np.abs(held).mean()
    assert strategies._whole_genome_error(fitted, held, np.arange(GENES), inner) == 0


def test_very_few_samples_take_the_middle_one(values):
    assert best_penalty(values[:19], values[:19], Panel(3), seed=0) == 2.0


def test_it_can_be_cancelled(values):
    def report(progress):
        raise Cancelled

    with pytest.raises(Cancelled):
        best_penalty(values, values, Panel(3), seed=0, report=report)
