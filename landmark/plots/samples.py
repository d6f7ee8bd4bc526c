"""Samples as dots: in a plane of any two coordinates, and predicted against measured."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.plots.colours import AUTOENCODER, EDGE, OPEN_EDGE, OTHER, UNLABELLED, group_labels, label_styles
from landmark.plots.theme import (
    LABEL_LEGEND,
    framed,
    guide,
    marks,
    plain,
    plain_all,
    require,
    sentence,
    shortened,
)

_HEIGHT = 520


def sample_scatter(
    table: pd.DataFrame, x: str, y: str, colour: str | None, x_title: str, y_title: str
) -> go.Figure:
    """Draw samples by any two of their columns, coloured by a third.

    Parameters
    ----------
    table
        Column sample and the columns named by the other parameters; one row per sample. Each mark has the number
        of its row as its id.
    colour
        Column of labels: beyond 20 of them the rarest become "other". ``None`` draws all alike.
    """
    require(table, ["sample", x, y, *([colour] if colour else [])], "samples")
    if table.empty:
        return sentence("There are no samples to show.", _HEIGHT)
    labels = (
        table[colour].reset_index(drop=True) if colour else pd.Series("all samples", index=range(len(table)))
    )
    if colour == "cluster":
        labels = "cluster " + labels.astype(str)
    groups = group_labels(labels)
    names = pd.Series(plain_all(table["sample"]))
    own = pd.Series(plain_all(labels))
    size = 7 if len(table) < 500 else 6 if len(table) < 3000 else 4
    figure = go.Figure()
    styles = label_styles(groups)
    # The greys first: they lie under the groups that have a name, and still stand last in the legend.
    for group in sorted(styles, key=lambda name: name not in (OTHER, UNLABELLED)):
        shade, symbol = styles[group]
        rows = (groups == group).to_numpy()
        figure.add_trace(
            marks(len(table))(
                x=table[x].to_numpy()[rows],
                y=table[y].to_numpy()[rows],
                mode="markers",
                name=f"{plain(shortened(group))} ({rows.sum():,})",
                # A group each: such legends pack by the width of their entries, not in columns of the widest.
                legendgroup=group,
                # the row in the table, by which a selection is told
                ids=np.flatnonzero(rows).astype(str).tolist(),
                legendrank=1000 + list(styles).index(group),
                text=names[rows].tolist(),
                customdata=own[rows].tolist(),
                marker={
                    "color": shade,
                    "symbol": symbol,
                    "size": size,
                    "opacity": 0.85,
                    "line": OPEN_EDGE if symbol.endswith("-open") else EDGE,
                },
                hovertemplate="<b>%{text}</b><br>%{customdata}<extra></extra>",
                showlegend=colour is not None,
            )
        )
    # Room for the rows of a long legend on a narrow page.
    framed(figure, plain(x_title), plain(y_title), _HEIGHT + 6 * len(figure.data))
    figure.update_layout(legend=LABEL_LEGEND)
    figure.update_xaxes(zeroline=False, nticks=7)
    figure.update_yaxes(zeroline=False, nticks=7)
    return figure


_PREDICTED_HEIGHT = 460


def predicted_against_measured(
    values: pd.DataFrame,
    gene: str,
    unit: str,
    mae: float,
    pcc: float,
    colour: str = AUTOENCODER,
    what: str = "Restored",
) -> go.Figure:
    """Draw one dot per held-out sample; on the diagonal the prediction is right.

    Parameters
    ----------
    values
        Columns sample, measured, predicted, in the unit of the dataset.
    mae, pcc
        The gene's mean absolute error in that unit and its correlation over all held-out samples, for the title:
        the dots may be fewer.
    colour
        Of the dots: that of the predictor or gene set.
    what
        How the prediction came about, for the axis: "Restored", "Predicted".
    """
    require(values, ["sample", "measured", "predicted"], "predictions of a gene")
    known = values.dropna(subset=["measured", "predicted"])
    if known.empty:
        return sentence("No held-out sample has been predicted for this gene yet.", _PREDICTED_HEIGHT)
    x, y = known["measured"].to_numpy(float), known["predicted"].to_numpy(float)
    low, high = min(x.min(), y.min()), max(x.max(), y.max())
    margin = 0.05 * (high - low) or 0.5
    span = [low - margin, high + margin]
    figure = go.Figure()
    figure.add_scatter(
        x=span, y=span, mode="lines", line=guide(dash="dash"), hoverinfo="skip", showlegend=False
    )
    figure.add_trace(
        marks(len(known))(
            x=x,
            y=y,
            mode="markers",
            marker={"color": colour, "size": 7 if len(known) < 500 else 4, "opacity": 0.75, "line": EDGE},
            text=plain_all(known["sample"]),
            hovertemplate=f"<b>%{{text}}</b><br>measured %{{x:.3f}}<br>{what.lower()} %{{y:.3f}}<extra></extra>",
            showlegend=False,
        )
    )
    framed(figure, f"Measured ({plain(unit)})", f"{what} ({plain(unit)})", _PREDICTED_HEIGHT)
    figure.update_layout(
        title={
            "text": f"<i>{plain(gene)}</i>: MAE {_digits(mae)} {plain(unit)}, PCC {_digits(pcc)}",
            "x": 0.01,
            "font": {"size": 15},
        }
    )
    # One unit is as long on both axes, so that the diagonal stands at 45 degrees.
    figure.update_xaxes(range=span, constrain="domain")
    figure.update_yaxes(range=span, scaleanchor="x", constrain="domain")
    return figure


def _digits(value: float) -> str:
    return f"{value:.3f}" if np.isfinite(value) else "unknown"
