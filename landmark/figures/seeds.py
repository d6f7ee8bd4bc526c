"""How far every headline figure moves from seed to seed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from landmark.figures.colours import AUTOENCODER, DEEPLIFT, L1000, NEUTRAL, RANDOM, faded
from landmark.figures.tables import require
from landmark.figures.template import framed, guide, sentence
from landmark.figures.text import plain

_COLUMNS = 2
_LEAST_SPAN = 0.02
"""Narrowest axis: a spread far below what matters should look as small as it is."""

_HEIGHT, _PANEL, _ROW = 90, 76, 26


@dataclass(frozen=True)
class _Row:
    """One figure as a strip: its name in the table, the name beside it, its colour."""

    figure: str
    name: str
    colour: str


@dataclass(frozen=True)
class _Panel:
    """Strips that share an axis; ``guide`` is a value to compare with, such as no difference or chance."""

    title: str
    rows: tuple[_Row, ...]
    guide: float | None = None


def seed_strips(
    values: pd.DataFrame,
    first: str,
    overlaps: pd.DataFrame | None = None,
    size: int = 0,
    chance: float | None = None,
) -> go.Figure:
    """Draw each figure as a strip of dots, one per seed, with its range as a band and its mean as a line.

    Parameters
    ----------
    values
        Columns seed, figure, value; figures that are absent have no panel.
    first
        Name of the set that comes from the ranking.
    overlaps
        Columns first_seed, second_seed, overlap: the share of genes that two seeds have in common at the top.
    size
        Number of genes at the top that ``overlaps`` counts.
    chance
        The share that two random sets of that size have in common.
    """
    require(values, ["seed", "figure", "value"], "figures per seed")
    known = values.dropna(subset=["value"])
    panels = _panels(first, known["figure"].unique())
    dots = {name: (part["value"].to_numpy(float), _seeds(part)) for name, part in known.groupby("figure")}
    if overlaps is not None and len(overlaps):
        require(overlaps, ["first_seed", "second_seed", "overlap"], "overlaps of seeds")
        row = _Row("overlap", "two seeds", DEEPLIFT)
        panels.insert(0, _Panel(f"Share of the top {size:,} genes in common", (row,), chance))
        dots["overlap"] = overlaps["overlap"].to_numpy(float), _pairs(overlaps)
    if known.empty or not panels:
        return sentence("No seed has been computed yet.", _HEIGHT + _PANEL)

    lines = [panels[start : start + _COLUMNS] for start in range(0, len(panels), _COLUMNS)]
    deepest = [max(len(panel.rows) for panel in line) for line in lines]
    height = _HEIGHT + sum(_PANEL + _ROW * rows for rows in deepest)
    figure = make_subplots(
        rows=len(lines),
        cols=_COLUMNS,
        row_heights=deepest,
        horizontal_spacing=0.16,
        vertical_spacing=min(_PANEL / height, 0.9 / max(len(lines) - 1, 1)),
    )
    for place, panel in enumerate(panels):
        cell = {"row": place // _COLUMNS + 1, "col": place % _COLUMNS + 1}
        for height_of, row in enumerate(panel.rows):
            _strip(figure, row, height_of, *dots[row.figure], cell)
        _axes(figure, panel, np.concatenate([dots[row.figure][0] for row in panel.rows]), cell)
    if len(panels) % _COLUMNS:
        empty = {"row": len(lines), "col": _COLUMNS}
        figure.update_xaxes(visible=False, **empty)
        figure.update_yaxes(visible=False, **empty)
    _legend(figure)
    framed(figure, height=height)
    figure.update_yaxes(showgrid=False)
    return figure


def _panels(first: str, known: Sequence[str]) -> list[_Panel]:
    """Return the panels that have something to show."""
    sets = (
        _Row("set", first, DEEPLIFT),
        _Row("l1000", "L1000", L1000),
        _Row("random", "random sets", RANDOM),
    )
    measures = {"pcc": "correlation (PCC)", "mae": "error (MAE, standardised)"}
    net = "autoencoder"
    panels = [
        _Panel(
            f"Prediction, {text}",
            tuple(_Row(f"{row.figure}_{measure}", row.name, row.colour) for row in sets),
        )
        for measure, text in measures.items()
    ]
    panels += [
        _Panel(
            f"Difference in {text}", (_Row(f"{measure}_difference", f"{first} - L1000", NEUTRAL),), guide=0.0
        )
        for measure, text in measures.items()
    ]
    panels += [
        _Panel(f"Reconstruction, {text}", (_Row(f"reconstruction_{measure}", net, AUTOENCODER),))
        for measure, text in measures.items()
    ]
    panels += [
        _Panel(title, (_Row(name, "bottleneck", AUTOENCODER),))
        for name, title in (
            ("adjusted_rand", "Clusters, adjusted Rand index"),
            ("silhouette", "Labels, silhouette"),
            ("neighbour_accuracy", "Labels, neighbour accuracy"),
        )
    ]
    kept = [
        _Panel(panel.title, tuple(row for row in panel.rows if row.figure in known), panel.guide)
        for panel in panels
    ]
    return [panel for panel in kept if panel.rows]


def _strip(
    figure: go.Figure, row: _Row, at: int, values: np.ndarray, labels: list[str], cell: dict[str, int]
) -> None:
    name = plain(row.name)
    figure.add_scatter(
        x=[values.min(), values.max()],
        y=[at, at],
        mode="lines",
        line={"color": faded(row.colour, 0.3), "width": 9},
        hoverinfo="skip",
        showlegend=False,
        **cell,
    )
    # The same spread at each drawing: a low-discrepancy sequence instead of random jitter.
    spread = ((np.arange(values.size) * 0.618034) % 1 - 0.5) * 0.3
    figure.add_scatter(
        x=values,
        y=at + spread,
        mode="markers",
        marker={"color": row.colour, "size": 7, "opacity": 0.85},
        customdata=labels,
        hovertemplate=f"<b>{name}</b><br>%{{customdata}}: %{{x:.4f}}<extra></extra>",
        showlegend=False,
        **cell,
    )
    figure.add_scatter(
        x=[values.mean()],
        y=[at],
        mode="markers",
        marker={"symbol": "line-ns", "size": 17, "line": {"color": row.colour, "width": 2.5}},
        hovertemplate=f"<b>{name}</b><br>mean %{{x:.4f}}, standard deviation {_deviation(values)}<extra></extra>",
        showlegend=False,
        **cell,
    )


def _axes(figure: go.Figure, panel: _Panel, values: np.ndarray, cell: dict[str, int]) -> None:
    shown = values if panel.guide is None else np.append(values, panel.guide)
    low, high = shown.min(), shown.max()
    half = 0.56 * max(high - low, _LEAST_SPAN)
    middle = (low + high) / 2
    figure.update_xaxes(title_text=panel.title, range=[middle - half, middle + half], nticks=5, **cell)
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(panel.rows))),
        ticktext=[plain(row.name) for row in panel.rows],
        range=[len(panel.rows) - 0.4, -0.6],
        **cell,
    )
    if panel.guide is not None:
        figure.add_vline(x=panel.guide, line=guide(dash="dot"), layer="below", **cell)


def _legend(figure: go.Figure) -> None:
    """Explain the marks once, in grey, as colours tell what was measured."""
    marks = {
        "one seed": {"symbol": "circle", "size": 8},
        "mean": {"symbol": "line-ns", "size": 13, "line": {"color": NEUTRAL, "width": 2.5}},
        "lowest to highest": {"symbol": "square", "size": 11, "opacity": 0.4},
    }
    for name, marker in marks.items():
        figure.add_scatter(
            x=[None],
            y=[None],
            mode="markers",
            marker={"color": NEUTRAL, **marker},
            name=name,
            hoverinfo="skip",
        )
    figure.update_layout(legend_itemclick=False, legend_itemdoubleclick=False)


def _seeds(part: pd.DataFrame) -> list[str]:
    return [f"seed {seed}" for seed in part["seed"]]


def _pairs(overlaps: pd.DataFrame) -> list[str]:
    return [
        f"seeds {first} and {second}"
        for first, second in zip(overlaps["first_seed"], overlaps["second_seed"], strict=True)
    ]


def _deviation(values: np.ndarray) -> str:
    return f"{values.std(ddof=1):.4f}" if values.size > 1 else "unknown"
