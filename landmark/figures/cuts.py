"""Into how many clusters a tree should be cut."""

import pandas as pd
import plotly.graph_objects as go

from landmark.figures.colours import AUTOENCODER, NEUTRAL
from landmark.figures.tables import require
from landmark.figures.template import framed, guide, sentence


def cut_curve(cuts: pd.DataFrame, chosen: int) -> go.Figure:
    """Draw how well separated the clusters of every cut are, and how far they match the labels.

    Parameters
    ----------
    cuts
        Columns clusters, silhouette; adjusted_rand where samples have labels.
    chosen
        The number of clusters shown elsewhere on the page.
    """
    require(cuts, ["clusters", "silhouette"], "cuts of the tree")
    if cuts.empty:
        return sentence("The tree cannot be cut in more than one way.", 260)
    figure = go.Figure()
    curves: list[tuple[str, str, str, str | None]] = [
        ("silhouette", "silhouette of the clusters", AUTOENCODER, None)
    ]
    if "adjusted_rand" in cuts:
        curves.append(("adjusted_rand", "match with labels (adjusted Rand index)", NEUTRAL, "dot"))
    for column, name, colour, dash in curves:
        figure.add_scatter(
            x=cuts["clusters"],
            y=cuts[column],
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 2, "dash": dash},
            marker={"size": 6},
            hovertemplate=f"<b>%{{x}} clusters</b><br>{name} %{{y:.3f}}<extra></extra>",
        )
    best = cuts.loc[cuts["silhouette"].idxmax()]
    figure.add_scatter(
        x=[best["clusters"]],
        y=[best["silhouette"]],
        name="proposed",
        mode="markers",
        marker={"size": 13, "symbol": "circle-open", "color": AUTOENCODER, "line": {"width": 2}},
        hoverinfo="skip",
    )
    figure.add_vline(x=chosen, line=guide(dash="dash"))
    framed(figure, "Number of clusters", "From -1 to 1", 280)
    first, last = cuts["clusters"].min(), cuts["clusters"].max()
    figure.update_xaxes(dtick=1 if len(cuts) <= 20 else 5, range=[first - 0.5, last + 0.5])
    return figure
