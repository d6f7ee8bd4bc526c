"""The path that a demonstration takes, in a real browser, against the real server."""

import importlib.util
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from landmark.store.datasets import DatasetStore
from landmark.store.runs import RunStore
from landmark.store.workspace import Workspace
from tests.browser.driving import MARKS, ROOT, button, go, no_fault, press, served, settled, until

pytestmark = MARKS

FIGURES = {
    "Train": "How do I train the paper's network here?",
    "Reconstruction": "What did the network learn?",
    "Ranking": "Which genes matter most to the network?",
    "Compare sets": "Does my gene set predict better than L1000?",
    "Clusters": "Does the bottleneck keep the biology?",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("browser") / "home")


@pytest.fixture(scope="module")
def address(home: Workspace) -> Iterator[str]:
    with served(home) as address:
        yield address


def test_a_deep_link_on_a_cold_server_shows_its_page_in_the_frame(page, address):
    page.goto(f"{address}/ranking")
    expect(page.get_by_role("heading", name=FIGURES["Ranking"])).to_be_visible()
    expect(page.get_by_test_id("stSidebarNav")).to_be_visible()
    settled(page)
    expect(page.get_by_text("Page not found")).to_have_count(0)
    no_fault(page)


def test_from_an_upload_to_the_answers(page, address, home, tmp_path):
    small = _small().write_h5ad(tmp_path / "small.h5ad", 60, 160)

    page.goto(f"{address}/import")
    page.get_by_text("Upload", exact=True).first.click()
    page.locator("input[type=file]").set_input_files(small)
    press(page, "Import")
    until(lambda: DatasetStore(home).all(), 90)
    expect(page.get_by_text("60 samples").first).to_be_visible()
    no_fault(page)

    go(page, "Overview")
    expect(page.get_by_role("heading", name="What can I find out here?")).to_be_visible()
    press(page, r"Run the remaining 4 steps on .+")
    _at_work(page, home)
    page.reload()
    _at_work(page, home)
    until(lambda: RunStore(home).newest("path"), 300, home)
    expect(page.locator(".stMarkdownBadge").filter(has_text=re.compile("Done$"))).to_have_count(5)
    expect(button(page, "Cancel")).to_have_count(0)
    no_fault(page)

    for name, question in FIGURES.items():
        go(page, name)
        expect(page.get_by_role("heading", name=question)).to_be_visible()
        expect(page.locator(".js-plotly-plot").first).to_be_visible()
        no_fault(page)
    go(page, "History")
    expect(page.get_by_role("heading", name="What was computed, by which settings?")).to_be_visible()
    no_fault(page)

    page.set_viewport_size({"width": 800, "height": 900})
    page.goto(f"{address}/compare")
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 800
    no_fault(page)


def _at_work(page, home):
    """Find the card of the path, unless it is finished already."""
    until(lambda: button(page, "Cancel").count() == 1 or RunStore(home).newest("path"), 120, home)


def _small() -> Any:
    spec = importlib.util.spec_from_file_location("small", ROOT / "tests" / "small.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
