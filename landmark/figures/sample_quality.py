"""Samples one by one: the distribution of each, and how far it stands apart from the others."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.figures.colours import EDGE, NEUTRAL, group_labels, label_styles
from landmark.figures.tables import require
from landmark.figures.template import framed, marks, sentence
from landmark.figures.text import plain, plain_all, shortened

FEW = 60
"""Up to so many samples each has a box of its own."""

OUTLIER = "#B0413E"
"""Samples that stand apart, and what chance would give."""

_HEIGHT = 380
_QUANTILES = ["q05", "q25", "q50", "q75", "q95"]


def sample_boxes(
    quantiles: pd.DataFrame, labels: pd.Series | None = None, unit: str = "expression"
) -> go.Figure:
    """Draw a box per sample: the middle half of its genes, whiskers to the middle 90%.

    Parameters
    ----------
    quantiles
        Columns sample, q05, q25, q50, q75, q95; one row per sample, drawn in this order.
    labels
        Label of every sample, which colours its box.
    unit
        Unit of the values, for the axis.
    """
    require(quantiles, ["sample", *_QUANTILES], "quantiles per sample")
    if quantiles.empty:
        return sentence("There are no samples to show.", _HEIGHT)
    groups = group_labels(labels if labels is not None else ["samples"] * len(quantiles))
    place = np.arange(1, len(quantiles) + 1)
    names = np.array(plain_all(quantiles["sample"]))
    figure = go.Figure()
    for group, (colour, _) in label_styles(groups).items():
        rows = (groups == group).to_numpy()
        low, first, middle, third, high = (quantiles[name].to_numpy()[rows] for name in _QUANTILES)
        figure.add_box(
            x=place[rows],
            lowerfence=low,
            q1=first,
            median=middle,
            q3=third,
            upperfence=high,
            name=f"{plain(shortened(group))} ({rows.sum():,})",
            text=names[rows].tolist(),
            marker={"color": colour if labels is not None else NEUTRAL},
            line={"width": 1.2},
            hoverinfo="text+y",
            showlegend=labels is not None,
        )
    framed(figure, "Samples, in the order of the dataset", plain(unit).capitalize(), _HEIGHT)
    figure.update_xaxes(showgrid=False, tickformat=",d", range=[0.4, len(quantiles) + 0.6])
    return figure


def outlier_plane(samples: pd.DataFrame, threshold: float) -> go.Figure:
    """Draw how far every sample stands apart by either measure, with the lines from which it is an outlier.

    Parameters
    ----------
    samples
        Columns sample, correlation_deviation, distance_deviation, outlier.
    threshold
        In scaled median absolute deviations.
    """
    require(samples, ["sample", "correlation_deviation", "distance_deviation", "outlier"], "samples")
    if samples.empty:
        return sentence("There are no samples to show.", _HEIGHT)
    figure = go.Figure()
    for flagged, name, colour, symbol in (
        (False, "usual", NEUTRAL, "circle"),
        (True, "outlier", OUTLIER, "diamond"),
    ):
        part = samples[samples["outlier"] == flagged]
        figure.add_trace(
            marks(len(samples))(
                x=part["distance_deviation"],
                y=part["correlation_deviation"],
                mode="markers",
                name=f"{name} ({len(part):,})",
                text=plain_all(part["sample"]),
                marker={"color": colour, "symbol": symbol, "size": 9 if flagged else 7, "line": EDGE},
                hovertemplate="<b>%{text}</b><br>%{x:.1f} and %{y:.1f} deviations<extra></extra>",
            )
        )
    framed(
        figure,
        "Distance in components (deviations above usual)",
        "Correlation (deviations below usual)",
        _HEIGHT,
    )
    for axis, column in (("xaxis", "distance_deviation"), ("yaxis", "correlation_deviation")):
        low, high = float(samples[column].min()), max(float(samples[column].max()), threshold)
        margin = 0.06 * (high - low)
        figure.update_layout({axis: {"range": [low - margin, high + margin]}})
    line = {"color": OUTLIER, "width": 1.2, "dash": "dot"}
    figure.add_vline(x=threshold, line=line)
    figure.add_hline(y=threshold, line=line)
    return figure
