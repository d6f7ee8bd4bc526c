"""Bad requests are refused with a sentence that helps."""

import pytest

from landmark.errors import BadConfiguration, LandmarkError
from landmark.store.runs import Run
from landmark.store.workspace import Workspace
from landmark.workflows.execute import configuration_of, execute_now


@pytest.mark.parametrize(
    ("kind", "values", "names"),
    [
        ("bake", {}, "bake"),
        ("import", {}, "file or the name of an example"),
        ("train", {"dataset": "x", "network": {"learning_rate": -1}}, "network.learning_rate = -1"),
        ("train", {"dataset": "x", "network": {"hidden": 0}}, "network.hidden = 0"),
        ("train", {"dataset": "x", "depth": 3}, "depth is not a setting"),
        ("rank", {"model": "x", "reference": "median"}, "reference = 'median'"),
        ("cluster", {"model": "x", "linkage": "ward"}, "ward linkage needs the euclidean distance"),
        ("compare", {"dataset": "x", "sets": ()}, "sets"),
    ],
)
def test_a_bad_configuration_names_field_and_value(kind: str, values: dict[str, object], names: str) -> None:
    with pytest.raises(BadConfiguration, match=names.replace("(", r"\(")):
        configuration_of(kind, values)


@pytest.mark.parametrize(
    ("sets", "names"),
    [
        (("L2000",), "L2000"),
        (("rank-00000000:5",), "rank-00000000"),
        (("variable:many",), "many"),
        (("variable:9999",), "9,999"),
        (("list:/nowhere.txt",), "nowhere.txt"),
    ],
)
def test_a_bad_set_is_named(
    home: Workspace, steps: dict[str, Run], sets: tuple[str, ...], names: str
) -> None:
    dataset = steps["train"].manifest.parents["dataset"]
    with pytest.raises(LandmarkError, match=names):
        execute_now(home, "compare", {"dataset": dataset, "sets": sets})


def test_a_ranking_of_another_dataset_is_refused(home: Workspace, steps: dict[str, Run]) -> None:
    other = execute_now(home, "import", {"example": "simulated-small", "seed": 1}).manifest.parents["dataset"]
    with pytest.raises(BadConfiguration, match="made on the dataset you compare on"):
        execute_now(home, "compare", {"dataset": other, "sets": (f"{steps['rank'].id}:10",)})


def test_an_unknown_label_is_named(home: Workspace, steps: dict[str, Run]) -> None:
    with pytest.raises(LandmarkError, match="no annotation 'organ'"):
        execute_now(home, "cluster", {"model": steps["train"].id, "label": "organ"})
    with pytest.raises(LandmarkError, match="No sample has tissue = 'tissue 99'"):
        execute_now(
            home, "cluster", {"model": steps["train"].id, "label": "tissue", "groups": ("tissue 99",)}
        )
