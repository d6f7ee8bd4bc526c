"""Ways of choosing genes against each other: accuracy by size, differences, and what each of them costs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from landmark.plots.colours import DEEPLIFT, IMPROVED, L1000, NEUTRAL, OTHER_SETS, RANDOM
from landmark.plots.comparison import Measure, measure_named
from landmark.plots.theme import framed, guide, interval, plain, require, sentence


@dataclass(frozen=True)
class Style:
    """How a strategy is named and drawn."""

    name: str
    colour: str
    symbol: str
    dash: str = "solid"


STYLES = {
    "left_out": Style("Greedy (left-out samples)", IMPROVED, "circle"),
    "blend": Style("Greedy (blend)", "#2F7F7A", "pentagon", "dash"),
    "reconstruction": Style("Greedy (reconstruction)", "#63C5A5", "diamond", "dash"),
    "measured": Style("Greedy (measured)", "#00694E", "square", "dashdot"),
    "concrete": Style("Concrete autoencoder", "#7DA33B", "star", "longdash"),
    "medoids": Style("Clusters of genes (as L1000)", OTHER_SETS[1], "hexagon-open", "dash"),
    "genebasis": Style("geneBasis", OTHER_SETS[3], "diamond-open", "dash"),
    "loadings": Style("Principal components", OTHER_SETS[2], "square-open", "dot"),
    "ranking": Style("DeepLIFT ranking", DEEPLIFT, "triangle-up"),
    "variable": Style("Most variable", OTHER_SETS[0], "cross", "dot"),
    "L1000": Style("L1000", L1000, "hexagon"),
    "random": Style("Random sets", RANDOM, "x", "dash"),
}
"""Greens for what improves on the paper's ranking, told apart by lightness and by marks."""

_STEP = 0.012
"""Distance between the marks of two strategies of one size, as a share of the size: intervals would hide each other."""

_HEIGHT, _ROW, _FRAME = 500, 32, 110
"""Pixels of curves, of a strip, and of the frame around strips."""


def style_of(strategy: str) -> Style:
    """Return how a strategy is drawn; plainly where it is not known here."""
    return STYLES.get(strategy, Style(plain(strategy), NEUTRAL, "circle-open"))


def _in_order(strategies: Iterable[str]) -> list[str]:
    """Put strategies in the order of ``STYLES``, unknown ones after them."""
    known = list(STYLES)
    return sorted(
        set(strategies), key=lambda name: (known.index(name) if name in STYLES else len(known), name)
    )


def benchmark_curves(standing: pd.DataFrame, measure: str, against: str = "") -> go.Figure:
    """Draw every strategy's accuracy, or its difference to an opponent, against the size of the set.

    ``standing`` has rows of one predictor and one scope of ``metrics.cross_validation``; the measure is ``mae`` or
    ``pcc``; ``against`` is L1000 or random to draw differences to it, empty to draw means.
    """
    kind = measure_named(measure)
    value, low, high = (
        (f"difference_{against}", f"low_{against}", f"high_{against}") if against else ("mean", "low", "high")
    )
    require(standing, ["strategy", "size", "measure", value, low, high], "the standing")
    shown = standing[(standing["measure"] == measure) & standing[value].notna()]
    if shown.empty:
        return sentence("There is nothing to compare with." if against else "No fold is finished yet.")
    columns = {value: "value", low: "low", high: "high"}
    shown = shown[["strategy", "size", *columns]].rename(columns=columns)
    one_size = shown["size"].nunique() == 1
    title = kind.axis if one_size else f"{kind.title},<br>mean over targets"
    if against:
        title = f"{kind.axis},<br>difference to {style_of(against).name}"
    if one_size:
        return _strips(shown, kind, title, bool(against))
    return _curves(shown, kind, title, bool(against))


def cost_strips(costs: pd.DataFrame, shared: Sequence[str]) -> go.Figure:
    """Draw what choosing takes: time on a logarithmic axis, and memory.

    ``costs`` has strategy, seconds, memory (bytes): one row per strategy, and ``models`` for the trainings that the
    strategies ``shared`` need.
    """
    require(costs, ["strategy", "seconds", "memory"], "costs")
    known = costs.set_index("strategy")
    names = _in_order(name for name in known.index if name != "models")
    if not names:
        return sentence("No fold is finished yet.", _FRAME + 2 * _ROW)
    figure = make_subplots(rows=1, cols=2, shared_yaxes=True, horizontal_spacing=0.06)
    training = known.loc["models"] if "models" in known.index else None
    needing = [name for name in names if name in shared] if training is not None else []
    own, whole = known.loc[names], known.loc[needing].copy()
    if training is not None:
        whole["seconds"] += training["seconds"]
        whole["memory"] = np.maximum(whole["memory"], training["memory"])
    for place, (column, unit) in enumerate((("seconds", 1.0), ("memory", 1e6)), start=1):
        hover = "%{x:.3g} s" if column == "seconds" else "%{x:,.0f} MB"
        for table, kind in ((own, "choosing alone"), (whole, "with the networks it asks")):
            figure.add_scatter(
                x=np.maximum(table[column] / unit, 1e-3),
                y=[style_of(name).name for name in table.index],
                mode="markers",
                name=kind,
                legendgroup=kind,
                showlegend=place == 1 and len(table) > 0,
                cliponaxis=False,
                marker={
                    "color": [style_of(name).colour for name in table.index],
                    "symbol": "circle" if table is own else "circle-open",
                    "size": 11,
                    "line": {"width": 2, "color": [style_of(name).colour for name in table.index]},
                },
                hovertemplate=f"<b>%{{y}}</b>, {kind}<br>{hover}<extra></extra>",
                row=1,
                col=place,
            )
    framed(figure, height=_FRAME + _ROW * len(names))
    figure.update_xaxes(title_text="Seconds per fold", type="log", dtick=1, row=1, col=1)
    figure.update_xaxes(title_text="Memory (MB)", rangemode="tozero", row=1, col=2)
    rows = [style_of(name).name for name in reversed(names)]
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=rows)
    return figure


def _curves(shown: pd.DataFrame, kind: Measure, title: str, difference: bool) -> go.Figure:
    figure = go.Figure()
    names = _in_order(shown["strategy"])
    for place, name in enumerate(names):
        part, style = shown[shown["strategy"] == name].sort_values("size"), style_of(name)
        aside = (1 + _STEP) ** (place - (len(names) - 1) / 2)
        figure.add_scatter(
            x=part["size"] * aside,
            y=part["value"],
            error_y=_interval(part, style),
            name=style.name,
            mode="lines+markers",
            line={"color": style.colour, "width": 2.2, "dash": style.dash},
            marker={"color": style.colour, "symbol": style.symbol, "size": 9},
            customdata=part[["size", "low", "high"]],
            hovertemplate=_hover(style, kind, difference),
        )
    if difference:
        figure.add_hline(y=0, line=guide(dash="dot", color=NEUTRAL), layer="below")
    framed(figure, "Genes measured", title, height=_HEIGHT)
    sizes = sorted(shown["size"].unique())
    figure.update_xaxes(
        type="log", tickmode="array", tickvals=sizes, ticktext=[f"{size:,}" for size in sizes]
    )
    return figure


def _strips(shown: pd.DataFrame, kind: Measure, title: str, difference: bool) -> go.Figure:
    """Draw one size: strategies below each other, the best on top."""
    figure = go.Figure()
    shown = shown.sort_values("value", ascending=not kind.higher_is_better, kind="stable")
    for row in shown.itertuples():
        style = style_of(row.strategy)
        part = shown.loc[[row.Index]]
        figure.add_scatter(
            x=part["value"],
            y=[style.name],
            error_x=_interval(part, style),
            name=style.name,
            mode="markers",
            marker={"color": style.colour, "symbol": style.symbol, "size": 11},
            customdata=part[["size", "low", "high"]],
            hovertemplate=_hover(style, kind, difference).replace("%{y", "%{x"),
            showlegend=False,
        )
    if difference:
        figure.add_vline(x=0, line=guide(dash="dot", color=NEUTRAL), layer="below")
    size = f"{int(shown['size'].iloc[0]):,}"
    framed(figure, f"{title.replace('<br>', ' ')}, {size} genes", height=_FRAME + _ROW * len(shown))
    rows = [trace.y[0] for trace in reversed(figure.data)]
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=rows)
    return figure


def _interval(part: pd.DataFrame, style: Style) -> dict[str, Any]:
    return interval(part["value"], part["low"], part["high"], style.colour, thickness=1.5, symmetric=False)


def _hover(style: Style, kind: Measure, difference: bool) -> str:
    sign = "+" if difference else ""
    return (
        f"<b>{style.name}</b><br>%{{customdata[0]:,}} genes<br>{'difference in' if difference else 'mean'} "
        f"{kind.short} %{{y:{sign}.4f}}<br>95% interval %{{customdata[1]:{sign}.4f}} to "
        f"%{{customdata[2]:{sign}.4f}}<extra></extra>"
    )
