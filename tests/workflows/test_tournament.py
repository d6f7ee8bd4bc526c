"""A tournament as a run: what it sees, what it keeps, what it refuses."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from landmark.analyses.benchmark.fold import measured
from landmark.errors import BadConfiguration, BadData, Cancelled
from landmark.jobs.perform import perform
from landmark.metrics.cross_validation import random_folds
from landmark.store.activity import reopen
from landmark.store.datasets import DatasetStore
from landmark.store.request import write_request
from landmark.store.workspace import Workspace
from landmark.workflows.execute import configuration_of, execute_now

TINY = {"epochs": 2, "hidden": 8, "bottleneck": 3, "batch_size": 16}
RULES = {"sizes": (4, 8), "folds": 2, "random_sets": 2, "network": TINY}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def dataset(home):
    """60 samples of three tissues over 80 genes, half of them from the L1000."""
    spec = importlib.util.spec_from_file_location("small", Path(__file__).parents[1] / "small.py")
    small = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(small)
    home.root.mkdir(exist_ok=True)
    made = execute_now(home, "import", {"path": str(small.write_h5ad(home.root / "small.h5ad"))})
    return DatasetStore(home).get(made.manifest.parents["dataset"])


@pytest.fixture(scope="module")
def run(home, dataset):
    return execute_now(home, "tournament", {"dataset": dataset.id, **RULES})


def test_every_strategy_meets_l1000_and_chance_at_every_size(run):
    results, chosen, costs, standing = (run.table(n) for n in ("results", "chosen", "costs", "standing"))
    names = {"left_out", "ranking", "reconstruction", "blend", "measured", "variable", "random", "L1000"}
    counts = results.groupby(["size", "predictor", "fold"])["strategy"].agg(set)
    assert len(counts) == 2 * 2 * 2
    assert all(found == names for found in counts)
    one = results[(results["strategy"] != "random")].groupby(["size", "predictor", "fold"])
    assert (one["targets_common"].nunique() == 1).all()  # the same genes are asked of all
    by_fold = results[results["strategy"] != "random"].groupby("fold")
    assert (by_fold["targets_common"].nunique() == 1).all()  # and at every size
    assert (results["targets_genome"] == 80).all()
    assert (results["mae_genome"] < results["mae_common"]).mean() > 0.9  # measured genes count without error
    orders = chosen.groupby(["strategy", "draw", "fold"])
    assert set(orders["gene"].nunique()) == {8}
    assert len(orders) == (6 + 2) * 2
    assert set(costs["strategy"]) == names - {"L1000"} | {"models"}
    assert (costs["seconds"] > 0).all()
    assert (costs["memory"] >= 0).all()
    found = run.manifest.metrics
    assert (found["size"], found["predictor"], found["l1000_present"]) == (8, "ridge", 40)
    shown = standing.query("size == 8 and predictor == 'ridge' and scope == 'common' and measure == 'mae'")
    best = shown[shown["strategy"] != "L1000"].iloc[0]
    assert found["best"] == best["strategy"]
    assert found["mae"] == best["mean"] == shown["mean"][shown["strategy"] != "L1000"].min()
    assert found["difference_L1000"] == best["difference_L1000"]
    assert run.manifest.parents == {"dataset": dataset_of(run)}


def test_test_samples_have_no_say_in_what_is_chosen(home, dataset, run):
    """With quite other test samples the same genes are chosen, though they are judged otherwise."""
    matrix = dataset.load()
    test = random_folds(matrix.n_obs, 2, 0) == 0
    matrix.X[test] = np.random.default_rng(9).normal(3, 5, (test.sum(), matrix.n_vars)).astype(np.float32)
    other = DatasetStore(home).add(matrix, "2026-01-01T00:00:00+00:00")
    again = execute_now(home, "tournament", {"dataset": other.id, **RULES})
    first, second = (made.table("chosen").query("fold == 0") for made in (run, again))
    pd.testing.assert_frame_equal(first, second)
    results = [made.table("results").query("fold == 0")["mae_common"].to_numpy() for made in (run, again)]
    assert (np.abs(results[0] - results[1]) > 0.1).all()


def test_a_resumed_tournament_plays_no_fold_again_and_ends_the_same(home, dataset, run):
    wanted = configuration_of("tournament", {"dataset": dataset.id, **RULES}).model_dump(mode="json")
    request = write_request(home, "tournament", wanted)

    def stop_in_the_second_fold(progress):
        if progress.stage.startswith("Fold 2 of 2: predicting"):
            raise Cancelled("Stopped on request.")

    with pytest.raises(Cancelled):
        perform(home, request.id, stop_in_the_second_fold)
    reopen(home, request.id)
    stages = []
    resumed = perform(home, request.id, lambda progress: stages.append(progress.stage))
    assert not [stage for stage in stages if stage.startswith("Fold 1")]
    assert [stage for stage in stages if stage.startswith("Fold 2")]
    for name in ("results", "duels", "chosen", "standing"):
        pd.testing.assert_frame_equal(resumed.table(name), run.table(name))
    assert not (resumed.folder / "checkpoints").exists()


def test_whole_tissues_can_be_held_out(home, dataset):
    wanted = {"dataset": dataset.id, "folds": 3, "sizes": "4", "strategies": "measured,variable"}
    made = execute_now(home, "tournament", {**wanted, "groups": "tissue", "predictors": "ridge"})
    balanced = execute_now(home, "tournament", {**wanted, "balance": "tissue", "predictors": "ridge"})
    assert set(made.table("results")["strategy"]) == {"measured", "variable", "L1000"}
    assert set(made.table("costs")["strategy"]) == {"measured", "variable"}  # nothing was trained
    assert "difference_random" not in made.manifest.metrics
    # a tissue that nobody has seen is harder to predict than one that was among the training samples
    assert made.manifest.metrics["mae"] > 1.2 * balanced.manifest.metrics["mae"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"groups": "organ"}, "groups = 'organ': the samples have no such annotation; there are tissue"),
        ({"sizes": (80,)}, "sizes = 80: the dataset has 80 genes"),
        ({"groups": "tissue", "folds": 5}, "there are 3 groups"),
        ({"groups": "tissue", "balance": "tissue"}, "groups and balance exclude each other"),
        ({"network": {"seed": 3}}, "choose seeds by first_seed"),
        ({"strategies": ("blend", "blend")}, "name each once"),
        ({"strategies": ("astrology",)}, "strategies"),
    ],
)
def test_what_cannot_be_played_is_refused_before_anything_is_trained(home, dataset, wrong, said):
    with pytest.raises(BadConfiguration, match=said):
        execute_now(home, "tournament", {"dataset": dataset.id, "network": TINY, **wrong})


def test_sets_that_leave_nothing_to_predict_are_refused(home, dataset):
    wanted = {"dataset": dataset.id, "sizes": (60,), "strategies": ("variable", "random", "measured")}
    with pytest.raises(BadData, match="cover all 80 genes"):
        execute_now(home, "tournament", wanted)


def test_time_and_memory_of_work_are_measured_and_errors_pass_through():
    with measured() as spent:
        taken = np.ones(8_000_000)  # 64 MB, each page touched
        assert taken.sum() == len(taken)
    assert spent.seconds > 0
    assert 0.8 * taken.nbytes < spent.memory < 3 * taken.nbytes
    with pytest.raises(ZeroDivisionError), measured() as failed:
        _ = 1 / 0
    assert failed.seconds > 0


def dataset_of(run) -> str:
    return run.manifest.configuration["dataset"]
