import jax
import numpy as np
import pytest

from landmark.errors import BadConfiguration
from landmark.models.graph import GraphProblem, check_graph, graph_size, graph_training_bytes
from landmark.models.settings import GraphConfiguration

PLENTY = 10**12


@pytest.mark.parametrize("layers", [1, 4])
def test_counts_the_weights_that_there_are(layers):
    configuration = GraphConfiguration(layers=layers, hidden=6, most_similar=3, least_similar=2)
    problem = GraphProblem(configuration, 4, 0, np.zeros((5, 11), np.int32))
    shapes = jax.eval_shape(problem.initialise, jax.random.key(0))
    weights = sum(leaf.size for leaf in jax.tree.leaves(shapes))
    assert weights == graph_size(configuration, 4, 11).weights


def test_the_published_form_has_607_million_weights_and_ours_an_eleventh():
    size = graph_size(GraphConfiguration(), 970, 11_350)
    assert size.dense_weights == 4 * 12_320**2 == 607_129_600
    assert size.dense_weights / size.weights == pytest.approx(11.0, abs=0.5)


def test_weights_grow_with_edges_not_with_pairs_of_genes():
    few, many = (graph_size(GraphConfiguration(), 970, genes - 970) for genes in (10_000, 20_000))
    assert many.weights == pytest.approx(2 * few.weights, rel=0.05)
    assert many.dense_weights == 4 * few.dense_weights


def test_what_memory_does_not_hold_is_refused():
    configuration = GraphConfiguration(most_similar=400)
    needed = graph_training_bytes(graph_size(configuration, 490, 5673), 16)
    with pytest.raises(
        BadConfiguration, match="most_similar = 400 and least_similar = 50: training 24 million"
    ):
        check_graph(configuration, 700, 490, 5673, needed - 1)
    check_graph(configuration, 700, 490, 5673, needed)


def test_memory_is_bounded_whatever_the_batch():
    size = graph_size(GraphConfiguration(), 490, 5673)
    assert (
        graph_training_bytes(size, 16) < graph_training_bytes(size, 1000) == graph_training_bytes(size, 9000)
    )


def test_a_batch_larger_than_the_data_is_refused():
    with pytest.raises(BadConfiguration, match="batch_size = 16: there are only 15 training samples"):
        check_graph(GraphConfiguration(), 15, 490, 5673, PLENTY)
