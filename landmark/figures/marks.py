"""Histone marks around the transcription start of expressed and of unexpressed genes."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from landmark.figures.colours import NEUTRAL
from landmark.figures.explain import LOWERS, RAISES
from landmark.figures.tables import require
from landmark.figures.template import framed, sentence
from landmark.figures.text import plain

CLASSES = {1: "expressed genes", 0: "unexpressed genes"}
"""Labels of genes, above and below the median of their cell type, in the order in which they are drawn."""

CLASS_COLOURS = {1: RAISES, 0: LOWERS}
"""What raises expression has the colour of expressed genes, what lowers it that of the others."""

DISTANCE = "Distance to start (kb)"
TICKS = [-4, -2, 0, 2, 4]

_BIN = 0.1
"""Width of a bin in kilobases."""

_COLUMNS = 2
_ROW = 190


def kilobases(count: int) -> np.ndarray:
    """Return the distance of the middle of each bin from the transcription start, in kb; the start is in the middle.

    Parameters
    ----------
    count
        Number of bins.
    """
    return (np.arange(count) - (count - 1) / 2) * _BIN


def order_of(marks: pd.Series) -> list[str]:
    """Return the marks in the order in which a table names them."""
    return [str(name) for name in pd.unique(marks)]


def grid_of(table: pd.DataFrame, value: str, marks: list[str]) -> np.ndarray:
    """Return the values of a table with the columns mark and bin as an array [marks, bins], bins from the left."""
    wide = table.pivot(index="mark", columns="bin", values=value)
    return wide.loc[marks].sort_index(axis=1).to_numpy(float)


def start_line(**cell: Any) -> dict[str, Any]:
    """Describe the line at the transcription start."""
    return {"x": 0, "line": {"color": NEUTRAL, "width": 1, "dash": "dot"}, **cell}


def mean_profiles(means: pd.DataFrame) -> go.Figure:
    """Draw the mean signal of each mark around the transcription start, one panel per mark, one line per class.

    Parameters
    ----------
    means
        Columns label (1 where expression is above the median, else 0), mark, bin, mean; of one cell type, one row
        per label, mark and bin.
    """
    require(means, ["label", "mark", "bin", "mean"], "the mean profiles")
    if means.empty:
        return sentence("No profile is known of this cell type.")
    marks = order_of(means["mark"])
    rows = -(-len(marks) // _COLUMNS)
    figure = make_subplots(
        rows=rows, cols=_COLUMNS, shared_xaxes="all", horizontal_spacing=0.17, vertical_spacing=0.07
    )
    for label, name in CLASSES.items():
        part = means[means["label"] == label]
        if part.empty:
            continue
        values = grid_of(part, "mean", marks)
        for place, mark in enumerate(marks):
            figure.add_scatter(
                x=kilobases(values.shape[1]),
                y=values[place],
                name=name,
                legendgroup=name,
                showlegend=place == 0,
                mode="lines",
                line={
                    "color": CLASS_COLOURS[label],
                    "width": 2.2,
                    "dash": "solid" if label else "dash",
                },
                hovertemplate=f"<b>{plain(mark)}</b>, {name}<br>%{{x:+.2f}} kb: <b>%{{y:.3g}}</b> reads"
                "<extra></extra>",
                row=place // _COLUMNS + 1,
                col=place % _COLUMNS + 1,
            )
    framed(figure, height=90 + _ROW * rows)
    for place in range(rows * _COLUMNS):
        cell: dict[str, Any] = {"row": place // _COLUMNS + 1, "col": place % _COLUMNS + 1}
        if place >= len(marks):
            figure.update_xaxes(visible=False, **cell)
            figure.update_yaxes(visible=False, **cell)
            continue
        figure.add_vline(**start_line(**cell))
        figure.update_yaxes(title_text=f"{plain(marks[place])}<br>mean reads", rangemode="tozero", **cell)
        lowest = place + _COLUMNS >= len(marks)  # no panel stands below it
        figure.update_xaxes(
            tickvals=TICKS, showticklabels=lowest, title_text=DISTANCE if lowest else None, **cell
        )
    return figure
