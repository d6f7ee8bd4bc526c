"""A home for page tests, fresh for each."""

import sys
from pathlib import Path

import pytest

from landmark.store.workspace import Workspace

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def home(own_home: Path) -> Workspace:
    """Give the home that pages read."""
    return Workspace(own_home)


@pytest.fixture(autouse=True)
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no page measure the machine in the background: that takes seconds and says nothing about the page."""
    monkeypatch.setattr("landmark.ui.estimate.Measurements.ask", lambda *_: "")
