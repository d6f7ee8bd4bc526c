"""The law of seeds: a run's seed changes the weights of every network that it trains to predict."""

import jax
import numpy as np
import pytest

from landmark.analyses.choices import NETWORKS
from landmark.analyses.clusters import run as clusters_run
from landmark.analyses.overview.config import PathConfiguration
from landmark.analyses.overview.run import remaining
from landmark.inference import split
from landmark.models import dgex, graph
from landmark.store.runs import RunStore
from landmark.workflows.execute import execute_now

from .conftest import GENES, write

SMALL = {
    "dgex": {"layers": 1, "units": 4, "epochs": 1, "batch_size": 16},
    "graph": {"layers": 1, "hidden": 4, "most_similar": 2, "least_similar": 1, "epochs": 1},
}
ONE_SET = {"sets": ["L1000"], "random_sets": 0}
VERBS = {
    "fit": {"size": 5},
    "infer": {"size": 5},
    "compare": ONE_SET,
    "size": {"sizes": [5], "largest": 5, "random_orders": 0},
    "cross-platform": {**ONE_SET, "size": 5},
    "tournament": {"strategies": ["variable"], "sizes": [5], "folds": 2},
}
"""What each verb that predicts is asked for, beside its predictor and its seed; five genes, to compile once."""


@pytest.fixture
def trained(monkeypatch):
    """Every network that a verb trains; all judge by the same samples, so that only their own seed tells them apart."""
    made = []

    def watched(train):
        def remembering(*data, **how):
            made.append(train(*data, **how))
            return made[-1]

        return remembering

    monkeypatch.setattr(dgex, "train_dgex", watched(dgex.train_dgex))
    monkeypatch.setattr(graph, "train_graph", watched(graph.train_graph))
    monkeypatch.setattr(split, "validation_rows", lambda samples, seed, groups=None: np.arange(samples) < 5)
    return made


@pytest.fixture(scope="module")
def other(home, tmp_path_factory):
    path = write(tmp_path_factory.mktemp("other") / "other.h5ad", 5, GENES)
    return execute_now(home, "import", {"path": str(path)}).manifest.parents["dataset"]


def ask(home, verb, predictor, seed, dataset, other, of_network=None):
    settings = SMALL[predictor] | ({} if of_network is None else {"seed": of_network})
    asked = {"dataset": dataset, **VERBS[verb], predictor: settings}
    several = verb in ("infer", "tournament")
    asked |= {"predictors": [predictor]} if several else {"predictor": predictor}
    asked["first_seed" if verb == "tournament" else "seed"] = seed
    if verb == "cross-platform":
        asked["other"] = other
    return execute_now(home, verb, asked)


def weights(network):
    return np.concatenate([np.ravel(values) for values in jax.tree.leaves(dict(network.parameters))])


@pytest.mark.parametrize("predictor", NETWORKS)
@pytest.mark.parametrize("verb", VERBS)
def test_every_network_of_a_run_has_the_seed_of_the_run(home, dataset, other, trained, verb, predictor):
    seed = 11 + list(VERBS).index(verb)  # of its own, or it takes the finished fit of another verb
    ask(home, verb, predictor, seed, dataset, other)
    assert {network.problem.configuration.seed for network in trained} == {seed}


@pytest.mark.parametrize("predictor", NETWORKS)
def test_the_seed_of_a_run_changes_the_weights(home, dataset, other, trained, predictor):
    for seed in (21, 22):
        ask(home, "fit", predictor, seed, dataset, other)
    assert not np.allclose(*map(weights, trained), atol=1e-4)


@pytest.mark.parametrize("predictor", NETWORKS)
def test_a_network_that_names_a_seed_keeps_it(home, dataset, other, trained, predictor):
    for seed in (21, 22):
        ask(home, "fit", predictor, seed, dataset, other, of_network=7)
    assert [network.problem.configuration.seed for network in trained] == [7, 7]
    np.testing.assert_array_equal(*map(weights, trained))


@pytest.mark.parametrize("predictor", NETWORKS)
def test_a_finished_fit_of_another_seed_is_not_taken_for_this_one(home, dataset, other, trained, predictor):
    for seed in (31, 32, 31):
        ask(home, "compare", predictor, seed, dataset, other)
    assert [network.problem.configuration.seed for network in trained] == [31, 32]


def test_every_step_of_the_whole_path_has_the_seed_of_its_network(home, dataset, monkeypatch):
    monkeypatch.setattr(clusters_run, "umap_coordinates", lambda values, **_: values[:, :2])
    network = {"hidden": 8, "bottleneck": 3, "epochs": 1, "batch_size": 16, "seed": 7}
    path = execute_now(home, "path", {"dataset": dataset, "network": network, "random_sets": 1})
    steps = [
        RunStore(home).get(path.manifest.parents[kind]) for kind in ("train", "rank", "compare", "cluster")
    ]
    assert [step.manifest.seed for step in steps] == [7, 7, 7, 7]
    wanted = PathConfiguration.parse({"dataset": dataset, "network": network, "random_sets": 1})
    assert remaining(wanted, RunStore(home).all()) == []
