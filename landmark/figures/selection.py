"""How much more is explained with every gene that is chosen, or how each of them scores."""

import pandas as pd
import plotly.graph_objects as go

from landmark.figures.colours import IMPROVED, NEUTRAL
from landmark.figures.tables import require
from landmark.figures.template import framed, marks, sentence
from landmark.figures.text import plain, plain_all


def selection_curve(ranking: pd.DataFrame, highlight: str = "") -> go.Figure:
    """Draw the share explained so far against the number of genes.

    Parameters
    ----------
    ranking
        Columns gene, score (what the gene added, as a share of all), rank, given.
    highlight
        A gene to mark and name.
    """
    require(ranking, ["gene", "score", "rank", "given"], "the choice")
    if ranking.empty:
        return sentence("No gene has been chosen yet.")
    ranking = ranking.sort_values("rank").assign(explained=lambda table: table["score"].cumsum())
    figure = go.Figure()
    given = ranking["given"].to_numpy(bool)
    for part, name, colour, dash in (
        (ranking[given], f"given: {int(given.sum()):,} genes", NEUTRAL, "dash"),
        (ranking[~given], f"chosen: {int((~given).sum()):,} genes", IMPROVED, "solid"),
    ):
        if part.empty:
            continue
        figure.add_trace(
            marks(len(ranking))(
                x=part["rank"].to_numpy(),
                y=part["explained"].to_numpy(),
                name=name,
                mode="lines",
                line={"color": colour, "width": 3, "dash": dash},
                text=plain_all(part["gene"]),
                customdata=part["score"].to_numpy(),
                hovertemplate="<b>%{text}</b>, gene %{x:,}<br>explained so far %{y:.1%}<br>"
                "added %{customdata:.3%}<extra></extra>",
            )
        )
    _named(figure, ranking, "explained", highlight)
    framed(figure, "Genes measured", "Explained of the training samples")
    figure.update_xaxes(tickformat=",d", rangemode="tozero")
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    return figure


def score_curve(ranking: pd.DataFrame, score: str, highlight: str = "") -> go.Figure:
    """Draw the score of every chosen gene, for strategies that look at genes one by one.

    Parameters
    ----------
    ranking
        Columns gene, score, rank, given.
    score
        What the score is, for the axis.
    highlight
        A gene to mark and name.
    """
    require(ranking, ["gene", "score", "rank", "given"], "the choice")
    if ranking.empty:
        return sentence("No gene has been chosen yet.")
    ranking = ranking.sort_values("rank")
    given = ranking["given"].to_numpy(bool)
    figure = go.Figure()
    for part, name, colour in (
        (ranking[given], f"given: {int(given.sum()):,} genes", NEUTRAL),
        (ranking[~given], f"chosen: {int((~given).sum()):,} genes", IMPROVED),
    ):
        if part.empty:
            continue
        figure.add_trace(
            marks(len(ranking))(
                x=part["rank"].to_numpy(),
                y=part["score"].to_numpy(),
                name=name,
                mode="markers",
                marker={"color": colour, "size": 5},
                text=plain_all(part["gene"]),
                hovertemplate="<b>%{text}</b>, gene %{x:,}<br>%{y:.4g}<extra></extra>",
            )
        )
    _named(figure, ranking, "score", highlight)
    framed(figure, "Chosen genes, in their order", plain(score))
    figure.update_xaxes(tickformat=",d", rangemode="tozero")
    figure.update_yaxes(rangemode="tozero")
    return figure


def _named(figure: go.Figure, ranking: pd.DataFrame, height: str, highlight: str) -> None:
    """Mark one gene and write its name."""
    for row in ranking[ranking["gene"] == highlight].itertuples():
        figure.add_scatter(
            x=[row.rank],
            y=[getattr(row, height)],
            mode="markers+text",
            marker={
                "symbol": "diamond",
                "size": 11,
                "color": IMPROVED,
                "line": {"color": "white", "width": 1},
            },
            text=[plain(row.gene)],
            textposition="bottom right",
            showlegend=False,
            hoverinfo="skip",
        )
