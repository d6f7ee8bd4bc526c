"""Figures take the colour of text of the page's theme."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from landmark.plots.theme import TEXT, TEXT_ON_DARK


def page():
    import plotly.graph_objects as go

    from landmark.plots.theme import framed
    from landmark.ui.figure import show

    show(framed(go.Figure([go.Scatter(x=[1, 2], y=[2, 3])]), "Genes", "Share"), "one")


@pytest.mark.parametrize(("theme", "colour"), [("light", TEXT), ("dark", TEXT_ON_DARK), (None, TEXT)])
def test_a_shown_figure_has_text_that_the_theme_makes_readable(monkeypatch, theme, colour):
    from streamlit.runtime.context import ContextProxy, StreamlitTheme

    monkeypatch.setattr(ContextProxy, "theme", StreamlitTheme({"type": theme}))
    shown = AppTest.from_function(page).run(timeout=60)
    assert not shown.exception
    layout = json.loads(shown.get("plotly_chart")[0].proto.spec)["layout"]
    assert layout["font"]["color"] == colour
    for axis in ("xaxis", "yaxis"):
        assert layout[axis]["tickfont"]["color"] == layout[axis]["title"]["font"]["color"] == colour
