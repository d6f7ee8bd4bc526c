"""Driving a real browser against the real server."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from landmark.errors import LandmarkError
from landmark.jobs.control import cancel
from landmark.store.activity import activities
from landmark.store.workspace import Workspace

ROOT = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

MARKS = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: `apt-get install chromium`"),
]

PATIENCE = 120_000
"""Milliseconds that a page may take on a busy machine."""


@contextmanager
def served(home: Workspace, *program: str, environment: dict[str, str] | None = None) -> Iterator[str]:
    """Serve the dashboard for a home, and give its address; what is at work in the end is cancelled.

    Parameters
    ----------
    program
        What Python runs; by default the dashboard as it is.
    """
    words = [*(program or ("-m", "landmark")), "serve", "--port"]
    with answering(words, {"LANDMARK_HOME": str(home.root)} | (environment or {})) as address:
        try:
            yield address
        finally:
            for item in activities(home):
                with suppress(LandmarkError):
                    cancel(home, item.id)


@contextmanager
def answering(words: Sequence[str], environment: Mapping[str, str]) -> Iterator[str]:
    """Let Python run a server, the number of its port being the last word, and give its address once it answers."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, *words, str(port)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: _answers(f"http://localhost:{port}/_stcore/health"), 120)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()


def go(page: Page, name: str) -> None:
    """Turn to a page by its name in the sidebar."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=re.compile(f"{name}$")).click()
    settled(page)


def button(page: Page, text: str) -> Any:
    """Find the buttons whose text ends so."""
    return page.locator("[data-testid^=stBaseButton]").filter(has_text=re.compile(f"{text}$"), visible=True)


def press(page: Page, text: str) -> None:
    """Press a button as soon as it can be."""
    found = button(page, text).last
    expect(found).to_be_enabled()
    found.click()


def settled(page: Page) -> None:
    """Wait until the page has been drawn."""
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()


def no_fault(page: Page) -> None:
    """Find no error on the page."""
    settled(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_text("did not expect")).to_have_count(0)
    expect(page.get_by_text("Traceback")).to_have_count(0)


def until(condition: Callable[[], Any], seconds: float, home: Workspace | None = None) -> None:
    """Wait until something is true; say how the runs of a home stand where it never is, or one fails."""
    end = time.monotonic() + seconds
    while not condition():
        standing = [(item.id, item.state, item.message) for item in activities(home)] if home else []
        assert time.monotonic() < end, f"not within {seconds} s: {standing}"
        assert not any(state == "failed" for _, state, _ in standing), standing
        time.sleep(0.3)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False
