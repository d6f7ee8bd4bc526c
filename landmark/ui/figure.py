"""One figure with what belongs under it: the picture as SVG or PNG, and its table."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from landmark.plots.theme import readable
from landmark.ui.download import csv, file_button
from landmark.ui.resources import here

SCALE = 4
"""Pixels of a saved picture per pixel on the page: 800 pixels become 3200, 27 cm at 300 dpi."""

SAVE = """
export default function ({ data }) {
  if (!data.format || data.done === undefined) return;
  const chart = document.querySelector(`.st-key-${data.box} .js-plotly-plot`);
  const camera = chart && chart.querySelector('.modebar-btn[data-title^="Save"], .modebar-btn[data-title^="Download"]');
  if (!camera || chart.dataset.saved === String(data.done)) return;
  chart.dataset.saved = String(data.done);
  const options = chart._context.toImageButtonOptions;
  const before = options.format;
  options.format = data.format;
  camera.click();
  options.format = before;
}
"""
"""Presses the camera of the chart in the browser, where the picture is made: the server needs no browser."""

TEXT_OF_THE_PAGE = """<style>
.js-plotly-plot :is(.xaxislayer-above, .yaxislayer-above, .xaxislayer-below, .yaxislayer-below) text,
.js-plotly-plot .infolayer :is(.cbaxis text, text:is([class^="x"], [class^="y"])[class$="title"]) {
  fill: currentColor !important;
}
</style>"""
"""Draws numbers and titles of axes in the page's own colour of text."""


def axes_in_the_text_of_the_page() -> None:
    """Let axes follow a change of the theme, of which the server learns only when the page next runs."""
    st.html(TEXT_OF_THE_PAGE)


def on_this_page(figure: go.Figure) -> go.Figure:
    """Give a figure the colour of text of the theme that the page has, for saved pictures too."""
    return readable(figure, dark=st.context.theme.type == "dark")


def once(draw: Callable[[], go.Figure], *shown: Hashable) -> go.Figure:
    """Draw a figure of what never changes, such as the tables of a run, once; every call gives a copy of its own.

    ``shown`` is all that it depends on: what it is, the id of the run, the measure.
    """
    return _once((str(here().root), *shown), draw)


@st.cache_data(max_entries=64, show_spinner=False)
def _once(shown: tuple[Hashable, ...], _draw: Callable[[], go.Figure]) -> go.Figure:
    return _draw()


def show(
    figure: go.Figure,
    key: str,
    table: pd.DataFrame | None = None,
    name: str = "figure",
    on_select: bool = False,
    alt: str | None = None,
    selection: Sequence[Literal["points", "box", "lasso"]] = ("points",),
) -> Any:
    """Show a figure, and under it the ways to keep it; return the selection where ``on_select`` is set.

    Parameters
    ----------
    key
        Unique on the page: letters, digits and hyphens.
    table
        The table behind the figure, offered as CSV.
    name
        Of saved files, without ending.
    on_select
        Whether points can be selected; the page then runs again.
    alt
        What the figure shows, in one sentence, for a screen reader.
    selection
        Ways of selecting, where ``on_select`` is set.
    """
    box = f"figure-{key}"
    config = {
        "displaylogo": False,
        "responsive": True,
        "toImageButtonOptions": {"format": "svg", "filename": name, "scale": SCALE},
    }
    with st.container(key=box, gap="xxsmall"):
        event = st.plotly_chart(
            on_this_page(figure),
            width="stretch",
            theme="streamlit",
            key=f"chart-{key}",
            config=config,
            on_select="rerun" if on_select else "ignore",
            selection_mode=tuple(selection),
            alt=alt,
        )
        _keep(key, box, table, name)
    return event if on_select else None


@st.fragment
def _keep(key: str, box: str, table: pd.DataFrame | None, name: str) -> None:
    asked = ""
    with st.container(horizontal=True, gap="small", key=f"keep-{key}"):
        for format_, text in (
            ("svg", "drawing without pixels"),
            ("png", f"picture of {SCALE} times the pixels here"),
        ):
            if st.button(
                format_.upper(),
                key=f"{format_}-{key}",
                type="tertiary",
                icon=":material/image:",
                help=f"Save as {format_.upper()}: a {text}",
            ):
                asked = format_
        if table is not None:
            file_button(
                "Table (CSV)",
                csv(table),
                f"{name}.csv",
                key=f"csv-{key}",
                type="tertiary",
                icon=":material/table:",
                help="Save the numbers behind this figure",
            )
    if asked:
        count = st.session_state.get(f"saved-{key}", 0) + 1
        st.session_state[f"saved-{key}"] = count
        save = st.components.v2.component("landmark_save_picture", js=SAVE)
        save(key=f"save-{key}", data={"box": box, "format": asked, "done": count}, width="content")


def metric(label: str, value: str, detail: str | None = None, help: str | None = None) -> None:
    """Show one number, with a detail in grey below it and its meaning on request."""
    st.metric(label, value, detail, delta_color="off", delta_arrow="off", help=help, width="content")
