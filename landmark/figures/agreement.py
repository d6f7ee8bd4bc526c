"""How well groups of samples, found without labels, agree with the labels."""

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from landmark.figures.colours import ALL_GENES, AUTOENCODER, NEUTRAL, PCA, RANDOM
from landmark.figures.tables import require
from landmark.figures.template import framed, sentence
from landmark.figures.text import plain

_MEASURES = {
    "adjusted_rand": "Adjusted Rand index",
    "mutual_information": "Mutual information",
    "silhouette": "Silhouette",
    "neighbour_accuracy": "Neighbour accuracy",
}
_COLOURS = (("bottleneck", AUTOENCODER), ("pca", PCA), ("all genes", ALL_GENES), ("permuted", RANDOM))


def agreement_bars(agreement: pd.DataFrame) -> go.Figure:
    """Draw each measure of agreement in a panel of its own, one bar per representation of the samples.

    Parameters
    ----------
    agreement
        Columns representation, adjusted_rand, mutual_information, silhouette, neighbour_accuracy.
    """
    require(agreement, ["representation", *_MEASURES], "agreement")
    rows = len(agreement)
    height = 180 + 2 * 32 * max(rows, 1) + 60
    if agreement.empty:
        return sentence("The agreement with labels has not been measured yet.", height)
    figure = make_subplots(rows=2, cols=2, shared_yaxes=True, horizontal_spacing=0.06, vertical_spacing=0.26)
    names = [plain(name) for name in agreement["representation"]]
    shades = [_shade(name) for name in agreement["representation"]]
    for place, (column, title) in enumerate(_MEASURES.items()):
        cell = {"row": place // 2 + 1, "col": place % 2 + 1}
        values = agreement[column].to_numpy(float)
        figure.add_bar(
            x=values,
            y=names,
            orientation="h",
            marker={"color": shades, "line": {"width": 0}},
            text=[f"{value:.2f}" for value in values],
            textposition="outside",
            cliponaxis=False,
            hovertemplate=f"<b>%{{y}}</b><br>{title}: %{{x:.3f}}<extra></extra>",
            showlegend=False,
            **cell,
        )
        figure.update_xaxes(title_text=title, **cell)
    framed(figure, height=height, bargap=0.3)
    least = float(agreement[list(_MEASURES)].min().min())
    low = least - 0.3 if least < 0 else 0.0  # room for the number beside a negative bar
    figure.update_xaxes(
        range=[low, 1.1], nticks=5, zeroline=True, zerolinecolor=NEUTRAL, title_font={"size": 13}
    )
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return figure


def _shade(representation: str) -> str:
    lower = str(representation).lower()
    return next((colour for start, colour in _COLOURS if lower.startswith(start)), NEUTRAL)
