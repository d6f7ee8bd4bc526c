"""Several seeds as one request: what is repeated, what is summed up, what is left out."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from landmark.errors import BadConfiguration, Cancelled
from landmark.jobs.perform import perform
from landmark.store.activity import activity, reopen
from landmark.store.request import write_request
from landmark.store.runs import RunStore
from landmark.store.workspace import Workspace
from landmark.workflows.execute import configuration_of, execute_now

TINY = {"epochs": 3, "hidden": 8, "bottleneck": 3}


@pytest.fixture
def home(own_home):
    return Workspace(own_home)


@pytest.fixture
def labelled(home, tmp_path):
    """Samples of three tissues, half of the genes from the L1000."""
    spec = importlib.util.spec_from_file_location("small", Path(__file__).parents[1] / "small.py")
    small = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(small)
    path = small.write_h5ad(tmp_path / "small.h5ad")
    return execute_now(
        home, "import", {"path": str(path), "orientation": "genes in columns"}
    ).manifest.parents["dataset"]


@pytest.fixture
def plain(home, tmp_path):
    """Samples without labels, genes of unknown names."""
    values = np.random.default_rng(0).normal(8, 1, (48, 40))
    path = tmp_path / "plain.csv"
    pd.DataFrame(
        values, index=[f"sample{i}" for i in range(48)], columns=[f"thing{i}" for i in range(40)]
    ).to_csv(path)
    return execute_now(
        home, "import", {"path": str(path), "orientation": "genes in columns"}
    ).manifest.parents["dataset"]


@pytest.mark.slow
def test_every_figure_comes_with_its_spread(home, labelled):
    wanted = {"dataset": labelled, "network": TINY, "seeds": 2, "first_seed": 5}
    run = execute_now(home, "seeds", {**wanted, "random_sets": 2})
    found, values = run.manifest.metrics, run.table("seeds")
    assert (found["seeds"], found["label"], found["left_out"]) == ([5, 6], "tissue", {})
    assert set(values["seed"]) == {5, 6}
    assert {"reconstruction_pcc", "residual_worst", "set_pcc", "l1000_mae", "pcc_difference"} <= set(
        values["figure"]
    )
    assert {"random_pcc", "adjusted_rand", "silhouette"} <= set(values["figure"])
    for name, about in found["figures"].items():
        two = values.loc[values["figure"] == name, "value"]
        assert len(two) == 2
        assert about["mean"] == pytest.approx(two.mean())
        assert about["standard_deviation"] == pytest.approx(two.std())
        assert (about["minimum"], about["maximum"]) == (two.min(), two.max())

    store, parents = RunStore(home), run.manifest.parents
    assert len(parents) == 1 + 2 * 4
    networks = [store.get(parents[f"train {seed}"]).manifest.configuration["network"] for seed in (5, 6)]
    assert [network.pop("seed") for network in networks] == [5, 6]
    assert networks[0] == networks[1]
    tops = [
        set(store.get(parents[f"rank {seed}"]).table("ranking")["gene"].iloc[: found["cut"]])
        for seed in (5, 6)
    ]
    [pair] = run.table("overlaps").itertuples()
    assert (pair.first_seed, pair.second_seed) == (5, 6)
    assert pair.overlap == found["overlap"] == len(tops[0] & tops[1]) / found["cut"]
    assert found["genes_in_all"] == len(tops[0] & tops[1])
    assert found["genes_in_any"] == len(tops[0] | tops[1])
    assert set(run.table("genes").query("times == 2")["gene"]) == tops[0] & tops[1]


def test_what_a_dataset_does_not_allow_is_left_out_and_said(home, plain):
    run = execute_now(home, "seeds", {"dataset": plain, "network": TINY, "seeds": 2, "random_sets": 2})
    found = run.manifest.metrics
    assert set(found["left_out"]) == {"L1000", "clusters"}
    assert "label" in found["left_out"]["clusters"]
    assert not [name for name in found["figures"] if name.startswith(("l1000", "adjusted", "pcc_diff"))]
    assert {"set_pcc", "reconstruction_pcc"} <= set(found["figures"])
    assert (found["first"], found["second"], found["label"]) == (f"D{found['cut']}", "", "")
    assert {parent.partition(" ")[0] for parent in run.manifest.parents} == {
        "dataset",
        "train",
        "rank",
        "compare",
    }


def test_a_resumed_request_does_not_repeat_what_is_done(home, plain):
    wanted = {"dataset": plain, "network": TINY, "seeds": 2, "random_sets": 0}
    request = write_request(home, "seeds", configuration_of("seeds", wanted).model_dump(mode="json"))

    def stop_at_the_second_seed(progress):
        if len(RunStore(home).all("compare")) == 1:
            raise Cancelled("Stopped on request.")

    with pytest.raises(Cancelled):
        perform(home, request.id, stop_at_the_second_seed)
    assert activity(home, request.id).state == "cancelled"
    before = {run.id for run in RunStore(home).all() if run.kind not in ("import", "fit")}
    assert len(before) == 3
    reopen(home, request.id)
    run = perform(home, request.id)
    steps = set(run.manifest.parents.values()) - {plain}
    assert before < steps
    assert len(steps) == 6
    made = {found.id for found in RunStore(home).all() if found.kind not in ("import", "fit")}
    assert made == steps | {run.id}
    assert len(RunStore(home).all("fit")) == 2
    assert not list(home.unfinished.iterdir())


def test_the_seed_of_the_network_is_no_second_place_for_seeds():
    with pytest.raises(BadConfiguration, match="choose seeds by first_seed"):
        configuration_of("seeds", {"dataset": "x", "network": {"seed": 4}})
    with pytest.raises(BadConfiguration, match="seeds = 1"):
        configuration_of("seeds", {"dataset": "x", "seeds": 1})
