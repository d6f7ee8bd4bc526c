from dataclasses import replace

import jax
import numpy as np
import pytest

from landmark.attribution import deeplift
from landmark.inference.networks import Graph, GraphPredictor
from landmark.inference.trained import LOADERS, METHODS
from landmark.models.settings import GraphConfiguration
from landmark.progress import silent

SMALL = GraphConfiguration(
    layers=2, hidden=6, most_similar=4, least_similar=3, epochs=30, batch_size=8, learning_rate=3e-3
)


@pytest.fixture(scope="module")
def fitted(task_of):
    """The last two of twelve inputs stand for an annotation."""
    task, _ = task_of(12)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("landmark.models.graph_operations.SLOTS", 4)  # less to compile
        return Graph(SMALL).fit(replace(task, covariates=2), silent)


def test_predicts_the_other_genes(fitted, task_of, split):
    _, inputs = task_of(12)
    truth = split.test_columns(split.genes[12:])
    error = np.abs(fitted.predict(inputs) - truth).mean()
    assert error < 0.75 * np.abs(truth).mean()
    assert set(fitted.details) == {"epochs", "validation_rank_correlation"}
    assert 0.3 < fitted.details["validation_rank_correlation"] < 1


def test_is_found_by_its_name(fitted, task_of, tmp_path):
    assert METHODS["graph"] is Graph
    fitted.save(tmp_path)
    loaded = LOADERS["graph"](tmp_path)
    assert isinstance(loaded, GraphPredictor)
    _, inputs = task_of(12)
    np.testing.assert_array_equal(loaded.predict(inputs), fitted.predict(inputs))


def test_network_gives_some_of_the_targets(fitted, task_of):
    _, inputs = task_of(12)
    network = fitted.network([3, 30, 7])
    given = jax.jit(network.apply)(network.parameters, inputs)
    np.testing.assert_allclose(given, fitted.predict(inputs)[:, [3, 30, 7]], atol=1e-5)


def test_networks_of_other_targets_share_what_was_compiled(fitted, task_of):
    _, inputs = task_of(12)
    forwards = jax.jit(lambda apply, *arguments: apply(*arguments), static_argnums=0)
    for targets in ([3, 7], [5, 1], [2, 9]):
        network = fitted.network(targets)
        forwards(network.apply, network.parameters, inputs)
    assert forwards._cache_size() == 1


def test_contributions_sum_to_the_difference_from_the_reference(fitted, task_of):
    _, inputs = task_of(12)
    network = fitted.network([3, 7])

    def apply(x):
        return network.apply(network.parameters, x)

    reference = np.zeros(12, np.float32)
    found = jax.jit(lambda x: deeplift(apply, x, reference))(inputs)
    assert found.shape == (30, 2, 12)
    difference = fitted.predict(inputs) - fitted.predict(reference[None])
    np.testing.assert_allclose(found.sum(axis=2), difference[:, [3, 7]], atol=1e-4)
    assert np.abs(found[:, :, 10:]).max() > 0  # the annotation contributes too
