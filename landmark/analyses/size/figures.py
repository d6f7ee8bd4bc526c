"""Accuracy of prediction against the number of genes measured."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from landmark.metrics.size_curve import smallest_size_reaching
from landmark.plots.colours import NEUTRAL, RANDOM, faded, set_colours
from landmark.plots.comparison import Measure, measure_named
from landmark.plots.theme import framed, plain, require, sentence

SHARE = "recovered"
"""The measure that is a share of the targets, not a mean over them."""

_DASHES = ("solid", "dash", "dashdot", "longdash", "dot")
_SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross")


def size_curve(
    sizes: pd.DataFrame,
    random: pd.DataFrame | None = None,
    measure: str = "pcc",
    cursor: int | None = None,
    wished: float | None = None,
    kinds: Mapping[str, str] | None = None,
) -> go.Figure:
    """Draw the mean accuracy against the size of each gene set, over the band of random sets.

    Parameters
    ----------
    sizes
        Columns set, size, mae, pcc (means over target genes) and recovered (a share of them).
    random
        The same columns with several random sets per size; their middle 95% are the band.
    measure
        ``mae``, ``pcc`` or ``recovered``.
    cursor
        Size at which a line stands.
    wished
        Value at which a line lies across; where a set reaches it, a line drops to its number of genes.
    kinds
        Kind of each set, as in ``colours.set_colours``.
    """
    kind = measure_named(measure)
    require(sizes, ["set", "size", kind.column], "accuracy by size")
    if sizes.empty:
        return sentence("No size has been tried yet.")
    figure = go.Figure()
    if random is not None and len(random):
        require(random, ["size", kind.column], "random sets by size")
        _band(figure, random, measure, kind)
    colours = set_colours(sizes["set"], kinds)
    for place, (name, part) in enumerate(sizes.groupby("set", sort=False)):
        part = part.sort_values("size")
        figure.add_scatter(
            x=part["size"],
            y=part[kind.column],
            name=plain(name),
            mode="lines+markers" if len(part) <= 40 else "lines",
            line={"color": colours[name], "width": 2.5, "dash": _DASHES[place % len(_DASHES)]},
            marker={"symbol": _SYMBOLS[place % len(_SYMBOLS)], "size": 7},
            hovertemplate=f"<b>{plain(name)}</b><br>%{{x:,}} genes<br>{_value(measure, kind)}<extra></extra>",
        )
    if cursor is not None:
        figure.add_vline(x=cursor, line={"color": NEUTRAL, "width": 1.5, "dash": "dash"})
        figure.add_annotation(
            x=cursor,
            y=1,
            yref="paper",
            text=f"{cursor:,} genes",
            showarrow=False,
            xanchor="right",
            yanchor="top",
        )
    if wished is not None:
        figure.add_hline(y=wished, line={"color": NEUTRAL, "width": 1.5, "dash": "dot"})
        _drops(figure, sizes, kind.column, wished, colours)
    if measure == SHARE:
        framed(figure, "Genes measured", kind.title)
        figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    else:
        framed(figure, "Genes measured", f"{kind.title},<br>mean over targets")
    figure.update_xaxes(tickformat=",d", rangemode="tozero")
    return figure


def _drops(
    figure: go.Figure, sizes: pd.DataFrame, column: str, wished: float, colours: Mapping[str, str]
) -> None:
    """Mark on every curve where it reaches a value, and drop from there to the axis."""
    for name, part in sizes.groupby("set", sort=False):
        needed = smallest_size_reaching(part, column, wished)
        if needed is None:
            continue
        value = float(part.loc[part["size"] == needed, column].iloc[0])
        figure.add_scatter(
            x=[needed],
            y=[value],
            name=f"{plain(name)}: {needed:,} genes",
            mode="markers+text",
            text=[f"{needed:,}"],
            textposition="top left",
            marker={"color": colours[name], "size": 11, "line": {"width": 2, "color": colours[name]}},
            showlegend=False,
            hovertemplate=f"<b>{plain(name)}</b><br>{needed:,} genes reach {wished:.3f}<extra></extra>",
        )
        figure.add_shape(
            type="line", x0=needed, x1=needed, y0=0, y1=value, yref="y",
            line={"color": colours[name], "width": 1.5, "dash": "dot"}, layer="below",
        )  # fmt: skip


def _band(figure: go.Figure, random: pd.DataFrame, measure: str, kind: Measure) -> None:
    by_size = random.groupby("size")[kind.column]
    low, middle, high = by_size.quantile(0.025), by_size.median(), by_size.quantile(0.975)
    for edge in (high, low):
        figure.add_scatter(
            x=edge.index,
            y=edge,
            mode="lines",
            line={"width": 0},
            fill="tonexty" if edge is low else None,
            fillcolor=faded(RANDOM, 0.22),
            legendgroup="random",
            showlegend=False,
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=middle.index,
        y=middle,
        name="random sets (line: median, band: middle 95%)",
        legendgroup="random",
        mode="lines",
        line={"color": RANDOM, "width": 2},
        hovertemplate=f"random sets<br>%{{x:,}} genes<br>median: {_value(measure, kind)}<extra></extra>",
    )


def _value(measure: str, kind: Measure) -> str:
    return "%{y:.1%} of targets recovered" if measure == SHARE else f"mean {kind.short} %{{y:.4f}}"
