"""How well expressed genes are told from unexpressed ones: the receiver operating characteristic of every cell type."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.figures.colours import AUTOENCODER, OTHER_COLOUR, faded
from landmark.figures.tables import require
from landmark.figures.template import framed, guide, sentence
from landmark.figures.text import plain

_GRID = np.linspace(0, 1, 101)
"""Where the curves of the other cell types are drawn: enough for a thin line, light for many of them."""

_HEIGHT = 480


def roc_curves(roc: pd.DataFrame, chosen: str, areas: Mapping[str, float]) -> go.Figure:
    """Draw one curve per cell type, the chosen one in colour above the others in grey, and the diagonal of chance.

    Parameters
    ----------
    roc
        Columns cell_type, false_positive_rate, true_positive_rate; the points of a cell type in their order.
    chosen
        The cell type in colour.
    areas
        Area under the curve by cell type.
    """
    require(roc, ["cell_type", "false_positive_rate", "true_positive_rate"], "the ROC curves")
    if roc.empty:
        return sentence("No curve is known yet.", _HEIGHT)
    figure = go.Figure()
    curves = {str(name): part for name, part in roc.groupby("cell_type", sort=False)}
    others = [name for name in curves if name != chosen]
    if others:
        figure.add_scatter(
            x=np.tile(np.append(_GRID, np.nan), len(others)),
            y=np.concatenate([_thinned(curves[name]) for name in others]),
            customdata=np.repeat(
                [f"<b>{plain(name)}</b>, {_area(areas, name)}" for name in others], len(_GRID) + 1
            ),
            name=plain(others[0]) if len(others) == 1 else f"{len(others)} other cell types",
            mode="lines",
            line={"color": faded(OTHER_COLOUR, 0.6 if len(others) < 12 else 0.4), "width": 1.2},
            hovertemplate="%{customdata}<extra></extra>",
        )
    figure.add_scatter(
        x=[0, 1], y=[0, 1], name="chance: AUC 0.5", mode="lines", line=guide(dash="dash"), hoverinfo="skip"
    )
    if chosen in curves:
        part = curves[chosen]
        figure.add_scatter(
            x=part["false_positive_rate"],
            y=part["true_positive_rate"],
            name=f"{plain(chosen)}: {_area(areas, chosen)}",
            mode="lines",
            line={"color": AUTOENCODER, "width": 3},
            hovertemplate=f"<b>{plain(chosen)}</b><br>%{{y:.1%}} of the expressed genes found,<br>%{{x:.1%}} of "
            "the others called expressed by mistake<extra></extra>",
        )
    framed(
        figure,
        "Unexpressed genes called expressed",
        "Expressed genes found",
        _HEIGHT,
    )
    figure.update_layout(legend_traceorder="reversed")  # what is drawn on top is named first
    figure.update_xaxes(range=[-0.01, 1.01], tickformat=".0%")
    figure.update_yaxes(range=[-0.01, 1.02], tickformat=".0%")
    return figure


def _thinned(curve: pd.DataFrame) -> np.ndarray:
    """Return the curve on the grid, with a gap at its end."""
    x, y = (curve[name].to_numpy(float) for name in ("false_positive_rate", "true_positive_rate"))
    return np.append(np.interp(_GRID, x, y), np.nan)


def _area(areas: Mapping[str, float], name: str) -> str:
    return f"AUC {areas[name]:.3f}" if name in areas and np.isfinite(areas[name]) else "AUC not known"
