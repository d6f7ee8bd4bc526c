"""Figures of chosen genes: what each adds, how it scores, and its expression by label."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from landmark.plots.colours import IMPROVED, NEUTRAL, group_labels, label_styles
from landmark.plots.theme import (
    framed,
    guide,
    marks,
    name_rows,
    plain,
    plain_all,
    require,
    sentence,
    shortened,
)


def selection_curve(
    ranking: pd.DataFrame, highlight: str = "", *, left_out: bool = False, groups: bool = False
) -> go.Figure:
    """Draw the share explained so far against the number of genes, with a gene to mark and name.

    What is explained is the training samples, or with ``left_out`` the other genes of samples that were left out, and
    with ``groups`` the groups that were to be kept apart, too.

    ``ranking`` has gene, score (what the gene added, as a share of all), rank, given.
    """
    hover = "gene %{x:,}<br>explained so far %{y:.1%}<br>added %{customdata:.3%}"
    others = "Other genes and groups" if groups else "Other genes"
    of = f"{others} explained,<br>samples left out" if left_out else "Explained of the training samples"
    figure = _curve(ranking, True, hover, highlight, "Genes measured", of)
    return figure.update_yaxes(tickformat=".0%")


def score_curve(ranking: pd.DataFrame, score: str, highlight: str = "") -> go.Figure:
    """Draw the score of every chosen gene (gene, score, rank, given), for strategies that look at genes one by one."""
    hover = "gene %{x:,}<br>%{y:.4g}"
    return _curve(ranking, False, hover, highlight, "Chosen genes, in their order", plain(score))


def _curve(
    ranking: pd.DataFrame, summed: bool, hover: str, highlight: str, x_title: str, y_title: str
) -> go.Figure:
    """Draw given and chosen genes apart: sums of scores as lines, or scores as dots; and one gene with its name."""
    require(ranking, ["gene", "score", "rank", "given"], "the choice")
    if ranking.empty:
        return sentence("No gene has been chosen yet.")
    ranking = ranking.sort_values("rank")
    ranking = ranking.assign(height=ranking["score"].cumsum() if summed else ranking["score"])
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
        if summed:
            line = {"color": colour, "width": 3, "dash": dash}
            look = {"mode": "lines", "line": line, "customdata": part["score"].to_numpy()}
        figure.add_trace(
            marks(len(ranking))(
                x=part["rank"].to_numpy(),
                y=part["height"].to_numpy(),
                name=f"{name}: {len(part):,} genes",
                text=plain_all(part["gene"]),
                hovertemplate=f"<b>%{{text}}</b>, {hover}<extra></extra>",
                **look,
            )
        )
    for row in ranking[ranking["gene"] == highlight].itertuples():
        line = {"color": "white", "width": 1}
        figure.add_scatter(
            x=[row.rank],
            y=[row.height],
            mode="markers+text",
            marker={"symbol": "diamond", "size": 11, "color": IMPROVED, "line": line},
            text=[plain(row.gene)],
            textposition="bottom right",
            showlegend=False,
            hoverinfo="skip",
        )
    framed(figure, x_title, y_title)
    figure.update_xaxes(tickformat=",d", rangemode="tozero")
    return figure.update_yaxes(rangemode="tozero")


_ROW, _FRAME = 25, 120
"""Pixels of a group and of what is around all of them."""

_DOTS_UP_TO = 400
"""With so few samples each is a dot beside its box; more would be a smear."""


def expression_by_group(values: pd.DataFrame, gene: str, unit: str = "expression") -> go.Figure:
    """Draw a box per group of samples (sample, value, group), the group with the highest median on top."""
    require(values, ["sample", "value", "group"], "expression of one gene")
    known = values.assign(group=group_labels(values["group"]).to_numpy()).dropna(subset=["value"])
    if known.empty:
        return sentence("No expression of this gene is known.", 200)
    styles = label_styles(known["group"])
    medians = known.groupby("group")["value"].median().sort_values(ascending=False)
    figure = go.Figure()
    for place, name in enumerate(medians.index):
        part = known[known["group"] == name]
        colour, symbol = styles[name]
        figure.add_box(
            x=part["value"],
            y=[place] * len(part),
            orientation="h",
            name=plain(name),
            line={"color": colour, "width": 1.5},
            marker={"color": colour, "symbol": symbol, "size": 4, "opacity": 0.6},
            boxpoints="all" if len(known) <= _DOTS_UP_TO else False,
            jitter=0.5,
            pointpos=0,
            text=[plain(sample) for sample in part["sample"]],
            hovertemplate="<b>%{text}</b><br>%{x:.3g}<extra></extra>",
            hoveron="boxes+points",
            showlegend=False,
        )
    figure.add_vline(x=float(known["value"].median()), line=guide(dash="dot", color=NEUTRAL), layer="below")
    framed(figure, f"{plain(gene)}, {plain(unit)}", None, _FRAME + _ROW * len(medians), boxgap=0.25)
    sizes = known["group"].value_counts()
    name_rows(figure, [f"{plain(shortened(name, 28))} ({sizes[name]:,})" for name in medians.index])
    return figure
