"""How much more is explained with every gene that is chosen, or how each of them scores."""

from typing import Any

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
    hover = (
        "<b>%{text}</b>, gene %{x:,}<br>explained so far %{y:.1%}<br>added %{customdata:.3%}<extra></extra>"
    )
    figure = _parts(ranking, "explained", hover, lines=True)
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
    figure = _parts(ranking, "score", "<b>%{text}</b>, gene %{x:,}<br>%{y:.4g}<extra></extra>", lines=False)
    _named(figure, ranking, "score", highlight)
    framed(figure, "Chosen genes, in their order", plain(score))
    figure.update_xaxes(tickformat=",d", rangemode="tozero")
    figure.update_yaxes(rangemode="tozero")
    return figure


def _parts(ranking: pd.DataFrame, height: str, hover: str, lines: bool) -> go.Figure:
    """Draw given and chosen genes apart, as lines with what each added, or as dots."""
    figure = go.Figure()
    given = ranking["given"].to_numpy(bool)
    for rows, name, colour, dash in (
        (given, "given", NEUTRAL, "dash"),
        (~given, "chosen", IMPROVED, "solid"),
    ):
        part = ranking[rows]
        if part.empty:
            continue
        look: dict[str, Any] = {"mode": "markers", "marker": {"color": colour, "size": 5}}
        if lines:
            line = {"color": colour, "width": 3, "dash": dash}
            look = {"mode": "lines", "line": line, "customdata": part["score"].to_numpy()}
        figure.add_trace(
            marks(len(ranking))(
                x=part["rank"].to_numpy(),
                y=part[height].to_numpy(),
                name=f"{name}: {len(part):,} genes",
                text=plain_all(part["gene"]),
                hovertemplate=hover,
                **look,
            )
        )
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
