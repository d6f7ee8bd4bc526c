"""Figures of a ranking: the importance of each gene, where it is cut, and groups of samples."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.plots.colours import AUTOENCODER, DEEPLIFT, NEUTRAL
from landmark.plots.theme import framed, marks, name_rows, plain, plain_all, require, sentence, shortened
from landmark.wording import counted

_NAMED = 12
"""So many highlighted genes carry their name; the others keep their mark and their hover text."""

_HOVER = "<b>%{text}</b><br>rank %{x:,}<br>score %{y:.4g}<extra></extra>"


def importance_curve(
    ranking: pd.DataFrame, cut: int, highlight: tuple[str, ...] | list[str] = (), log: bool = False
) -> go.Figure:
    """Draw the importance of genes against their rank, the first ``cut`` in colour, the highlighted ones named.

    ``ranking``: columns gene, score, rank (1 = most important); ``log``: logarithmic ranks, which open up the top.
    """
    require(ranking, ["gene", "score", "rank"], "the ranking")
    if ranking.empty:
        return sentence("No gene has been ranked yet.")
    ranking = ranking.sort_values("rank")
    chosen = ranking["rank"] <= cut
    end = int(ranking["rank"].max())
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
                hovertemplate=_HOVER,
            )
        )
    figure.add_vline(x=cut, line={"color": NEUTRAL, "width": 1.5, "dash": "dash"})
    figure.add_annotation(
        # Plotly places annotations on a logarithmic axis by the exponent.
        x=np.log10(cut) if log else cut,
        # Below the curve: above it stand the names of highlighted genes.
        y=0,
        yref="paper",
        text=f"cut at {cut:,}",
        showarrow=False,
        xanchor="left" if cut < end / 2 and not log else "right",
        yanchor="bottom",
    )
    _highlighted(figure, ranking[ranking["gene"].isin(set(highlight))], cut, log, end)
    framed(figure, "Rank of the gene (1 = most important)", "Importance (mean |contribution|)")
    figure.update_xaxes(type="log" if log else "linear")
    if log:
        figure.update_xaxes(range=[-0.05, np.log10(end) + 0.05], dtick=1, tickformat=",d")
    else:
        figure.update_xaxes(range=[-0.01 * end, 1.01 * end], tickformat=",d")
    # Room above the curve for the names of highlighted genes.
    figure.update_yaxes(range=[0, 1.25 * float(ranking["score"].max()) or 1.0])
    return figure


def gene_profile(contributions: pd.Series) -> go.Figure:
    """Draw one gene's mean absolute contribution to every bottleneck unit, the largest first.

    ``contributions``: one row of the table of contributions, ``gene`` and ``unit_0``, ``unit_1``, ...
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


def _highlighted(figure: go.Figure, genes: pd.DataFrame, cut: int, log: bool, end: int) -> None:
    if genes.empty:
        return
    figure.add_scatter(
        x=genes["rank"],
        y=genes["score"],
        name="highlighted",
        mode="markers",
        marker={
            "symbol": "diamond",
            "size": 10,
            "color": [DEEPLIFT if rank <= cut else NEUTRAL for rank in genes["rank"]],
            "line": {"color": "white", "width": 1},
        },
        text=plain_all(genes["gene"]),
        hovertemplate=_HOVER,
    )
    for place, gene in enumerate(genes.head(_NAMED).itertuples()):
        at, last = (np.log10(gene.rank), np.log10(end)) if log else (gene.rank, end)
        step = place % 4
        below = at > (0.8 - 0.18 * step) * last  # a name on the right could leave the figure
        figure.add_annotation(
            x=at,
            y=gene.score,
            text=plain(gene.gene),
            # The farther the name the flatter its line, so that names of neighbours do not cross lines.
            ax=-20 if below else 20 + 60 * step,
            ay=16 + 14 * step if below else -56 + 14 * step,
            xanchor="right" if below else "left",
            arrowwidth=1,
            arrowcolor=NEUTRAL,
            arrowhead=0,
        )


def group_profile(groups: pd.DataFrame, gene: str) -> go.Figure:
    """Draw one gene's contribution in every group of samples, the largest first.

    ``groups``: columns group, contribution, samples (number of samples of the group).
    """
    require(groups, ["group", "contribution", "samples"], "the contributions by group")
    if groups.empty:
        return sentence("No contribution of this gene by group of samples is known.", 200)
    groups = groups.sort_values("contribution", ascending=False, kind="stable")
    places = list(range(len(groups)))
    figure = go.Figure(
        go.Bar(
            x=groups["contribution"].to_numpy(),
            y=places,
            orientation="h",
            marker={"color": AUTOENCODER, "line": {"width": 0}},
            customdata=[
                f"<b>{plain(row.group)}</b>, {counted(int(row.samples), 'sample')}"
                for row in groups.itertuples()
            ],
            hovertemplate="%{customdata}<br>contribution <b>%{x:.4g}</b><extra></extra>",
            showlegend=False,
        )
    )
    framed(figure, f"Contribution of {plain(gene)}", "Group", 120 + 24 * len(places), bargap=0.25)
    name_rows(figure, [plain(shortened(name, 28)) for name in groups["group"]])
    figure.update_xaxes(rangemode="tozero")
    return figure
