"""Results grow old while a page is open: what it says of their age changes, and nothing else happens."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import expect

from landmark.progress import Progress
from landmark.store.request import write_request
from landmark.store.runs import RunStore
from landmark.store.status import RunStatusWriter
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now
from tests.browser.driving import MARKS, ROOT, button, go, no_fault, served, settled

pytestmark = MARKS

NETWORK = {"epochs": 3, "hidden": 16, "bottleneck": 4}
AGES = (61, 3_700, 90_000, 8 * 86_400)
"""Seconds: each shows another age, in minutes, hours, days and as a date."""

OPEN = ("Overview", "Train", "Reconstruction", "Ranking", "Explain a prediction", "Clusters", "History")
"""Pages that stay open while results grow old: with a job at work, with choices of their own, with links to runs.

What the others show at each age, tests of pages see without a browser.
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Give a home with a path walked, a second model, and a training at work, so that pages draw themselves anew.

    The training only says that it is at work: a real one would take the processor from the pages.
    """
    home = Workspace(tmp_path_factory.mktemp("old") / "home")
    execute_now(home, "path", {"example": "simulated-small", "network": NETWORK, "random_sets": 1})
    dataset = RunStore(home).newest("path").manifest.parents["dataset"]
    execute_now(home, "train", {"dataset": dataset, "network": NETWORK})
    request = write_request(home, "train", {"dataset": dataset, "network": NETWORK | {"epochs": 100_000}})
    with RunStatusWriter(home.unfinished / request.id) as status:
        status.running()
        status.report(Progress("Training", 1, 100_000, "epoch"))
        yield home


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("clock") / "seconds"
    file.write_text("0")
    return file


@pytest.fixture(scope="module")
def address(home: Workspace, clock: Path) -> Iterator[str]:
    program = str(ROOT / "tests" / "browser" / "aging.py")
    with served(home, program, environment={"AGED_BY": str(clock)}) as address:
        yield address


def test_a_page_that_is_open_bears_that_its_results_grow_old(page, address, clock):
    page.goto(f"{address}/train")
    expect(button(page, "Cancel")).to_have_count(1)
    for number, name in enumerate(OPEN):
        clock.write_text("0")
        go(page, name)
        clock.write_text(str(AGES[number % len(AGES)]))
        _drawn_again(page)
        no_fault(page)
        _choose_other_model(page)
        no_fault(page)


def test_the_age_that_is_shown_is_that_of_the_clock(page, address, clock):
    clock.write_text("0")
    page.goto(f"{address}/train")
    expect(page.get_by_text(re.compile(r"started (just now|\d+ minutes? ago)")).first).to_be_visible()
    clock.write_text("90000")
    expect(page.get_by_text("started 1 day ago").first).to_be_visible()
    no_fault(page)


def test_one_step_back_leaves_a_page(page, address, clock):
    page.goto(f"{address}/ranking")
    settled(page)
    for name, path in (("Clusters", "clusters"), ("Train", "train")):
        go(page, name)
        page.wait_for_url(re.compile(f"/{path}\\?.*model="))
    _choose_other_model(page)
    length = page.evaluate("history.length")
    _choose_other_model(page)
    assert page.evaluate("history.length") == length
    page.go_back()
    page.wait_for_url(re.compile("/clusters"))
    page.go_back()
    page.wait_for_url(re.compile("/ranking"))
    no_fault(page)


def _drawn_again(page):
    """Wait until the live part of the page has been drawn once more, where the page has one."""
    page.evaluate("""() => new Promise(seen => {
        const watcher = new MutationObserver(() => { watcher.disconnect(); seen(true); });
        watcher.observe(document.querySelector('[data-testid=stSidebar]'), {subtree: true, childList: true,
            characterData: true, attributes: true});
        setTimeout(() => seen(false), 2000);
    })""")


def _choose_other_model(page):
    """Choose the model that is not chosen, in the sidebar."""
    before = page.url
    option = page.locator("[role=option][aria-selected=false]").first
    for _ in range(10):  # a list that is drawn anew with other ages closes
        page.get_by_test_id("stSidebar").get_by_role("combobox").last.click()
        with suppress(AssertionError):
            expect(option).to_be_visible(timeout=3_000)
            break
    option.click()
    page.wait_for_url(lambda url: url != before)
    settled(page)
