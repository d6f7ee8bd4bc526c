"""Where gene sets stand among random sets of the same size."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.plots.colours import RANDOM, faded, set_colours
from landmark.plots.density import finite
from landmark.plots.measures import Measure, measure_named
from landmark.plots.text import counted, plain, require
from landmark.plots.theme import framed, name_rows, sentence, spread

_HEIGHT = 300


def random_band(random: pd.DataFrame, summary: pd.DataFrame, measure: str = "mae") -> go.Figure:
    """Draw every random set as a dot in one row, and every gene set in a row of its own.

    Parameters
    ----------
    random
        Columns seed, mae, pcc: each random set of the same size on the same targets, means over targets.
    summary
        Columns set, mae, pcc and, where known, kind; rows of the kind "random" are left out.
    measure
        ``mae`` or ``pcc``.
    """
    kind = measure_named(measure)
    require(random, [kind.column], "random sets")
    require(summary, ["set", kind.column], "the summary of sets")
    kinds: dict[str, str] = (
        dict(zip(summary["set"], summary["kind"], strict=True)) if "kind" in summary else {}
    )
    sets = summary[summary["set"].map(kinds) != "random"].dropna(subset=[kind.column])
    values = finite(random[kind.column].to_numpy())
    if not values.size and sets.empty:
        return sentence("No random set has been predicted with yet.", _HEIGHT)
    rows = [f"random ({values.size})", *(plain(name) for name in sets["set"])]
    figure = go.Figure()
    if values.size:
        _band(figure, values, kind, rows[0])
    colours = set_colours(sets["set"], kinds)
    for row, (name, value) in enumerate(zip(sets["set"], sets[kind.column], strict=True), start=1):
        figure.add_scatter(
            x=[value],
            y=[row],
            mode="markers+text",
            marker={"color": colours[name], "size": 15, "symbol": "diamond"},
            text=[f"{value:.3f}"],
            textposition="top center",
            cliponaxis=False,
            name=plain(name),
            hovertemplate=f"<b>{plain(name)}</b><br>mean {kind.short} %{{x:.4f}}<br>"
            f"{_standing(float(value), values, kind)}<extra></extra>",
            showlegend=False,
        )
    better = "right" if kind.higher_is_better else "left"
    framed(
        figure, f"{kind.title}<br>mean over target genes, better to the {better}", None, 150 + 52 * len(rows)
    )
    name_rows(figure, rows, range=[len(rows) - 0.35, -0.6], title_text="Gene set")
    figure.update_xaxes(nticks=7)
    return figure


def _band(figure: go.Figure, values: np.ndarray, kind: Measure, row: str) -> None:
    low, high = np.quantile(values, [0.025, 0.975])
    figure.add_vrect(x0=low, x1=high, fillcolor=faded(RANDOM, 0.2), line_width=0, layer="below")
    figure.add_scatter(
        x=values,
        y=spread(values.size, 0.5),
        mode="markers",
        marker={"color": RANDOM, "size": 7, "opacity": 0.75},
        name=f"random sets; band: the middle 95% of them ({low:.4f} to {high:.4f})",
        hovertemplate=f"{row}<br>mean {kind.short} %{{x:.4f}}<extra></extra>",
    )


def _standing(value: float, values: np.ndarray, kind: Measure) -> str:
    if not values.size:
        return "no random sets to compare with"
    beaten = int(((value > values) if kind.higher_is_better else (value < values)).sum())
    return f"better than {beaten} of {counted(values.size, 'random set')}"
