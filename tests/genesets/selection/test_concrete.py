"""Genes that a concrete autoencoder picks."""

import numpy as np
import pytest

from landmark.genesets.selection import Concrete, Panel, distinct
from landmark.models.settings import ConcreteConfiguration

CAUSES, GENES = 4, 32
HUBS = [0, 8, 16, 24]


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    """Each cause moves eight genes with noise, but the first of them without."""
    random = np.random.default_rng(0)
    cause = random.standard_normal((160, CAUSES))
    X = np.repeat(cause, GENES // CAUSES, axis=1) + random.standard_normal((160, GENES))
    X[:, HUBS] = cause
    return ((X - X.mean(axis=0)) / X.std(axis=0)).astype(np.float32)


def chosen(X: np.ndarray, panel: Panel, epochs: int = 200) -> list[int]:
    configuration = ConcreteConfiguration(epochs=epochs, batch_size=20)
    return [int(gene) for gene in Concrete(configuration)(X, panel).order]


def test_finds_the_genes_that_tell_all_others(values: np.ndarray) -> None:
    found = Concrete(ConcreteConfiguration(epochs=200, batch_size=20))(values, Panel(4))
    assert sorted(found.order) == HUBS
    assert found.details["sureness"] > 0.9
    assert found.details["wanted_twice"] == 0
    assert found.gain.sum() == pytest.approx(1)


def test_adds_to_a_panel_what_it_lacks_and_obeys_never(values: np.ndarray) -> None:
    found = chosen(values, Panel(4, start=(24, 0), never=(8,)))
    assert found[:2] == [24, 0]
    assert 16 in found
    assert 8 not in found
    assert {gene // 8 for gene in found} == {0, 1, 2, 3}


def test_a_panel_that_is_full_stays_as_it_is(values: np.ndarray) -> None:
    assert chosen(values, Panel(2, start=(5, 3))) == [5, 3]


def test_more_genes_than_tell_anything_are_all_different(values: np.ndarray) -> None:
    assert len(set(chosen(values, Panel(30), epochs=3))) == 30


def test_neurons_that_want_one_gene_get_it_in_the_order_of_their_sureness() -> None:
    scores = np.array([[3.0, 2.0, 0.0, -np.inf], [9.0, 1.0, 0.5, -np.inf], [9.0, 0.0, 1.5, -np.inf]])
    assert list(distinct(scores)) == [1, 0, 2]
