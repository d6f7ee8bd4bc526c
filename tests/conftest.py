"""What all tests share."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("JAX_PLATFORMS", "cpu")

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of real data and reference tables; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("LANDMARK_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"real data absent: no folder {folder}; set LANDMARK_SHARED to use another place")
    return folder


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test a home of its own, so that no test touches a user's data."""
    home = tmp_path / "home"
    monkeypatch.setenv("LANDMARK_HOME", str(home))
    return home
