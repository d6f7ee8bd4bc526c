"""The common look of all figures, for the light and the dark page alike, and how names and numbers are written in them.

``st.plotly_chart(theme="streamlit")`` of Streamlit 1.67 lays its own fonts, text and grid colours over the
layout of a figure's template, but leaves alone what a figure sets itself. So colours of text, grid and hover
labels stand in the template only, where the page's theme replaces them; heights, margins and legends stand in
the figure. Outside of Streamlit, as in an exported file, the template's dark text on a transparent ground
is used.
"""

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.errors import BadData
from landmark.plots.colours import FAINT, OTHER_SETS

HEIGHT = 420
"""Height of an ordinary figure, in pixels."""

WEBGL_FROM = 1500
"""From so many points on, marks are drawn by WebGL. Browsers allow only some WebGL figures per page."""

TEXT = "#333B45"
TEXT_ON_DARK = "#D5DCE4"
_GRID = "rgba(128,138,150,0.25)"
_AXIS = {
    "gridcolor": _GRID,
    "zerolinecolor": _GRID,
    "linecolor": _GRID,
    "automargin": True,
    "tickfont": {"color": TEXT},
    "title": {"standoff": 12, "font": {"color": TEXT}},
}

TEMPLATE = go.layout.Template(
    layout={
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "system-ui, 'Segoe UI', Helvetica, Arial, sans-serif", "size": 13, "color": TEXT},
        "colorway": list(OTHER_SETS),
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "hoverlabel": {"bgcolor": "white", "font": {"color": TEXT}},
    }
)

LABEL_LEGEND = {"itemsizing": "constant", "font": {"size": 12}}
"""Legend of many labels."""


def framed(
    figure: go.Figure, x: str | None = None, y: str | None = None, height: int = HEIGHT, **layout: Any
) -> go.Figure:
    """Give a figure the common frame, a height in pixels that it keeps whatever its data, and further layout.

    ``x`` and ``y``: titles of the axes, with units; ``None`` where a figure of several panels sets its own.
    """
    figure.update_layout(
        template=TEMPLATE,
        height=height,
        margin={"l": 8, "r": 16, "t": 44, "b": 8},
        # Above the plot: covers no data, wraps on a narrow page, and never meets the title of the x axis.
        legend={
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.01,
            "yanchor": "bottom",
            "title": {"text": ""},
            "tracegroupgap": 0,
        },
        hoverlabel={"align": "left", "namelength": -1},
        hovermode="closest",
        # Where a figure is updated in place, a constant keeps the reader's zoom and hidden traces. Streamlit 1.67
        # puts a new chart in place of the old one when data change; then the fixed height keeps the page still.
        uirevision="kept",
    )
    figure.update_xaxes(showgrid=True, zeroline=False)
    figure.update_yaxes(showgrid=True, zeroline=False)
    if x is not None:
        figure.update_xaxes(title_text=x)
    if y is not None:
        figure.update_yaxes(title_text=y)
    figure.update_layout(**layout)
    return figure


def readable(figure: go.Figure, dark: bool) -> go.Figure:
    """Set the text of a figure in a colour of at least 7:1 on the page.

    Streamlit 1.67 draws axis text in one fixed grey, which on a white page reaches only 3.7:1. Only the page
    knows its theme (``st.context.theme.type``), so ``landmark.ui.figure`` calls this.
    """
    colour = TEXT_ON_DARK if dark else TEXT
    figure.update_layout(font={"color": colour}, hoverlabel={"font": {"color": colour}})
    figure.update_xaxes(tickfont={"color": colour}, title={"font": {"color": colour}})
    figure.update_yaxes(tickfont={"color": colour}, title={"font": {"color": colour}})
    return figure


def name_rows(figure: go.Figure, names: Sequence[str], **axis: Any) -> None:
    """Name the rows 0, 1, 2, ... of a figure, the first on top; ``axis`` holds more about it, or where it is."""
    settings = {"tickvals": list(range(len(names))), "range": [len(names) - 0.4, -0.6], "showgrid": False}
    figure.update_yaxes(tickmode="array", ticktext=list(names), **{**settings, **axis})


def spread(count: int, width: float) -> np.ndarray:
    """Spread dots evenly about a line, the same at each drawing: a low-discrepancy sequence and no random jitter."""
    return ((np.arange(count) * 0.618034) % 1 - 0.5) * width


def interval(values: pd.Series, low: pd.Series, high: pd.Series, colour: str, **more: Any) -> dict[str, Any]:
    """Return error bars from the lower to the upper end of an interval."""
    ends = {"array": (high - values).to_numpy(float), "arrayminus": (values - low).to_numpy(float)}
    return {"type": "data", **ends, "color": colour, "thickness": 1.6, "width": 4, **more}


def sentence(text: str, height: int = HEIGHT) -> go.Figure:
    """Make the figure that stands where there is nothing to draw: one plain sentence."""
    figure = framed(go.Figure(), height=height)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.add_annotation(
        text=text, x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False, font={"size": 15}
    )
    return figure


def marks(count: int) -> type:
    """Return the scatter trace for so many points: SVG for few, WebGL for many."""
    return go.Scattergl if count >= WEBGL_FROM else go.Scatter


def guide(**line: Any) -> dict[str, Any]:
    """Line of a guide that carries no data."""
    return {"color": FAINT, "width": 1.5, **line}


_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", "%{": "&#37;{"}


def plain(name: object) -> str:
    """Escape a name so that Plotly shows it as it is.

    Plotly reads ``<b>`` as markup, ``$`` as mathematics and ``%{x}`` in hover texts as a value.
    """
    text = " ".join(str(name).split())
    for sign, entity in _ENTITIES.items():
        text = text.replace(sign, entity)
    return text


def plain_all(names: Iterable[object]) -> list[str]:
    """Escape many names."""
    return [plain(name) for name in names]


def wrapped(name: object, width: int = 30, lines: int = 2) -> str:
    """Escape a long name and break it into at most so many lines, with an ellipsis where it is cut."""
    pieces = textwrap.wrap(" ".join(str(name).split()), width, max_lines=lines, placeholder=" …")
    return "<br>".join(plain(piece) for piece in pieces)


def shortened(name: object, length: int = 24) -> str:
    """Cut a long name for a legend; the hover text keeps all of it. Not escaped."""
    text = " ".join(str(name).split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def require(table: pd.DataFrame, columns: Iterable[str], what: str) -> None:
    """Check that a table has the columns a figure needs; BadData names those that are absent and those there are."""
    missing = [name for name in columns if name not in table.columns]
    if missing:
        there = ", ".join(map(str, table.columns[:8])) or "none"
        raise BadData(
            f"The table of {what} lacks the column {', '.join(missing)} (columns there: {there}). "
            "Compute it again with this version of the program."
        )


SHARE = ((0.0, "rgba(128,138,150,0.10)"), (0.5, "#B07FB5"), (1.0, "#8C0F70"))
"""From nothing to all of it."""

BELOW_ABOVE = (
    (0.0, "#0B6E7F"),
    (0.25, "#5FA8B3"),
    (0.5, "rgba(128,138,150,0.10)"),
    (0.75, "#D98B6E"),
    (1.0, "#A8341C"),
)
"""From below to above the mean of all samples."""
