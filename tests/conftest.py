"""What all tests share."""

import ctypes
import ctypes.util
import functools
import gc
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import settings
from streamlit.components.v2 import manifest_scanner
from xdist.scheduler import LoadScopeScheduling

from landmark.store.runs import Run
from landmark.store.workspace import Workspace
from tests.real_runs import RealRuns, runs_in

os.environ.setdefault("JAX_PLATFORMS", "cpu")
# Most tests compile for longer than they compute. Level 0 would compile faster still, and move stored coordinates.
FAST_TO_COMPILE = (
    "--xla_backend_optimization_level=1",
    "--xla_cpu_use_fusion_emitters=false",
    "--xla_cpu_parallel_codegen_split_count=1",
)
os.environ.setdefault("XLA_FLAGS", " ".join(FAST_TO_COMPILE))

# Streamlit's AppTest looks for components among all installed packages whenever it runs a page.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)

# How long an example takes says on a busy machine how busy it is.
settings.register_profile("landmark", deadline=None)
settings.load_profile("landmark")

ROOT = Path(__file__).parent.parent

LARGE = 1_000_000_000
"""Bytes of a process from which on what JAX has compiled is forgotten; a file of tests adds a few hundred million."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long; what shares fixtures that take long to make stays together."""
    groups = {path: _group(path) for path in {item.path for item in items}}
    slow = {groups[item.path] for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: groups[item.path] not in slow)


class TogetherByFixtures(LoadScopeScheduling):
    """Gives a worker all tests of a file, or of a folder whose files share a fixture that takes long to make."""

    def _split_scope(self, nodeid: str) -> str:
        return str(_group(ROOT / nodeid.partition("::")[0]))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TogetherByFixtures:
    """Distribute tests among the workers by the fixtures that they share."""
    return TogetherByFixtures(config, log)


def _group(path: Path) -> Path:
    """Return what is given to one worker with a file of tests: its folder, or the file alone."""
    return path.parent if _shares(path.parent) else path


@functools.cache
def _shares(folder: Path) -> bool:
    own = folder / "conftest.py"
    return own.is_file() and 'scope="package"' in own.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of real data and reference tables; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("LANDMARK_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"real data absent: no folder {folder}; set LANDMARK_SHARED to use another place")
    return folder


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """One real run of every analysis by its kind, and some more by name, all in one home; see tests/real_runs.py."""
    own = tmp_path_factory.getbasetemp()
    return runs_in((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "real-runs")


@pytest.fixture
def real(runs: dict[str, Run], own_home: Path) -> RealRuns:
    """Copies some of them, each with what it was made from, into the home of a test."""
    return RealRuns(runs, Workspace(own_home))


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test a home of its own, so that no test touches a user's data."""
    home = tmp_path / "home"
    monkeypatch.setenv("LANDMARK_HOME", str(home))
    return home


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str


@pytest.fixture
def landmark(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run a command of the program in this process."""
    from landmark.cli.app import main

    def run(*words: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["landmark", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        return Answer(int(end.value.code or 0), said.out, said.err)

    return run


@pytest.fixture(scope="module", autouse=True)
def small_process() -> Iterator[None]:
    """Keep what was compiled from one file of tests to the next, but no more of it than memory bears."""
    yield
    if "jax" in sys.modules and psutil.Process().memory_info().rss > LARGE:
        sys.modules["jax"].clear_caches()
        gc.collect()
        library = ctypes.CDLL(ctypes.util.find_library("c"))
        if hasattr(library, "malloc_trim"):  # glibc keeps what is freed
            library.malloc_trim(0)
