"""How much of what sets samples apart goes with their annotations, such as a batch."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.figures.colours import NEUTRAL
from landmark.figures.sample_quality import OUTLIER
from landmark.figures.tables import require
from landmark.figures.template import framed, name_rows, sentence
from landmark.figures.text import plain, plain_all, shortened


def explained_bars(overall: pd.DataFrame) -> go.Figure:
    """Draw how much of the variance between samples goes with each annotation, beside what chance would give.

    Parameters
    ----------
    overall
        Columns annotation, r2, by_chance, groups, samples; the first at the top.
    """
    require(overall, ["annotation", "r2", "by_chance"], "explained variance")
    height = 130 + 34 * max(len(overall), 1)
    if overall.empty:
        return sentence("No annotation divides the samples into groups.", height)
    place = list(range(len(overall)))
    figure = go.Figure()
    figure.add_bar(
        x=100 * overall["r2"],
        y=place,
        orientation="h",
        name="explained",
        marker={"color": NEUTRAL, "line": {"width": 0}},
        customdata=plain_all(overall["annotation"]),
        hovertemplate="<b>%{customdata}</b><br>%{x:.1f}% explained<extra></extra>",
    )
    figure.add_scatter(
        x=100 * overall["by_chance"],
        y=place,
        mode="markers",
        name="as many random groups",
        marker={"symbol": "line-ns-open", "size": 18, "color": OUTLIER, "line": {"width": 2.5}},
        hovertemplate="by chance: %{x:.1f}%<extra></extra>",
    )
    end = 100 * np.maximum(overall["r2"], overall["by_chance"]).to_numpy()
    figure.add_scatter(
        x=end + 0.015 * max(end.max(), 1.0),
        y=place,
        mode="text",
        text=[f"{100 * value:.0f}%" for value in overall["r2"]],
        textposition="middle right",
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )
    framed(figure, "Variance explained (%)", None, height, bargap=0.35)
    figure.update_xaxes(range=[0, 1.12 * max(end.max(), 1.0)])
    name_rows(figure, [plain(shortened(name, 28)) for name in overall["annotation"]])
    return figure


def explained_heat(explained: pd.DataFrame, order: list[str]) -> go.Figure:
    """Draw how much of every principal component each annotation explains.

    Parameters
    ----------
    explained
        Columns annotation, component, r2, share.
    order
        Annotations from top to bottom.
    """
    require(explained, ["annotation", "component", "r2", "share"], "explained variance per component")
    height = 150 + 30 * max(len(order), 1)
    if explained.empty:
        return sentence("No annotation divides the samples into groups.", height)
    table = explained.pivot(index="annotation", columns="component", values="r2").loc[order]
    shares = explained.drop_duplicates("component").set_index("component")["share"]
    values = 100 * table.to_numpy(float)
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=[f"{component}<br>{100 * shares[component]:.0f}%" for component in table.columns],
            y=[plain(shortened(name, 28)) for name in table.index],
            zmin=0,
            zmax=100,
            colorscale="Cividis",
            text=[[f"{value:.0f}" for value in row] for row in values],
            texttemplate="%{text}",
            colorbar={"title": {"text": "Explained (%)", "side": "right"}, "thickness": 14},
            hovertemplate="<b>%{y}</b><br>component %{x} of the variance<br>%{z:.1f}% explained<extra></extra>",
        )
    )
    framed(figure, "Principal component, and its share of the variance", None, height)
    figure.update_xaxes(showgrid=False, type="category", tickangle=0)
    figure.update_yaxes(showgrid=False, type="category", autorange="reversed")
    return figure
