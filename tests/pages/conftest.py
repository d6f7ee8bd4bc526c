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
