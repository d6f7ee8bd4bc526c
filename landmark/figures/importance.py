"""How important each gene is to the bottleneck, and where the ranking is cut."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.figures.colours import AUTOENCODER, DEEPLIFT, NEUTRAL
from landmark.figures.tables import require
from landmark.figures.template import framed, guide, marks, sentence
from landmark.figures.text import plain, plain_all

_NAMED = 12
"""So many highlighted genes carry their name; the others keep their mark and their hover text."""


def importance_curve(
    ranking: pd.DataFrame, cut: int, highlight: tuple[str, ...] | list[str] = (), log: bool = False
) -> go.Figure:
    """Draw the importance of genes against their rank.

    Parameters
    ----------
    ranking
        Columns gene, score, rank (1 = most important).
    cut
        Size K of the gene set: the first K genes are chosen.
    highlight
        Genes to mark and name.
    log
        Logarithmic rank axis, which opens up the top of the ranking.
    """
    require(ranking, ["gene", "score", "rank"], "the ranking")
    if ranking.empty:
        return sentence("No gene has been ranked yet.")
    ranking = ranking.sort_values("rank")
    chosen = ranking["rank"] <= cut
    figure = go.Figure()
    for part, name, colour in (
        (ranking[chosen], f"chosen: top {int(chosen.sum()):,}", DEEPLIFT),
        (ranking[~chosen], f"not chosen: {int((~chosen).sum()):,}", NEUTRAL),
    ):
        figure.add_trace(
            marks(len(ranking))(
                x=part["rank"].to_numpy(),
                y=part["score"].to_numpy(),
                name=name,
                mode="lines",
                line={"color": colour, "width": 3},
                text=plain_all(part["gene"]),
                hovertemplate="<b>%{text}</b><br>rank %{x:,}<br>score %{y:.4g}<extra></extra>",
            )
        )
    figure.add_vline(x=cut, line=guide(dash="dash"))
    _highlighted(figure, ranking[ranking["gene"].isin(set(highlight))], log)
    framed(figure, "Rank of the gene (1 = most important)", "Importance (mean |contribution|)")
    end = int(ranking["rank"].max())
    figure.update_xaxes(type="log" if log else "linear")
    if log:
        figure.update_xaxes(range=[-0.05, np.log10(end) + 0.05], dtick=1)
    else:
        figure.update_xaxes(range=[-0.01 * end, 1.01 * end], tickformat=",d")
    figure.update_yaxes(rangemode="tozero")
    return figure


def gene_profile(contributions: pd.Series) -> go.Figure:
    """Draw one gene's mean absolute contribution to every bottleneck unit, the largest first.

    Parameters
    ----------
    contributions
        One row of the table of contributions: ``gene`` and ``unit_0``, ``unit_1``, ...
    """
    units = contributions.filter(regex=r"^unit_\d+$").astype(float).sort_values(ascending=False)
    if units.empty:
        return sentence("No contribution of this gene is known.", 320)
    numbers = [name.removeprefix("unit_") for name in units.index]
    figure = go.Figure(
        go.Bar(
            x=np.arange(1, len(units) + 1),
            y=units.to_numpy(),
            marker={"color": AUTOENCODER, "line": {"width": 0}},
            text=numbers,
            textposition="none",
            hovertemplate="bottleneck unit %{text}<br>mean |contribution| <b>%{y:.4g}</b><extra></extra>",
            showlegend=False,
        )
    )
    gene = plain(contributions.get("gene", "the gene"))
    framed(figure, f"Bottleneck units, by contribution of {gene}", "Mean |contribution|", 320, bargap=0.15)
    figure.update_xaxes(showgrid=False, range=[0, len(units) + 1])
    return figure


def _highlighted(figure: go.Figure, genes: pd.DataFrame, log: bool) -> None:
    if genes.empty:
        return
    figure.add_scatter(
        x=genes["rank"],
        y=genes["score"],
        name="highlighted",
        mode="markers",
        marker={"symbol": "diamond", "size": 10, "color": DEEPLIFT, "line": {"color": "white", "width": 1}},
        text=plain_all(genes["gene"]),
        hovertemplate="<b>%{text}</b><br>rank %{x:,}<br>score %{y:.4g}<extra></extra>",
    )
    for place, gene in enumerate(genes.head(_NAMED).itertuples()):
        figure.add_annotation(
            # Plotly places annotations on a logarithmic axis by the exponent.
            x=np.log10(gene.rank) if log else gene.rank,
            y=gene.score,
            text=plain(gene.gene),
            ax=34,
            ay=-26 - 22 * (place % 4),
            xanchor="left",
            arrowwidth=1,
            arrowcolor=NEUTRAL,
            arrowhead=0,
        )
