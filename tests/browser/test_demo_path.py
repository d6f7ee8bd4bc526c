"""The path that a demonstration takes, in a real browser, against the real server."""

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from landmark.errors import LandmarkError
from landmark.jobs.control import cancel
from landmark.runs.activity import activities
from landmark.runs.datasets import DatasetStore
from landmark.runs.home import Home
from landmark.runs.store import RunStore

ROOT = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: `apt-get install chromium`"),
]

PATIENCE = 60_000
"""Milliseconds that a page may take on a busy machine."""

FIGURES = {
    "Train": "How do I train the paper's network here?",
    "Reconstruction": "What did the network learn?",
    "Ranking": "Which genes matter most to the network?",
    "Compare sets": "Does my set say more than L1000?",
    "Clusters": "Does the bottleneck keep the biology?",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("browser") / "home")


@pytest.fixture(scope="module")
def address(home: Home) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "landmark", "serve", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"LANDMARK_HOME": str(home.root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until(lambda: _answers(f"http://localhost:{port}/_stcore/health"), 60)
        yield f"http://localhost:{port}"
    finally:
        for item in activities(home):
            try:
                cancel(home, item.id)
            except LandmarkError:
                continue
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page that must show no error in its console by the end of the test."""
    faults: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        # Streamlit's client looks for its server below every part of a deep link; a miss is no fault.
        if message.type == "error" and "/_stcore/" not in message.location["url"]:
            faults.append(f"{message.text} at {message.location}")

    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    opened = context.new_page()
    opened.on("console", listen)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    expect.set_options(timeout=PATIENCE)
    yield opened
    context.close()
    assert faults == []


def test_a_deep_link_on_a_cold_server_shows_its_page_in_the_frame(page, address):
    page.goto(f"{address}/ranking")
    expect(page.get_by_role("heading", name=FIGURES["Ranking"])).to_be_visible()
    expect(page.get_by_test_id("stSidebarNav")).to_be_visible()
    _settled(page)
    expect(page.get_by_text("Page not found")).to_have_count(0)
    _no_fault(page)


def test_from_an_upload_to_the_answers(page, address, home, tmp_path):
    small = _small().write_h5ad(tmp_path / "small.h5ad", 120, 240)

    page.goto(f"{address}/import")
    page.get_by_text("Upload", exact=True).first.click()
    page.locator("input[type=file]").set_input_files(small)
    _press(page, "Import")
    _until(lambda: DatasetStore(home).all(), 90)
    expect(page.get_by_text("120 samples").first).to_be_visible()
    _no_fault(page)

    _go(page, "Overview")
    expect(page.get_by_role("heading", name="What can I find out here?")).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("combobox").first.click()
    page.get_by_role("option", name=re.compile("What I work on")).click()
    _press(page, "Run the whole path")
    expect(_button(page, "Cancel")).to_have_count(1)
    page.reload()
    if RunStore(home).newest("path") is None:
        expect(_button(page, "Cancel")).to_have_count(1)
    _until(lambda: RunStore(home).newest("path"), 300, home)
    expect(page.locator(".stMarkdownBadge").filter(has_text=re.compile("Done$"))).to_have_count(5)
    expect(_button(page, "Cancel")).to_have_count(0)
    _no_fault(page)

    for name, question in FIGURES.items():
        _go(page, name)
        expect(page.get_by_role("heading", name=question)).to_be_visible()
        expect(page.locator(".js-plotly-plot").first).to_be_visible()
        _no_fault(page)
    _go(page, "History")
    expect(page.get_by_role("heading", name="What was computed, by which settings?")).to_be_visible()
    _no_fault(page)

    page.set_viewport_size({"width": 800, "height": 900})
    page.goto(f"{address}/compare")
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 800
    _no_fault(page)


def _go(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=re.compile(f"{name}$")).click()
    _settled(page)


def _button(page: Page, text: str) -> Any:
    return page.locator("[data-testid^=stBaseButton]").filter(has_text=re.compile(f"{text}$"), visible=True)


def _press(page: Page, text: str) -> None:
    button = _button(page, text).last
    expect(button).to_be_enabled()
    button.click()


def _settled(page: Page) -> None:
    """Wait until the page has been drawn."""
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()


def _no_fault(page: Page) -> None:
    _settled(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_text("did not expect")).to_have_count(0)
    expect(page.get_by_text("Traceback")).to_have_count(0)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def _until(condition: Callable[[], Any], seconds: float, home: Home | None = None) -> None:
    end = time.monotonic() + seconds
    while not condition():
        standing = [(item.id, item.state, item.message) for item in activities(home)] if home else []
        assert time.monotonic() < end, f"not within {seconds} s: {standing}"
        assert not any(state == "failed" for _, state, _ in standing), standing
        time.sleep(0.3)


def _small() -> Any:
    spec = importlib.util.spec_from_file_location("small", ROOT / "tests" / "small.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
