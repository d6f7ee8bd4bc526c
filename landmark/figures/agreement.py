"""How well groups of samples, found without labels, agree with the labels."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from landmark.figures.colours import ALL_GENES, AUTOENCODER, NEUTRAL, PCA, RANDOM
from landmark.figures.tables import require
from landmark.figures.template import framed, interval, sentence
from landmark.figures.text import plain

MEASURES = {
    "adjusted_rand": "Clusters match labels<br>(adjusted Rand index)",
    "mutual_information": "Clusters against labels<br>(mutual information)",
    "silhouette": "Labels lie apart<br>(silhouette)",
    "neighbour_accuracy": "Nearest neighbour<br>has the label",
    "held_out_accuracy": "The same,<br>held-out samples",
}
"""Measures of agreement by their column, in plain words."""

_REQUIRED = list(MEASURES)[:4]
_NUMBERS = 1.3
"""Right end of the numbers."""

_COLOURS = (("bottleneck", AUTOENCODER), ("pca", PCA), ("all genes", ALL_GENES), ("permuted", RANDOM))


def agreement_bars(agreement: pd.DataFrame) -> go.Figure:
    """Draw each measure of agreement in a panel of its own, one bar per representation of the samples.

    Parameters
    ----------
    agreement
        Columns representation, adjusted_rand, mutual_information, silhouette, neighbour_accuracy;
        held_out_accuracy where there are held-out samples; ``<measure>_low`` and ``<measure>_high``, drawn as
        whiskers, where intervals are known.
    """
    require(agreement, ["representation", *_REQUIRED], "agreement")
    measures = [name for name in MEASURES if name in agreement and agreement[name].notna().any()]
    rows = len(agreement)
    lines = max((len(measures) + 1) // 2, 1)
    height = 50 + lines * (92 + 25 * max(rows, 1))
    if agreement.empty:
        return sentence("The agreement with labels has not been measured yet.", height)
    figure = make_subplots(
        rows=lines, cols=2, shared_yaxes=True, horizontal_spacing=0.06, vertical_spacing=0.6 / (lines + 1)
    )
    names = [plain(name) for name in agreement["representation"]]
    shades = [_shade(name) for name in agreement["representation"]]
    for place, column in enumerate(measures):
        cell = {"row": place // 2 + 1, "col": place % 2 + 1}
        values = agreement[column].to_numpy(float)
        said = MEASURES[column].replace("<br>", " ")
        figure.add_bar(
            x=values,
            y=names,
            orientation="h",
            marker={"color": shades, "line": {"width": 0}},
            error_x=_whiskers(agreement, column),
            customdata=_intervals(agreement, column),
            hovertemplate=f"<b>%{{y}}</b><br>{said}: %{{x:.3f}}%{{customdata}}<extra></extra>",
            showlegend=False,
            **cell,
        )
        # in a column of their own, where no whisker crosses them
        figure.add_scatter(
            x=np.full(rows, _NUMBERS),
            y=names,
            mode="text",
            text=[f"{value:z.2f}" for value in values],
            textposition="middle left",
            hoverinfo="skip",
            showlegend=False,
            **cell,
        )
        figure.update_xaxes(title_text=MEASURES[column], **cell)
    framed(figure, height=height, bargap=0.3)
    least = np.nanmin(agreement[[name for name in agreement if name.startswith(tuple(measures))]])
    figure.update_xaxes(
        range=[min(float(least) - 0.03, 0.0), _NUMBERS + 0.02],
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        zeroline=True,
        zerolinecolor=NEUTRAL,
        title_font={"size": 12},
    )
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    if len(measures) % 2:
        figure.update_xaxes(visible=False, row=lines, col=2)
        figure.update_yaxes(visible=False, row=lines, col=2)
    return figure


def _whiskers(agreement: pd.DataFrame, column: str) -> dict[str, object] | None:
    if f"{column}_low" not in agreement:
        return None
    return interval(agreement[column], agreement[f"{column}_low"], agreement[f"{column}_high"], NEUTRAL)


def _intervals(agreement: pd.DataFrame, column: str) -> list[str]:
    if f"{column}_low" not in agreement:
        return [""] * len(agreement)
    lows, highs = agreement[f"{column}_low"], agreement[f"{column}_high"]
    return [f"<br>95% from {low:z.3f} to {high:z.3f}" for low, high in zip(lows, highs, strict=True)]


def _shade(representation: str) -> str:
    lower = str(representation).lower()
    return next((colour for start, colour in _COLOURS if lower.startswith(start)), NEUTRAL)
