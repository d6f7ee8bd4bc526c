"""A real server to attack, on this machine alone."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from landmark.store.workspace import Workspace

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(own_home: Path) -> Workspace:
    own_home.mkdir(exist_ok=True)
    return Workspace(own_home)


@pytest.fixture
def serve(home: Workspace, tmp_path: Path) -> Iterator[Callable[..., tuple[int, subprocess.Popen[bytes]]]]:
    """Start a dashboard with more options, and give its port and its process."""
    started = []

    def begin(
        *options: str, environment: dict[str, str] | None = None
    ) -> tuple[int, subprocess.Popen[bytes]]:
        with socket.socket() as free:
            free.bind(("localhost", 0))
            port = free.getsockname()[1]
        with (tmp_path / "server.txt").open("ab") as said:
            server = subprocess.Popen(
                [sys.executable, "-m", "landmark", "serve", "--port", str(port), *options],
                cwd=ROOT,
                env=os.environ | {"LANDMARK_HOME": str(home.root)} | (environment or {}),
                stdout=said,
                stderr=said,
            )
        started.append(server)
        until = time.monotonic() + 90
        while not _answers(port):
            assert server.poll() is None, (tmp_path / "server.txt").read_text()
            assert time.monotonic() < until
            time.sleep(0.2)
        return port, server

    yield begin
    for server in started:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=5) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False
