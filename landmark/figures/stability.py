"""What repeated choices of genes have in common."""

import pandas as pd
import plotly.graph_objects as go

from landmark.figures.colours import IMPROVED, NEUTRAL, faded
from landmark.figures.tables import require
from landmark.figures.template import framed, guide, sentence
from landmark.figures.text import plain

MOST_PAIRS = 10
"""Pairs of one kind that have a bar each; of more, the mean is drawn."""

PARTS = {
    "shared": ("the same gene", IMPROVED),
    "exchangeable": ("an exchangeable gene", faded(IMPROVED, 0.45)),
    "different": ("a different gene", faded(NEUTRAL, 0.35)),
}
"""Parts of a bar by their column: name and colour."""

KINDS = {
    "seeds": "Other seeds",
    "halves": "Halves of the samples",
    "random": "Random sets",
}
_ROW, _FRAME = 27, 130
"""Pixels of a bar and of what is around all of them."""


def stability_bars(pairs: pd.DataFrame) -> go.Figure:
    """Draw for every two choices how many genes are the same, exchangeable, or different.

    Parameters
    ----------
    pairs
        Columns kind ("seeds", "halves" or "random"), first, second, size, shared, exchangeable, different,
        by_chance, by_chance_high. Random pairs are drawn as their mean.
    """
    columns = ["kind", "first", "second", "size", *PARTS, "by_chance", "by_chance_high"]
    require(pairs, columns, "repeated choices")
    if pairs.empty or not pairs["size"].any():
        return sentence("No choice has been repeated yet.", 200)
    bars = pd.concat([_bars(kind, part) for kind, part in pairs.groupby("kind", sort=False)])
    shares = bars[[*PARTS, "by_chance", "by_chance_high"]].div(bars["size"], axis=0)
    # Two categories per bar: Plotly writes the kind once beside its bars.
    places = [bars["title"].tolist(), bars["name"].tolist()]
    figure = go.Figure()
    for column, (name, colour) in PARTS.items():
        figure.add_bar(
            x=shares[column],
            y=places,
            orientation="h",
            name=name,
            marker={"color": colour, "line": {"width": 0}},
            customdata=bars[[column, "size"]],
            hovertemplate=f"<b>%{{y}}</b><br>{name}: %{{customdata[0]:,.4~g}} of %{{customdata[1]:,}} (%{{x:.1%}})"
            "<extra></extra>",
        )
    chance = float(shares["by_chance"].mean())
    figure.add_vline(x=chance, line=guide(dash="dot", color=NEUTRAL))
    figure.add_scatter(
        x=[None],
        y=[[None], [None]],
        mode="lines",
        name=f"same gene by chance: {chance:.1%}",
        line={"color": NEUTRAL, "dash": "dot", "width": 1.5},
        hoverinfo="skip",
    )
    framed(figure, "Share of the chosen genes", None, _FRAME + _ROW * len(bars), barmode="stack", bargap=0.25)
    figure.update_layout(legend={"traceorder": "normal"})
    figure.update_xaxes(tickformat=".0%", range=[0, 1.005])
    figure.update_yaxes(autorange="reversed", showgrid=False, showdividers=False)
    return figure


def _bars(kind: str, pairs: pd.DataFrame) -> pd.DataFrame:
    """Name each pair, or average them where they are too many or random."""
    title = KINDS.get(str(kind), plain(kind))
    if kind != "random" and len(pairs) <= MOST_PAIRS:
        names = [_pair(first, second) for first, second in zip(pairs["first"], pairs["second"], strict=True)]
        return pairs.assign(title=title, name=names)
    mean = pairs[["size", *PARTS, "by_chance", "by_chance_high"]].mean().to_frame().T
    return mean.assign(title=title, name=f"mean of {len(pairs):,} pairs")


def _pair(first: str, second: str) -> str:
    return f"{plain(first)} and {plain(second)}"
