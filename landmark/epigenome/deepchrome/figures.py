"""How well expressed genes are separated from unexpressed ones: curve and area of every cell type."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.plots.colours import AUTOENCODER, NEUTRAL, OPEN_EDGE, OTHER_COLOUR, faded
from landmark.plots.theme import framed, guide, interval, plain, require, sentence, shortened

_GRID = np.linspace(0, 1, 101)
"""Where the curves of the other cell types are drawn: enough for a thin line, light for many of them."""

_HEIGHT = 480
_ROW = 16
_MOST_HEIGHT = 1400


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
    framed(figure, "Unexpressed genes called expressed", "Expressed genes found", _HEIGHT)
    figure.update_layout(legend_traceorder="reversed")  # what is drawn on top is named first
    figure.update_xaxes(range=[-0.01, 1.01], tickformat=".0%")
    figure.update_yaxes(range=[-0.01, 1.02], tickformat=".0%")
    return figure


def area_dots(cells: pd.DataFrame, chosen: str) -> go.Figure:
    """Draw the area under the curve of every cell type with its interval, the largest on top, beside a plain model.

    Parameters
    ----------
    cells
        Columns cell_type, auc, auc_low, auc_high, auc_logistic.
    chosen
        The cell type in colour.
    """
    require(cells, ["cell_type", "auc", "auc_low", "auc_high", "auc_logistic"], "the cell types")
    if cells.empty:
        return sentence("No cell type has been measured yet.", _HEIGHT)
    ordered = cells.sort_values("auc", kind="stable").reset_index(drop=True)
    names = [plain(name) for name in ordered["cell_type"]]
    own = (ordered["cell_type"].astype(str) == chosen).to_numpy()
    figure = go.Figure()
    figure.add_scatter(
        x=ordered["auc_logistic"],
        y=ordered.index,
        name="logistic regression",
        mode="markers",
        marker={"symbol": "diamond-open", "size": 7, "color": NEUTRAL, "line": OPEN_EDGE},
        customdata=names,
        hovertemplate="<b>%{customdata}</b><br>logistic regression: AUC <b>%{x:.3f}</b><extra></extra>",
    )
    for side, colour, size in ((~own, OTHER_COLOUR, 7), (own, AUTOENCODER, 10)):
        part = ordered[side]
        figure.add_scatter(
            x=part["auc"],
            y=part.index,
            name="DeepChrome, 95% interval",
            showlegend=bool(len(part)) and (size == 10 or not own.any()),
            mode="markers",
            marker={"size": size, "color": colour},
            error_x=interval(part["auc"], part["auc_low"], part["auc_high"], colour, width=3),
            customdata=np.stack([np.array(names)[side], part["auc_low"], part["auc_high"]], axis=1),
            hovertemplate="<b>%{customdata[0]}</b><br>AUC <b>%{x:.3f}</b> (%{customdata[1]:.3f} to "
            "%{customdata[2]:.3f})<extra></extra>",
        )
    figure.add_vline(x=0.5, line=guide(dash="dash"))
    # As tall as the curves beside it, unless there are too many cell types for that.
    framed(
        figure,
        "AUC on test genes (chance: 0.5)",
        None,
        int(min(max(_HEIGHT, 110 + _ROW * len(names)), _MOST_HEIGHT)),
    )
    figure.update_layout(legend_traceorder="reversed")
    lowest = float(ordered[["auc_low", "auc_logistic"]].min().min())
    figure.update_xaxes(range=[min(0.48, lowest - 0.03), 1.02])
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(ordered.index),
        ticktext=[plain(shortened(name)) for name in ordered["cell_type"]],
        range=[-0.7, len(names) - 0.3],
        showgrid=len(names) <= 60,
    )
    return figure


def _thinned(curve: pd.DataFrame) -> np.ndarray:
    """Return the curve on the grid, with a gap at its end."""
    x, y = (curve[name].to_numpy(float) for name in ("false_positive_rate", "true_positive_rate"))
    return np.append(np.interp(_GRID, x, y), np.nan)


def _area(areas: Mapping[str, float], name: str) -> str:
    return f"AUC {areas[name]:.3f}" if name in areas and np.isfinite(areas[name]) else "AUC not known"
