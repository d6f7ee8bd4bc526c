"""Small files for the command line."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def small() -> ModuleType:
    """Return the small files of tests/small.py."""
    spec = importlib.util.spec_from_file_location("small", Path(__file__).parents[1] / "small.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
