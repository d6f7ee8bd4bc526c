"""How far every headline figure moves from seed to seed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from landmark.plots.colours import AUTOENCODER, DEEPLIFT, L1000, NEUTRAL, RANDOM, faded
from landmark.plots.theme import framed, guide, name_rows, plain, require, sentence, spread

_LEAST_SPAN = 0.02  # narrowest axis: a spread far below what matters should look as small as it is
_HEIGHT, _PANEL, _ROW = 60, 72, 26  # pixels of the frame, of a panel without its strips, and of a strip
_MEASURES = {"pcc": "correlation (PCC)", "mae": "error (MAE, standardised)"}
_LABELS = {
    "adjusted_rand": "Clusters, adjusted Rand index",
    "silhouette": "Labels, silhouette",
    "neighbour_accuracy": "Labels, neighbour accuracy",
}

_Dots = dict[str, tuple[np.ndarray, list[str]]]


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


def prediction_strips(
    values: pd.DataFrame,
    first: str,
    overlaps: pd.DataFrame | None = None,
    size: int = 0,
    chance: float | None = None,
) -> go.Figure:
    """Draw how far the chosen genes and what they predict move: one dot per seed, range as band, mean as line.

    Figures absent in ``values`` have no panel. ``first`` names the set that comes from the ranking; ``overlaps`` has
    the share of the top ``size`` genes that two seeds have in common, ``chance`` that of two random sets.
    """
    sets = (
        _Row("set", first, DEEPLIFT),
        _Row("l1000", "L1000", L1000),
        _Row("random", "random sets", RANDOM),
    )
    panels = [
        _Panel(
            f"Prediction, {text}",
            tuple(_Row(f"{row.figure}_{measure}", row.name, row.colour) for row in sets),
        )
        for measure, text in _MEASURES.items()
    ]
    panels += [
        _Panel(
            f"Difference in {text}", (_Row(f"{measure}_difference", f"{first} - L1000", NEUTRAL),), guide=0.0
        )
        for measure, text in _MEASURES.items()
    ]
    dots = _dots(values)
    if dots and overlaps is not None and len(overlaps):
        require(overlaps, ["first_seed", "second_seed", "overlap"], "overlaps of seeds")
        row = _Row("overlap", "two seeds", DEEPLIFT)
        panels.insert(0, _Panel(f"Share of the top {size:,} genes in common", (row,), chance))
        pairs = zip(overlaps["first_seed"], overlaps["second_seed"], strict=True)
        names = [f"seeds {one} and {other}" for one, other in pairs]
        dots["overlap"] = overlaps["overlap"].to_numpy(float), names
    return _strips(panels, dots)


def network_strips(values: pd.DataFrame) -> go.Figure:
    """Draw how far the network and its bottleneck move: one dot per seed, range as band, mean as line."""
    panels = [
        _Panel(f"Reconstruction, {text}", (_Row(f"reconstruction_{measure}", "autoencoder", AUTOENCODER),))
        for measure, text in _MEASURES.items()
    ]
    panels += [_Panel(title, (_Row(name, "bottleneck", AUTOENCODER),)) for name, title in _LABELS.items()]
    return _strips(panels, _dots(values))


def _dots(values: pd.DataFrame) -> _Dots:
    """Return values and their names by figure."""
    require(values, ["seed", "figure", "value"], "figures per seed")
    return {
        name: (part["value"].to_numpy(float), [f"seed {seed}" for seed in part["seed"]])
        for name, part in values.dropna(subset=["value"]).groupby("figure")
    }


def _strips(panels: Sequence[_Panel], dots: _Dots) -> go.Figure:
    """Draw the panels that have something to show, one below the other."""
    kept = [
        _Panel(panel.title, rows, panel.guide)
        for panel in panels
        if (rows := tuple(row for row in panel.rows if row.figure in dots))
    ]
    if not kept:
        return sentence("No seed has been computed yet.", _HEIGHT + _PANEL)
    counts = [len(panel.rows) for panel in kept]
    height = _HEIGHT + len(kept) * _PANEL + sum(counts) * _ROW
    figure = make_subplots(
        rows=len(kept), cols=1, row_heights=counts, vertical_spacing=_PANEL / (height - _HEIGHT)
    )
    for place, panel in enumerate(kept, start=1):
        for at, row in enumerate(panel.rows):
            _strip(figure, row, at, *dots[row.figure], place)
        _axes(figure, panel, np.concatenate([dots[row.figure][0] for row in panel.rows]), place)
    _legend(figure)
    framed(figure, height=height)
    figure.update_yaxes(showgrid=False)
    return figure


def _strip(figure: go.Figure, row: _Row, at: int, values: np.ndarray, labels: list[str], place: int) -> None:
    name = plain(row.name)
    figure.add_scatter(
        x=[values.min(), values.max()],
        y=[at, at],
        mode="lines",
        line={"color": faded(row.colour, 0.3), "width": 9},
        hoverinfo="skip",
        showlegend=False,
        row=place,
        col=1,
    )
    figure.add_scatter(
        x=values,
        y=at + spread(values.size, 0.3),
        mode="markers",
        marker={"color": row.colour, "size": 7, "opacity": 0.85},
        customdata=labels,
        hovertemplate=f"<b>{name}</b><br>%{{customdata}}: %{{x:.4f}}<extra></extra>",
        showlegend=False,
        row=place,
        col=1,
    )
    figure.add_scatter(
        x=[values.mean()],
        y=[at],
        mode="markers",
        marker={"symbol": "line-ns", "size": 17, "line": {"color": row.colour, "width": 2.5}},
        hovertemplate=f"<b>{name}</b><br>mean %{{x:.4f}}, standard deviation {_deviation(values)}<extra></extra>",
        showlegend=False,
        row=place,
        col=1,
    )


def _axes(figure: go.Figure, panel: _Panel, values: np.ndarray, place: int) -> None:
    shown = values if panel.guide is None else np.append(values, panel.guide)
    low, high = shown.min(), shown.max()
    half = 0.56 * max(high - low, _LEAST_SPAN)
    middle = (low + high) / 2
    figure.update_xaxes(
        title_text=panel.title, range=[middle - half, middle + half], nticks=5, row=place, col=1
    )
    name_rows(figure, [plain(row.name) for row in panel.rows], showgrid=True, row=place, col=1)
    if panel.guide is not None:
        figure.add_vline(
            x=panel.guide, line=guide(dash="dot", color=NEUTRAL), layer="below", row=place, col=1
        )


def _legend(figure: go.Figure) -> None:
    """Explain the marks once, in grey, as colours say what was measured."""
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


def _deviation(values: np.ndarray) -> str:
    return f"{values.std(ddof=1):.4f}" if values.size > 1 else "unknown"
