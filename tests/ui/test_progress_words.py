"""How far a run is, as a person would say it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark.progress import Progress
from landmark.ui.wording import Pace, at_a_pace, counted, figure, left, pace, plural
from landmark.workflows.context import part


def _line(done: float, total: float = 0, unit: str = "set") -> dict[str, object]:
    return {"done": done, "total": total, "unit": unit}


@pytest.mark.parametrize(
    ("done", "total", "unit", "words"),
    [
        (0.2483, 13, "set", "sets 0 of 13"),
        (5.389, 13, "set", "sets 5 of 13"),
        (1024, 11_850, "target gene", "target genes 1,024 of 11,850"),
        (29.48, 100, "epoch", "epochs 29 of 100"),
        (0, 3, "penalty", "penalties 0 of 3"),
        (12.6, 77.5, "MB", "MB 12 of 78"),
        (1, 0, "sample", "1 sample"),
        (2, 0, "sample", "2 samples"),
        (0, 0, "", ""),
    ],
)
def test_counts_are_whole(done: float, total: float, unit: str, words: str) -> None:
    assert counted(_line(done, total, unit)) == words


@pytest.mark.parametrize(
    ("rate", "unit", "words"),
    [
        (3e3, "sample", "3,000 samples/s"),
        (7516.3, "gene", "7,516 genes/s"),
        (2.5, "", "2.5 steps/s"),
        (1 / 12, "epoch", "12 s per epoch"),
        (1 / 22_800, "fold", "6 h 20 min per fold"),
        (0.0, "set", ""),
    ],
)
def test_paces_have_no_exponent(rate: float, unit: str, words: str) -> None:
    assert at_a_pace(Pace(rate, None), unit) == words


@given(st.floats(1e-4, 1e12))
def test_figures_have_no_exponent(value: float) -> None:
    assert "e" not in figure(value)


@pytest.mark.parametrize(
    ("unit", "more"), [("penalty", "penalties"), ("gene", "genes"), ("MB", "MB"), ("day", "days"), ("", "")]
)
def test_plurals(unit: str, more: str) -> None:
    assert plural(unit) == more


def test_the_time_left_is_told_only_when_it_is_known() -> None:
    assert left(_line(0.0006, 2), Pace(1 / 22_800, 45_480.0, 14.0, 2)) == ""
    assert left(_line(0.0006, 2), Pace(1 / 22_800, 45_480.0, 14.0, 9)) == ""
    assert left(_line(3, 13), Pace(0.1, 100.0, 10.0, 1)) == "about 1 min 40 s left"
    assert left(_line(3, 100), Pace(0.1, 970.0, 30.0, 3)) == "about 16 min left"
    assert left(_line(13, 13), Pace(0.1, 0.0, 30.0, 9)) == ""


def test_the_time_left_of_a_long_training_is_known_in_its_first_seconds() -> None:
    """An epoch of five minutes, told of twice a second as the steps of the training go."""
    lines = [
        {"time": 0.5 * step, "done": step / 600, "total": 100, "stage": "Training", "unit": "epoch"}
        for step in range(13)
    ]
    assert left(lines[2], pace(lines[:3])) == ""
    assert left(lines[-1], pace(lines)) == "about 8 h 20 min left"


def test_progress_of_parts_never_goes_back() -> None:
    """Each set is fitted, predicted and judged, every time from nothing to all."""
    told: list[Progress] = []
    for number in range(3):
        of_part = part(told.append, f"set {number}", number, 3, "set")
        for stage in ("Fitting", "Predicting", "Judging"):
            for done in (0, 3, 7, 10):
                of_part(Progress(stage, done, 10))
    counts = [progress.done for progress in told]
    assert counts == sorted(counts)
    assert [int(progress.done) for progress in told] == sorted(int(p.stage[-1]) for p in told)
