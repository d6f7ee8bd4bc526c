"""A browser, and pages of it that must show no error in their console."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.browser.driving import CHROMIUM, PATIENCE


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
