"""A selection repeated with other seeds and on halves: what is repeated, what is kept, what is reused."""

import pytest

from landmark.errors import BadConfiguration, Cancelled
from landmark.jobs.perform import perform
from landmark.store.activity import reopen
from landmark.store.request import write_request
from landmark.store.runs import RunStore
from landmark.workflows.execute import configuration_of, execute_now

TINY = {"epochs": 2, "hidden": 8, "bottleneck": 3, "batch_size": 16}


@pytest.fixture(scope="module")
def model(home, dataset):
    return execute_now(home, "train", {"dataset": dataset.id, "network": TINY})


@pytest.fixture(scope="module")
def selection(home, dataset, model):
    genes = list(map(str, dataset.load().var_names))
    wanted = {"dataset": dataset.id, "strategy": "blend", "models": [model.id], "size": 8}
    return execute_now(home, "select", {**wanted, "contain": genes[5], "never": genes[6]})


@pytest.fixture(scope="module")
def run(home, selection):
    return execute_now(home, "stability", {"select": selection.id, "seeds": 2, "halves": 1})


def test_every_choice_keeps_the_conditions_and_is_counted(run, selection):
    found, genes = run.manifest.metrics, run.table("genes")
    assert found["choices"] == ["this choice", "seed 1", "half 1a", "half 1b"]
    assert genes["times"].sum() == 4 * 8
    assert (genes["times"] == genes["times_seeds"] + genes["times_halves"]).all()
    chosen = selection.table("ranking")
    assert set(genes.loc[genes["chosen"], "gene"]) == set(chosen["gene"])
    given = chosen.loc[chosen["given"], "gene"].item()
    assert genes.loc[genes["gene"] == given, ["times", "given"]].to_numpy().tolist() == [[4, True]]
    assert not set(selection.manifest.configuration["never"]) & set(genes["gene"])
    assert found["core"] == (genes["times"] == 4).sum() - 1


def test_pairs_stand_beside_chance(run):
    pairs = run.table("pairs")
    assert list(pairs["kind"])[:3] == ["seeds", "halves", "random"]
    assert (pairs["size"] == 7).all()
    assert (pairs[["shared", "exchangeable", "different"]].sum(axis=1) == 7).all()
    assert pairs["by_chance"].iloc[0] == pytest.approx(7 * 7 / 38)
    kinds = run.manifest.metrics["kinds"]
    assert kinds["seeds"]["shared"] == pytest.approx(pairs["shared"].iloc[0] / 7)
    assert kinds["random"]["pairs"] == len(pairs) - 2


def test_every_choice_is_judged_on_the_genes_that_none_took(run, dataset):
    judged, taken = run.table("accuracy"), run.table("genes")
    assert list(judged["choice"]) == run.manifest.metrics["choices"]
    assert set(judged["targets"]) == {dataset.manifest.genes - len(taken)}
    assert judged[["mae", "pcc"]].notna().all(axis=None)


def test_networks_of_other_seeds_are_runs_that_serve_again(home, run, model, selection):
    store = RunStore(home)
    assert run.manifest.parents["train 0"] == model.id
    network = store.get(run.manifest.parents["train 1"]).manifest.configuration["network"]
    assert network == {**model.manifest.configuration["network"], "seed": 1}
    before = [made.id for made in store.all("train")]
    again = execute_now(home, "stability", {"select": selection.id, "seeds": 2, "halves": 0})
    assert [made.id for made in store.all("train")] == before
    pairs = run.table("pairs").query("kind == 'seeds'")
    assert again.table("pairs").query("kind == 'seeds'").equals(pairs)


def test_what_does_not_depend_on_luck_is_the_same_with_every_seed(home, dataset):
    made = execute_now(home, "select", {"dataset": dataset.id, "strategy": "variable", "size": 6})
    run = execute_now(home, "stability", {"select": made.id, "seeds": 2, "halves": 1})
    assert run.manifest.metrics["kinds"]["seeds"]["shared"] == 1
    assert run.manifest.metrics["kinds"]["halves"]["shared"] < 1
    drawn = execute_now(home, "select", {"dataset": dataset.id, "strategy": "random", "size": 6})
    run = execute_now(home, "stability", {"select": drawn.id, "seeds": 2, "halves": 0})
    assert run.manifest.metrics["kinds"]["seeds"]["shared"] < 1


def test_a_resumed_request_goes_on(home, selection, run):
    before = {made.id for made in RunStore(home).all("train")}
    wanted = {"select": selection.id, "seeds": 2, "halves": 1, "epochs": 3}
    request = write_request(home, "stability", configuration_of("stability", wanted).model_dump(mode="json"))

    def stop_on_the_second_half(progress):
        if progress.stage.startswith("Half 1b: choosing"):
            raise Cancelled("Stopped on request.")

    with pytest.raises(Cancelled):
        perform(home, request.id, stop_on_the_second_half)
    reopen(home, request.id)
    stages = []
    resumed = perform(home, request.id, lambda progress: stages.append(progress.stage))
    assert "Half 1a: training" not in stages
    assert resumed.manifest.metrics["epochs"] == [3]
    assert {made.id for made in RunStore(home).all("train")} == before
    assert not (resumed.folder / "checkpoints").exists()


def test_nothing_to_repeat_is_refused():
    with pytest.raises(BadConfiguration, match="nothing would be repeated"):
        configuration_of("stability", {"select": "select-00000000", "seeds": 1, "halves": 0})
