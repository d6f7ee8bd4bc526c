"""What was compiled for a graph network serves every gene set of its size; a checkpoint serves its own set only."""

import dataclasses

import jax
import numpy as np
import pytest

from landmark.errors import BadRun, Cancelled
from landmark.inference.networks import Graph
from landmark.inference.predictor import Task
from landmark.models import graph_operations
from landmark.models.graph import EDGES, GraphProblem, rank_correlation, train_graph
from landmark.models.graph_operations import Edges, similar_genes
from landmark.models.settings import GraphConfiguration
from landmark.progress import silent
from landmark.training import steps

GRAPH = GraphConfiguration(
    layers=1, hidden=4, most_similar=6, least_similar=3, epochs=2, batch_size=16, checkpoint_every=1
)
GENES = 50


@pytest.fixture(autouse=True, scope="module")
def few_slots():
    """Lists so short that genes which many others read need several, and less to compile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(graph_operations, "SLOTS", 4)
        yield


@pytest.fixture(scope="module")
def expression():
    """Two hundred samples of genes that follow three causes, some of them many genes."""
    random = np.random.default_rng(5)
    causes = random.standard_normal((200, 3)) @ random.standard_normal((3, GENES)) ** 3
    values = causes + random.standard_normal((200, GENES))
    return ((values - values.mean(axis=0)) / values.std(axis=0)).astype(np.float32)


@pytest.fixture
def compiled():
    """Return a list that grows with every program that JAX compiles."""
    found = []

    def listen(event, seconds, **_):
        if event.endswith("backend_compile_duration"):
            found.append(event)

    jax.monitoring.register_event_duration_secs_listener(listen)
    yield found
    jax.monitoring.unregister_event_duration_listener(listen)


def divided(expression, landmarks):
    targets = np.setdiff1d(np.arange(GENES), landmarks)
    return [
        part[:, columns] for part in (expression[:160], expression[160:]) for columns in (landmarks, targets)
    ]


def rows(expression, landmarks):
    """How many rows the readers of the edges need."""
    read = similar_genes(divided(expression, landmarks)[1], GRAPH.most_similar, GRAPH.least_similar)
    return int((-(-np.bincount(read.ravel()) // graph_operations.SLOTS)).sum())


@pytest.fixture(scope="module")
def twelve_sets():
    """Gene sets of one size."""
    random = np.random.default_rng(0)
    return [np.sort(random.permutation(GENES)[:8]) for _ in range(12)]


@pytest.fixture
def sets(expression, twelve_sets):
    """Two gene sets whose graphs differ also in how often their genes are read."""
    first = twelve_sets[0]
    return first, next(genes for genes in twelve_sets if rows(expression, genes) != rows(expression, first))


def test_the_first_of_twelve_gene_sets_compiles_for_all(expression, twelve_sets, compiled, monkeypatch):
    traced = []
    losses = GraphProblem.losses

    def counted(self, *arguments):
        traced.append(self)
        return losses(self, *arguments)

    monkeypatch.setattr(GraphProblem, "losses", counted)
    counts = []
    jax.clear_caches()
    for genes in twelve_sets:
        parts = divided(expression, genes)
        train_graph(*parts, GRAPH).apply(parts[0])
        counts.append((len(traced), len(compiled), steps.train._cache_size()))
    assert counts[0][0] == 2  # training and evaluation
    assert counts[0][1] > 2
    assert counts == [(2, counts[0][1], 1)] * 12


def test_what_was_compiled_for_another_set_goes_along_its_own_edges(expression, sets):
    for genes in sets:
        parts = divided(expression, genes)
        trained = train_graph(*parts, GRAPH.model_copy(update={"keep": "last"}))
    inputs, targets = parts[2:]
    read = similar_genes(parts[1], GRAPH.most_similar, GRAPH.least_similar)
    np.testing.assert_array_equal(trained.problem.neighbours, read)
    plain = trained.problem({**trained.parameters, EDGES: Edges(read)}, inputs, unrolled=True)
    np.testing.assert_allclose(trained.apply(inputs), plain, atol=1e-5)
    expected = 1 - float(rank_correlation(plain, targets).mean())
    assert trained.history["validation_loss"].iloc[-1] == pytest.approx(expected, abs=1e-5)


def test_checkpoints_of_other_edges_are_refused(expression, sets, cancel_at, tmp_path):
    first, other = sets
    with pytest.raises(Cancelled):
        train_graph(*divided(expression, first), GRAPH, directory=tmp_path, report=cancel_at(2))
    with pytest.raises(BadRun, match="other settings or other data"):
        train_graph(*divided(expression, other), GRAPH, directory=tmp_path)


def test_equal_problems_share_programs_but_not_checkpoints(expression, sets):
    problems = []
    for genes in sets:
        read = similar_genes(divided(expression, genes)[1], GRAPH.most_similar, GRAPH.least_similar)
        problems.append(GraphProblem(GRAPH, 8, 0, read))
    one, other = problems
    assert one == other
    assert hash(one) == hash(other)
    assert one.checkpoint_identity != other.checkpoint_identity
    quicker = dataclasses.replace(one, configuration=GRAPH.model_copy(update={"learning_rate": 0.02}))
    assert one != quicker
    assert one.checkpoint_identity != quicker.checkpoint_identity
    assert jax.tree.map(np.shape, one.fixed) == jax.tree.map(np.shape, other.fixed)


def test_predictors_of_two_sets_share_what_was_compiled(expression, sets, compiled):
    counts = []
    for genes in sets:
        inputs, targets = expression[:, genes], np.delete(expression, genes, axis=1)
        Graph(GRAPH).fit(Task(inputs, targets, np.arange(200) >= 160), silent).predict(inputs)
        counts.append(len(compiled))
    assert counts[0] == counts[1]
