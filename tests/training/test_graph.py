import jax.numpy as jnp
import numpy as np
import pytest
import scipy.stats

from landmark.errors import BadConfiguration, BadData, BadRun, Cancelled
from landmark.models.dgex import DgexProblem
from landmark.models.graph import GraphProblem, rank_correlation, train_graph
from landmark.models.settings import GraphConfiguration
from landmark.training.trained import Trained

GRAPH = GraphConfiguration(
    layers=1,
    hidden=8,
    most_similar=3,
    least_similar=1,
    epochs=7,
    batch_size=16,
    checkpoint_every=2,
    learning_rate=0.01,
)


@pytest.fixture(autouse=True, scope="module")
def few_slots():
    """Less to compile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("landmark.models.graph_operations.SLOTS", 4)
        yield


@pytest.fixture(scope="module")
def data():
    """Four landmark genes and a group of the samples, independent of them; targets follow all."""
    random = np.random.default_rng(0)
    group = random.integers(0, 2, (100, 1)) * 2.0 - 1
    inputs = np.concatenate([random.standard_normal((100, 4)), group], axis=1).astype(np.float32)
    targets = inputs @ random.standard_normal((5, 9)) + 0.1 * random.standard_normal((100, 9))
    targets = (targets / targets.std(axis=0)).astype(np.float32)
    return inputs[:80], targets[:80], inputs[80:], targets[80:]


@pytest.fixture(scope="module")
def trained(data):
    return train_graph(*data, GRAPH, covariates=1)


def test_predicts_targets_and_stops_on_the_rank_correlation(data):
    trained = train_graph(*data, GRAPH.model_copy(update={"epochs": 300, "early_stopping": 9}), covariates=1)
    losses = trained.history["validation_loss"]
    assert len(losses) < 300
    assert losses.argmin() == len(losses) - 10
    predicted = trained.apply(data[2])
    assert np.abs(predicted - data[3]).mean() < 0.25
    spearman = [scipy.stats.spearmanr(a, b).statistic for a, b in zip(predicted, data[3], strict=True)]
    assert 1 - losses.min() == pytest.approx(np.mean(spearman), abs=1e-5)


def test_goes_on_from_a_checkpoint_bit_for_bit(data, trained, same, cancel_at, tmp_path):
    with pytest.raises(Cancelled):
        train_graph(*data, GRAPH, covariates=1, directory=tmp_path, report=cancel_at(5))
    resumed = train_graph(*data, GRAPH, covariates=1, directory=tmp_path)
    assert same(trained.parameters, resumed.parameters)
    columns = ["epoch", "train_loss", "validation_loss"]
    assert trained.history[columns].equals(resumed.history[columns])
    inputs, targets, *validation = data
    with pytest.raises(BadRun, match="other settings or other data"):  # the same shapes, but other edges
        train_graph(inputs, targets[:, ::-1].copy(), *validation, GRAPH, covariates=1, directory=tmp_path)


def test_save_and_load(data, trained, same, tmp_path):
    trained.save(tmp_path)
    loaded = Trained.load(tmp_path, GraphProblem)
    assert loaded.problem.configuration == trained.problem.configuration
    assert same(loaded.parameters, trained.parameters)
    np.testing.assert_array_equal(loaded.problem.neighbours, trained.problem.neighbours)
    np.testing.assert_array_equal(loaded.apply(data[2]), trained.apply(data[2]))
    with pytest.raises(BadRun, match="holds no D-GEX but a graph network"):
        Trained.load(tmp_path, DgexProblem)


def test_unsuitable_data_are_refused(data, trained):
    inputs, targets, *validation = data
    with pytest.raises(BadConfiguration, match="batch_size = 81"):
        train_graph(*data, GRAPH.model_copy(update={"batch_size": 81}))
    with pytest.raises(BadData, match="80 samples of landmark genes and 79 of target genes"):
        train_graph(inputs, targets[:79], *validation, GRAPH)
    with pytest.raises(BadData, match="0 landmark genes and 9 target genes"):
        train_graph(*data, GRAPH, covariates=5)
    with pytest.raises(BadData, match="trained on 5 landmark genes and covariates"):
        trained.apply(inputs[:, :4])


def test_rank_correlation_is_spearmans():
    random = np.random.default_rng(0)
    a, b = random.standard_normal((2, 6, 5000)).astype(np.float32)
    a[3] = b[3]
    expected = [scipy.stats.spearmanr(x, y).statistic for x, y in zip(a, b, strict=True)]
    np.testing.assert_allclose(rank_correlation(jnp.asarray(a), jnp.asarray(b)), expected, atol=1e-6)
