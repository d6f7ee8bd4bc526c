"""A home for page tests, fresh for each, and what pages ask for."""

from pathlib import Path
from typing import Any

import pytest

from landmark.store.workspace import Workspace


@pytest.fixture
def home(own_home: Path) -> Workspace:
    """Give the home that pages read."""
    return Workspace(own_home)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Collect what is submitted, kind and values; nothing is started."""
    collected: list[tuple[str, dict[str, Any]]] = []

    def submit(home: Workspace, kind: str, values: dict[str, Any]) -> str:
        collected.append((kind, values))
        return f"{kind}-00000000"

    for module in ("ui.jobs", "analyses.ranking.view_agreement"):
        monkeypatch.setattr(f"landmark.{module}.submit", submit)
    return collected
