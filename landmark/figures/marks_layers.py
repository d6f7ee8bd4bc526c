"""Heat maps of marks by bins below each other, each with one bar per mark at its right end."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from landmark.figures.explain import LOWERS, RAISES
from landmark.figures.marks import DISTANCE, TICKS, grid_of, kilobases, start_line
from landmark.figures.template import framed
from landmark.figures.text import plain, plain_all

SIDES = ((0.0, LOWERS), (0.5, "rgba(128,138,150,0.10)"), (1.0, RAISES))
"""From what lowers expression to what raises it."""

_MAP, _BARS = 0.75, 0.2
"""Shares of the width."""

AMOUNT = ((0.0, "rgba(178,70,150,0.05)"), (1.0, "rgb(178,70,150)"))
"""From nothing to much: ever further from the ground, be that light or dark."""

_ROW = 24
"""Pixels of a mark."""

_BETWEEN, _BETWEEN_SHARED = 92, 40
"""Pixels between two layers, with the ticks of their own axes or without."""


@dataclass(frozen=True)
class Layer:
    """One heat map and its bars.

    Attributes
    ----------
    name
        Title above it.
    values
        What the colours show, [marks, bins].
    unit
        Title of the colour scale.
    scale, ends
        The colour scale and the values at its ends.
    hover
        What the hover text says of a cell, after the mark and the distance.
    bars
        [marks]
    bar_unit
        Title of the axis of the bars.
    bar_colours
        [marks]
    bar_hover
        What the hover text says of a bar, after the mark.
    text
        Values of the hover text, [marks, bins], where they are others than those of the colours.
    ticks
        Settings of the ticks of the colour scale.
    """

    name: str
    values: np.ndarray
    unit: str
    scale: tuple[tuple[float, str], ...]
    ends: tuple[float, float]
    hover: str
    bars: np.ndarray
    bar_unit: str
    bar_colours: list[str]
    bar_hover: str
    text: np.ndarray | None = None
    ticks: dict[str, Any] = field(default_factory=dict)


def stacked(layers: list[Layer], marks: list[str]) -> go.Figure:
    """Draw layers from the top; those that have the same scales share them.

    Parameters
    ----------
    layers
        At least one.
    marks
        Rows of every layer, from the top.
    """
    same = len({(layer.unit, layer.scale, layer.ends, layer.bar_unit) for layer in layers}) == 1
    between = _BETWEEN_SHARED if same else _BETWEEN
    plots = len(layers) * _ROW * len(marks) + (len(layers) - 1) * between
    figure = make_subplots(
        rows=len(layers),
        cols=2,
        column_widths=[_MAP, _BARS],
        horizontal_spacing=1 - _MAP - _BARS,
        vertical_spacing=between / plots if len(layers) > 1 else 0,
        row_titles=[plain(layer.name) for layer in layers],
    )
    names = plain_all(marks)
    for row, layer in enumerate(layers, 1):
        _draw(figure, layer, names, row)
        bottom, top = figure.get_subplot(row, 1).yaxis.domain
        figure.layout.annotations[row - 1].update(
            x=0, y=top, xanchor="left", yanchor="bottom", textangle=0, font={"size": 14}
        )
        figure.data[-2].update(
            showscale=row == 1 or not same,
            colorbar={"y": 0.5 if same else (bottom + top) / 2, "len": 1 if same else top - bottom},
        )
        figure.add_vline(**start_line(row=row, col=1))
    framed(figure, height=plots + 90)
    figure.update_yaxes(
        tickmode="array", tickvals=list(range(len(marks))), range=[len(marks) - 0.5, -0.5], showgrid=False
    )
    figure.update_yaxes(ticktext=names, col=1)
    figure.update_yaxes(ticktext=[""] * len(marks), col=2)
    figure.update_xaxes(showgrid=False, tickvals=TICKS, title_text=DISTANCE, matches="x", col=1)
    figure.update_xaxes(zeroline=True, tickangle=0, matches="x2" if same else None, col=2)
    for row, layer in enumerate(layers, 1):
        bars = np.concatenate([other.bars for other in layers]) if same else layer.bars
        figure.update_xaxes(tickvals=_ticks(bars), row=row, col=2)
    if same:
        for row in range(1, len(layers)):
            figure.update_xaxes(showticklabels=False, title_text=None, row=row)
    return figure


def _ticks(bars: np.ndarray) -> list[float]:
    """Return round places for ticks on the sides of zero that bars reach, few enough for a narrow axis."""
    most = float(np.abs(bars).max())
    if not most > 0:
        return [0.0]
    unit = 10.0 ** np.floor(np.log10(most))
    step = float(np.floor(most / unit) * unit)
    return [place for place in (-step, 0.0, step) if min(bars.min(), 0) <= place <= max(bars.max(), 0)]


def _draw(figure: go.Figure, layer: Layer, names: list[str], row: int) -> None:
    """Add a heat map, and its bars as the last trace."""
    places = np.arange(len(names))
    bins = layer.values.shape[1]
    figure.add_heatmap(
        z=layer.values,
        x=kilobases(bins),
        y=places,
        zmin=layer.ends[0],
        zmax=layer.ends[1],
        colorscale=[list(stop) for stop in layer.scale],
        ygap=1,
        customdata=[[name] * bins for name in names],
        text=layer.text,
        hovertemplate=f"<b>%{{customdata}}</b>, %{{x:+.2f}} kb<br>{layer.hover}<extra></extra>",
        colorbar={
            "title": {"text": layer.unit, "side": "right"},
            "thickness": 10,
            "outlinewidth": 0,
            **layer.ticks,
        },
        row=row,
        col=1,
    )
    figure.add_bar(
        x=layer.bars,
        y=places,
        orientation="h",
        width=0.65,
        marker={"color": layer.bar_colours, "line": {"width": 0}},
        customdata=names,
        hovertemplate=f"<b>%{{customdata}}</b><br>{layer.bar_hover}<extra></extra>",
        showlegend=False,
        row=row,
        col=2,
    )
    figure.update_xaxes(title_text=layer.bar_unit, row=row, col=2)


def contribution_layer(name: str, table: pd.DataFrame, marks: list[str], reach: float) -> Layer:
    """Return contributions with their sums per mark, on a scale that reaches equally far to both sides of zero.

    Parameters
    ----------
    name
        Title above it.
    table
        Columns mark, bin, contribution.
    marks
        Rows, from the top.
    reach
        Contribution at the ends of the scale; 1 is taken where it is 0.
    """
    values = grid_of(table, "contribution", marks)
    sums = values.sum(1)
    reach = reach or 1.0
    return Layer(
        name,
        values,
        "Log-odds",
        SIDES,
        (-reach, reach),
        "contribution <b>%{z:+.3g}</b>",
        sums,
        "Sum (log-odds)",
        [RAISES if value >= 0 else LOWERS for value in sums],
        "sum over all bins <b>%{x:+.3g}</b>",
    )
