"""Choosing genes as a run: what it keeps, what it obeys, what it refuses."""

import pytest

from landmark.errors import BadConfiguration, BadData
from landmark.store.datasets import DatasetStore
from landmark.workflows.execute import execute_now

TINY = {"epochs": 2, "hidden": 8, "bottleneck": 3, "batch_size": 16}


@pytest.fixture(scope="module", params=[{}, {"output": "sigmoid"}, {"input": "measured"}], ids=str)
def model(request, home, dataset):
    return execute_now(home, "train", {"dataset": dataset.id, "network": TINY | request.param})


def test_chooses_from_the_reconstruction_and_a_comparison_takes_the_set(home, dataset, model):
    wanted = {"dataset": dataset.id, "strategy": "blend", "models": [model.id], "size": 6}
    made = execute_now(home, "select", wanted)
    ranking, companions = made.table("ranking"), made.table("companions")
    assert list(ranking["rank"]) == list(range(1, 7))
    assert set(ranking["gene"]) <= set(dataset.load().var_names)
    assert 0 < made.manifest.metrics["explained"] < 1
    assert made.manifest.metrics["penalty"] in (1, 2, 4)
    assert set(companions["gene"]) == set(ranking["gene"])
    assert (companions["gene"] != companions["companion"]).all()
    assert made.manifest.parents == {"dataset": dataset.id, "train": model.id}
    compared = execute_now(
        home, "compare", {"dataset": dataset.id, "sets": [f"{made.id}:5", "variable:5"], "random_sets": 2}
    )
    assert "G5" in compared.manifest.metrics["sets"]
    assert set(compared.table("summary").query("set == 'G5'")["kind"]) == {"improved"}


@pytest.mark.parametrize("check", [True, False])
def test_by_default_left_out_samples_decide_and_the_choice_is_checked(home, dataset, check):
    made = execute_now(home, "select", {"dataset": dataset.id, "size": 6, "check": check})
    found = made.manifest.metrics
    assert found["strategy"] == "left_out"
    assert 0 < found["left_out_error"] < 1
    assert ("check" in found) == check
    assert made.manifest.parents == {"dataset": dataset.id}


def test_keeps_the_groups_of_an_annotation_apart(home, dataset):
    made = execute_now(home, "select", {"dataset": dataset.id, "size": 6, "label": "tissue"})
    found = made.manifest.metrics
    assert found["label"] == "tissue"
    assert found["check"]["apart"]["groups"] == 3
    again = execute_now(home, "stability", {"select": made.id, "seeds": 2, "halves": 0})
    assert again.manifest.metrics["kinds"]["seeds"]["shared"] == 1  # nothing is drawn from few samples


@pytest.mark.parametrize("strategy", ["left_out", "measured"])
def test_test_samples_have_no_say(home, dataset, strategy):
    """Choosing on a copy whose test samples are other ones chooses the same genes."""
    first = execute_now(home, "select", {"dataset": dataset.id, "strategy": strategy, "size": 8})
    matrix = dataset.load()
    matrix.X[(matrix.obs["split"] == "test").to_numpy()] += 3.0
    other = DatasetStore(home).add(matrix, "2026-01-01T00:00:00+00:00")
    second = execute_now(home, "select", {"dataset": other.id, "strategy": strategy, "size": 8})
    assert first.table("ranking").equals(second.table("ranking"))


def test_extends_a_panel_and_obeys_lists(home, dataset, tmp_path):
    genes = list(dataset.load().var_names)
    panel = tmp_path / "mine.txt"
    panel.write_text("\n".join(genes[:3]))
    made = execute_now(
        home,
        "select",
        {
            "dataset": dataset.id,
            "strategy": "measured",
            "size": 9,
            "start": f"list:{panel}",
            "contain": f"{genes[7]}",
            "never": f"{genes[10]},{genes[11]}",
        },
    )
    ranking = made.table("ranking")
    assert list(ranking["gene"][:4]) == [*genes[:3], genes[7]]
    assert list(ranking["given"]) == [True] * 4 + [False] * 5
    assert not {genes[10], genes[11]} & set(ranking["gene"])


def test_a_strategy_that_knows_no_companions_writes_none(home, dataset):
    made = execute_now(home, "select", {"dataset": dataset.id, "strategy": "variable", "size": 5})
    assert made.manifest.metrics["strategy"] == "variable"
    assert "explained" not in made.manifest.metrics
    assert list(made.table("companions").columns) == ["gene", "companion", "explained"]
    assert made.table("companions").empty


def test_a_few_genes_hold_a_driver_of_every_program_of_a_simulation(home):
    """On the small built-in example, with two genes per program; the ranking stands beside it."""
    simulated = execute_now(home, "import", {"example": "simulated-small"}).manifest.parents["dataset"]
    network = {"epochs": 20, "bottleneck": 20, "hidden": 60}
    model = execute_now(home, "train", {"dataset": simulated, "network": network})
    values = {"dataset": simulated, "strategy": "blend", "models": [model.id], "size": 8}
    found = execute_now(home, "select", values).manifest.metrics
    assert found["programs"] == 4
    assert found["programs_reached"] == 4
    assert found["programs_reached_ranking"] <= 4


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"strategy": "blend"}, "models is empty"),
        ({"strategy": "measured", "size": 41}, "there are 40 genes"),
        ({"strategy": "measured", "never": "NOGENE"}, "never: NOGENE is not among the 40 genes"),
        ({"strategy": "best"}, "strategy = 'best'"),
        ({"strategy": "measured", "penalty": 0}, "penalty = 0"),
        ({"strategy": "measured", "label": "tissue"}, "only the strategy left_out keeps groups apart"),
        ({"label": "tissue", "label_weight": 1}, "label_weight = 1"),
    ],
)
def test_what_cannot_be_is_refused(home, dataset, values, message):
    with pytest.raises(BadConfiguration, match=message):
        execute_now(home, "select", {"dataset": dataset.id} | values)


def test_an_annotation_that_is_not_there_is_refused(home, dataset):
    with pytest.raises(BadData, match="label = 'organ': the samples have no such annotation"):
        execute_now(home, "select", {"dataset": dataset.id, "label": "organ"})
