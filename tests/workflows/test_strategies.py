"""Choosing genes by every strategy from the same training samples."""

import numpy as np
import pytest

from landmark.analyses.choices import NEED_MODELS, STRATEGIES, StrategySettings
from landmark.analyses.train.run import MODEL
from landmark.data.split import rows
from landmark.errors import BadConfiguration
from landmark.genesets.selection import Panel
from landmark.models.autoencoder import AutoencoderProblem
from landmark.progress import silent
from landmark.training.trained import Trained
from landmark.workflows.execute import execute_now
from landmark.workflows.strategies import SelectionInput, select_genes

SETTINGS = StrategySettings(concrete={"epochs": 2})
TINY = {"epochs": 2, "hidden": 8, "bottleneck": 3, "batch_size": 16}


@pytest.fixture(scope="module")
def model(home, dataset):
    return execute_now(home, "train", {"dataset": dataset.id, "network": TINY})


@pytest.fixture(scope="module")
def train(dataset):
    matrix = dataset.load()
    return matrix.X[rows(matrix, "train")]


@pytest.fixture(scope="module")
def material(train, model):
    trained = Trained.load(model.folder / MODEL, AutoencoderProblem)
    return SelectionInput(train, lambda: [trained, trained], seed=3)


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_strategy_extends_a_panel_and_obeys_lists(material, name):
    found = select_genes(name, material, Panel(9, start=(4, 2), never=(0, 1)), SETTINGS, silent)
    assert list(found.order[:2]) == [4, 2]
    assert len(set(found.order)) == len(found.gain) == 9
    assert not {0, 1} & set(found.order)
    again = select_genes(name, material, Panel(9, start=(4, 2), never=(0, 1)), SETTINGS, silent)
    assert list(again.order) == list(found.order)


@pytest.mark.parametrize("name", sorted(set(STRATEGIES) - set(NEED_MODELS)))
def test_only_strategies_that_need_models_ask_for_them(train, name):
    def models():
        raise AssertionError

    select_genes(name, SelectionInput(train, models, seed=0), Panel(3), SETTINGS, silent)


def test_ranking_is_that_of_a_ranking_run(home, dataset, model, material):
    ranked = execute_now(home, "rank", {"model": model.id}).table("ranking")
    found = select_genes("ranking", material, Panel(10), StrategySettings(), silent)
    genes = np.array(dataset.load().var_names)
    assert list(genes[found.order]) == list(ranked["gene"].head(10))


def test_an_unknown_strategy_is_refused(material):
    with pytest.raises(BadConfiguration, match="strategy = 'best': choose one of left_out, ranking, "):
        select_genes("best", material, Panel(3), StrategySettings(), silent)
