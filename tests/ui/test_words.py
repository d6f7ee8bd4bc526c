"""Times, paces, headlines and the lines that repeat a run."""

import shlex
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark.analyses.command_line import command_line, python_lines
from landmark.analyses.registry import ANALYSES
from landmark.ui.wording import ago, duration, headline_of, pace
from landmark.wording import p_number, p_value
from landmark.workflows.execute import configuration_of


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "less than 1 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (200, "3 min 20 s"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
    ],
)
def test_duration(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(("minutes", "text"), [(0, "just now"), (1, "1 minute ago"), (150, "2 hours ago")])
def test_ago(minutes: int, text: str) -> None:
    assert ago((datetime.now(UTC) - timedelta(minutes=minutes, seconds=1)).isoformat()) == text


def _line(time: float, done: float, stage: str = "Training") -> dict[str, object]:
    return {"time": time, "done": done, "total": 100, "stage": stage}


def test_pace_is_that_of_the_present_stage() -> None:
    now = pace([_line(0, 90, "Reading"), _line(10, 0), _line(11, 4), _line(15, 10)])
    assert now.rate == pytest.approx(2.0)
    assert now.left == pytest.approx(45.0)


def test_pace_forgets_what_was_before_a_resume() -> None:
    assert pace([_line(0, 50), _line(1, 60), _line(5, 20), _line(6, 22)]).rate == pytest.approx(2.0)


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), max_size=8))
def test_pace_is_never_negative(points: list[tuple[float, float]]) -> None:
    found = pace([_line(time, done) for time, done in points])
    assert found.rate >= 0


def test_headline_of_an_incomplete_run_is_empty() -> None:
    assert headline_of("train", {}) == ""
    assert headline_of("unheard of", {}) == ""


def test_headline_of_a_comparison_names_sets_and_chance() -> None:
    own = {"size": 10, "targets": 30, "mae": 0.6, "pcc": 0.5, "significant": 30}
    compared = {"predictor": "ridge", "arithmetic": "", "sets": {"D10": own}}
    compared |= {"random_pcc": 0.4, "random_pcc_sd": 0.01}
    assert "D10 0.500, random sets 0.400 ± 0.010" in headline_of("compare", compared)


COMMANDS = {
    "python -m landmark train --dataset abc --with epochs=5 --seed 3": (
        "train",
        {"dataset": "abc", "network": {"epochs": 5, "seed": 3}},
    ),
    "python -m landmark import '/data/my file.csv' --held-out 0.1": (
        "import",
        {"path": "/data/my file.csv", "held_out": 0.1},
    ),
    "python -m landmark rank --model train-1 --target post": (
        "rank",
        {"model": "train-1", "target": "post"},
    ),
    "python -m landmark compare --dataset abc --set L1000 --set rank-1:40 --random-sets 5": (
        "compare",
        {"dataset": "abc", "sets": ["L1000", "rank-1:40"], "random_sets": 5},
    ),
    "python -m landmark cluster --model train-1 --group lung --group skin": (
        "cluster",
        {"model": "train-1", "groups": ["lung", "skin"]},
    ),
    "python -m landmark fit --dataset abc --set L1000 --predictor dgex --with dgex.epochs=9": (
        "fit",
        {"dataset": "abc", "predictor": "dgex", "dgex": {"epochs": 9}},
    ),
    "python -m landmark predictors --dataset abc --set L1000 --predictor knn --predictor graph --covariate tissue "
    "--size 9 --with graph.epochs=9": (
        "infer",
        {
            "dataset": "abc",
            "predictors": ["knn", "graph"],
            "covariate": "tissue",
            "size": 9,
            "graph": {"epochs": 9},
        },
    ),
    "python -m landmark explain --fit fit-1 --gene TP53 --gene MYC --reference zero": (
        "explain",
        {"fit": "fit-1", "targets": ["TP53", "MYC"], "reference": "zero"},
    ),
    "python -m landmark path --example simulated": ("path", {"example": "simulated"}),
    "python -m landmark path --example simulated --with network.epochs=2": (
        "path",
        {"example": "simulated", "network": {"epochs": 2}},
    ),
    "python -m landmark seeds --dataset abc --seeds 3 --first-seed 7 --with network.hidden=80": (
        "seeds",
        {"dataset": "abc", "first_seed": 7, "network": {"hidden": 80}},
    ),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_command_line_says_what_differs_from_the_defaults(command: str) -> None:
    kind, choices = COMMANDS[command]
    configuration = configuration_of(kind, choices).model_dump(mode="json")
    assert sorted(shlex.split(command_line(ANALYSES[kind], configuration))) == sorted(shlex.split(command))


@pytest.mark.parametrize("command", COMMANDS)
def test_python_lines_carry_the_same_configuration(command: str) -> None:
    kind, choices = COMMANDS[command]
    configuration = configuration_of(kind, choices)
    lines = python_lines(ANALYSES[kind], configuration.model_dump(mode="json"))
    said: list[object] = []
    call = next(line for line in lines.splitlines() if line.startswith("run = "))
    eval(
        call.removeprefix("run = "),
        {"open_workspace": lambda: None, "execute_now": lambda _, *rest: said.extend(rest)},
    )
    assert said[0] == kind
    assert configuration_of(kind, said[1]) == configuration  # type: ignore[arg-type]


def test_a_p_value_is_never_zero():
    assert [p_value(p) for p in (0.0, 1e-20, 9e-5, 0.00012, 0.03, 1.0)] == [
        "p < 0.0001",
        "p < 0.0001",
        "p < 0.0001",
        "p = 0.0001",
        "p = 0.030",
        "p = 1.000",
    ]
    assert p_number(0.0) == "< 0.0001"
