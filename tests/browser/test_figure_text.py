"""Numbers and titles of axes can be read on the page, whatever its theme, also when that changes while it is open."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import MARKS, ROOT, answering

pytestmark = MARKS

FIGURE = """
import plotly.graph_objects as go
import streamlit as st
from landmark.plots.theme import framed
from landmark.ui.figure import axes_in_the_text_of_the_page, show

axes_in_the_text_of_the_page()
panels = go.Figure([go.Scatter(x=[1, 2], y=[2, 3]), go.Scatter(x=[1, 2], y=[1, 2], xaxis="x2", yaxis="y2")])
panels.update_layout(xaxis={"domain": [0, 0.4]}, yaxis2={"anchor": "x2"})
panels.update_layout(xaxis2={"domain": [0.6, 1], "title": "Second"})
show(framed(panels, height=300), "panels")
show(framed(go.Figure([go.Bar(x=["a", "b"], y=[2, 3])]), "Genes", "Share"), "bars")
"""

TEXTS = """() => [...document.querySelectorAll('.js-plotly-plot :is(.xtick, .ytick, .x2tick, .y2tick) text, '
  + '.js-plotly-plot :is(.xtitle, .ytitle, .x2title)')].map(text => getComputedStyle(text).fill)"""
GROUND = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve one page with two figures, in the theme of the dashboard."""
    script = tmp_path_factory.mktemp("figure") / "page.py"
    script.write_text(FIGURE, encoding="utf-8")
    words = ["-m", "streamlit", "run", str(script), "--server.port"]
    with answering(words, {"PYTHONPATH": str(ROOT)}) as address:
        yield address


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axes_are_readable_in_every_theme_and_when_it_changes(page, address, theme):
    page.emulate_media(color_scheme=theme)
    page.goto(address)
    for title in (".ytitle", ".x2title"):
        expect(page.locator(f".js-plotly-plot {title}")).to_have_count(1)
    before = page.evaluate(GROUND)
    assert (_luminance(before) > 0.5) == (theme == "light")
    _readable(page)
    page.emulate_media(color_scheme="dark" if theme == "light" else "light")
    page.wait_for_function(f"before => {GROUND} !== before", arg=before)
    _readable(page)


def _readable(page: Page) -> None:
    """All text of axes is at least 7:1 on the page, as soon as the figure is drawn."""
    ground = _luminance(page.evaluate(GROUND))
    texts = page.evaluate(TEXTS)
    assert len(texts) >= 12
    for colour in texts:
        low, high = sorted((ground, _luminance(colour)))
        assert (high + 0.05) / (low + 0.05) >= 7, (colour, page.evaluate(GROUND))


def _luminance(colour: str) -> float:
    """Relative luminance of a computed colour, WCAG 2."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
