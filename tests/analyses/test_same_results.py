"""Every analysis comes to the results that are stored beside this file, to rounding.

``LANDMARK_REFERENCE=write`` stores what this version finds instead: for a change of results that is meant.
"""

import json
import os
from pathlib import Path

import pytest

from landmark.store.runs import Run
from tests.analyses.summaries import differences, summary

REFERENCE = Path(__file__).parent / "reference"

ROUNDING = 1e-5
"""Relative difference that the order of additions may make."""

TRAINED_ROUNDING = 1e-3
"""The same where a network was trained: Adam divides by small gradients, and thereby magnifies it."""

EXACT = ("compare", "cross-platform", "import", "merge", "prepare", "quality", "size", "tournament")
TRAINED = ("cluster", "infer", "path", "rank", "select", "seeds", "stability", "train")


@pytest.mark.parametrize("kind", [*EXACT, *TRAINED])
def test_results_are_those_stored(runs: dict[str, Run], kind: str) -> None:
    found, path = summary(runs[kind]), REFERENCE / f"{kind}.json"
    if os.environ.get("LANDMARK_REFERENCE") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(found, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    expected = json.loads(path.read_text(encoding="utf-8"))
    assert differences(expected, found, ROUNDING if kind in EXACT else TRAINED_ROUNDING) == []
