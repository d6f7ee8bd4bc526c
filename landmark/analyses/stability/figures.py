"""What repeated choices of genes have in common."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.plots.colours import IMPROVED, NEUTRAL, faded
from landmark.plots.theme import framed, guide, plain, require, sentence

MOST_PAIRS = 10
"""Pairs of one kind that have a bar each; of more, the mean is drawn."""

PARTS = {
    "shared": ("the same gene", IMPROVED),
    "exchangeable": ("an exchangeable gene", faded(IMPROVED, 0.45)),
    "different": ("a different gene", faded(NEUTRAL, 0.35)),
}
"""Parts of a bar by their column: name and colour."""

KINDS = {
    "seeds": "Networks of other seeds",
    "halves": "Random halves of the training samples",
    "random": "Random sets, for comparison",
}
_ROW, _FRAME = 27, 150
"""Pixels of a bar and of what is around all of them."""

_HEADING = 1.1
"""Bars that the name of a kind takes the room of."""


def stability_bars(pairs: pd.DataFrame) -> go.Figure:
    """Draw for every two choices how many genes are the same, exchangeable, or different.

    Parameters
    ----------
    pairs
        Columns kind ("seeds", "halves" or "random"), first, second, size, shared, exchangeable, different,
        by_chance. Random pairs are drawn as their mean.
    """
    columns = ["kind", "first", "second", "size", *PARTS, "by_chance"]
    require(pairs, columns, "repeated choices")
    if pairs.empty or not pairs["size"].any():
        return sentence("No choice has been repeated yet.", 200)
    bars = pd.concat([_bars(kind, part) for kind, part in pairs.groupby("kind", sort=False)])
    shares = bars[[*PARTS, "by_chance"]].div(bars["size"], axis=0)
    # A line of its own above the bars of each kind carries the name of the kind.
    lines = (bars["title"] != bars["title"].shift()).cumsum().to_numpy()
    places = np.arange(len(bars)) + lines * _HEADING
    figure = go.Figure()
    for column, (name, colour) in PARTS.items():
        figure.add_bar(
            x=shares[column],
            y=places,
            orientation="h",
            name=name,
            width=0.75,
            marker={"color": colour, "line": {"width": 0}},
            customdata=[
                f"<b>{pair}</b><br>{name}: {count:,.4g} of {int(size):,}"
                for pair, count, size in zip(bars["name"], bars[column], bars["size"], strict=True)
            ],
            hovertemplate="%{customdata} (%{x:.1%})<extra></extra>",
        )
    chance = float(shares["by_chance"].mean())
    figure.add_scatter(
        x=[chance, chance, None] * len(places),
        y=[end for place in places for end in (place - 0.48, place + 0.48, None)],
        mode="lines",
        name=f"the same by chance: {chance:.1%}",
        line=guide(dash="dot", color=NEUTRAL),
        hoverinfo="skip",
    )
    for place, title in zip(places, bars["title"].where(bars["title"] != bars["title"].shift()), strict=True):
        if isinstance(title, str):
            figure.add_annotation(
                x=0, y=place - 0.85, text=f"<b>{title}</b>", showarrow=False, xanchor="left", yanchor="middle"
            )
    height = _FRAME + int(_ROW * (places[-1] + 1))
    framed(figure, "Share of the chosen genes", None, height, barmode="stack")
    figure.update_layout(legend={"traceorder": "normal"})
    figure.update_xaxes(tickformat=".0%", range=[0, 1.005])
    figure.update_yaxes(
        tickmode="array",
        tickvals=places,
        ticktext=bars["name"].tolist(),
        range=[places[-1] + 0.6, places[0] - 1.4],
        showgrid=False,
    )
    return figure


def _bars(kind: str, pairs: pd.DataFrame) -> pd.DataFrame:
    """Name each pair, or average them where they are too many or random."""
    title = KINDS.get(str(kind), plain(kind))
    if kind != "random" and len(pairs) <= MOST_PAIRS:
        names = [_pair(first, second) for first, second in zip(pairs["first"], pairs["second"], strict=True)]
        return pairs.assign(title=title, name=names)
    mean = pairs[["size", *PARTS, "by_chance"]].mean().to_frame().T
    return mean.assign(title=title, name=f"mean of {len(pairs):,} pairs")


def _pair(first: str, second: str) -> str:
    return f"{plain(first)} and {plain(second)}"
