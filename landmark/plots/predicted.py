"""One gene: what was predicted of it against what was measured, sample by sample."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.plots.colours import AUTOENCODER, EDGE
from landmark.plots.text import plain, plain_all, require
from landmark.plots.theme import framed, guide, marks, sentence

_HEIGHT = 460


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
    gene
        Its name.
    unit
        The unit, for the axes.
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
        return sentence("No held-out sample has been predicted for this gene yet.", _HEIGHT)
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
    framed(figure, f"Measured ({plain(unit)})", f"{what} ({plain(unit)})", _HEIGHT)
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
