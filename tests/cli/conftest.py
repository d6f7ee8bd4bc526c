"""The command line, called as a user would."""

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from landmark.cli.app import main


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str


@pytest.fixture
def landmark(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run a command of the program in this process."""

    def run(*words: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["landmark", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        return Answer(int(end.value.code or 0), said.out, said.err)

    return run


@pytest.fixture(scope="session")
def small() -> ModuleType:
    """Return the small files of tests/small.py."""
    spec = importlib.util.spec_from_file_location("small", Path(__file__).parents[1] / "small.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
