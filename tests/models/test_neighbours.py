import jax
import jax.numpy as jnp
import numpy as np
import pytest

from landmark.models.graph_operations import SLOTS, Edges, neighbour_sums, readers_of, unrolled_neighbour_sums


def _edges(genes, neighbours, seed=0):
    """Edges of which many read gene 0, as some genes are read by most others."""
    random = np.random.default_rng(seed)
    read = np.argsort(random.random((genes, genes - 1)), axis=1)[:, : neighbours - 1] + 1
    read = np.concatenate([np.zeros((genes, 1)), read], axis=1)
    return read.T.astype(np.int32)


def _dense(weights, neighbours):
    """All pairs of genes, zero where there is no edge."""
    genes = neighbours.shape[1]
    matrix = jnp.zeros((genes, genes), weights.dtype)
    return matrix.at[np.arange(genes), neighbours].set(weights)


@pytest.fixture(params=[(50, 13), (5, 1)])
def case(request, monkeypatch):
    monkeypatch.setattr("landmark.models.graph_operations.SLOTS", 5)
    monkeypatch.setattr("landmark.models.graph_operations.UNROLLED", 3)
    genes, count = request.param
    random = np.random.default_rng(1)
    neighbours = _edges(genes, count)
    weights = random.standard_normal(neighbours.shape).astype(np.float32)
    values = random.standard_normal((genes, 6)).astype(np.float32)
    return weights, values, neighbours


def test_sums_equal_a_dense_product(case):
    weights, values, neighbours = case
    expected = _dense(weights, neighbours) @ values
    for add_up in (neighbour_sums, unrolled_neighbour_sums):
        np.testing.assert_allclose(add_up(weights, values, Edges(neighbours)), expected, atol=1e-5)


def test_gradients_equal_those_of_a_dense_product(case, monkeypatch):
    weights, values, neighbours = case
    monkeypatch.setattr(
        "landmark.models.graph_operations.GATHERED", 200
    )  # several parts, the last one filled up
    edges = Edges(neighbours, readers_of(neighbours))

    def sparse(weights, values):
        return jnp.sum(jnp.sin(neighbour_sums(weights, values, edges)))

    def dense(weights, values):
        return jnp.sum(jnp.sin(_dense(weights, neighbours) @ values))

    found, expected = (jax.grad(f, argnums=(0, 1))(weights, values) for f in (sparse, dense))
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=2e-5)


def test_readers_hold_every_edge_once():
    neighbours = _edges(3 * SLOTS, 5)
    readers = readers_of(neighbours)
    held = readers.edge[readers.edge >= 0]
    assert len(readers.edge) == SLOTS
    assert sorted(held) == list(range(neighbours.size))
    read = np.broadcast_to(readers.gene, readers.edge.shape)[readers.edge >= 0]
    np.testing.assert_array_equal(neighbours.ravel()[held], read)
    assert (np.diff(readers.gene) >= 0).all()
    assert readers.edge.shape[1] <= neighbours.shape[1] + neighbours.size / SLOTS


def test_gradients_without_readers_are_refused():
    neighbours = _edges(5, 2)
    weights, values = np.ones((2, 5), np.float32), np.ones((5, 1), np.float32)
    with pytest.raises(ValueError, match="readers"):
        jax.grad(lambda w: neighbour_sums(w, values, Edges(neighbours)).sum())(weights)
