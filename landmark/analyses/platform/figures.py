"""Prediction of another platform, tissue by tissue (Kong et al. 2021, Fig. 4)."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from landmark.plots.colours import EDGE, FAINT, set_colours
from landmark.plots.comparison import measure_named
from landmark.plots.theme import framed, name_rows, plain, require, sentence, shortened

_SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "circle-open")
_MOST = 30
_ROW = 21
"""Height of a tissue, in pixels."""


def tissue_dots(
    tissues: pd.DataFrame, measure: str = "pcc", kinds: Mapping[str, str] | None = None
) -> go.Figure:
    """Draw one row per tissue and one dot per gene set, the best predicted tissue of the first set on top.

    Parameters
    ----------
    tissues
        Columns set, tissue, samples, mae, pcc.
    measure
        ``mae`` or ``pcc``.
    kinds
        Kind of each set, as in ``colours.set_colours``.
    """
    kind = measure_named(measure)
    require(tissues, ["set", "tissue", "samples", kind.column], "tissues")
    known = tissues.dropna(subset=[kind.column])
    if known.empty:
        return sentence("The samples have no annotation that groups them into tissues.", 300)
    names = list(dict.fromkeys(known["set"]))
    first = known[known["set"] == names[0]].sort_values(kind.column, ascending=not kind.higher_is_better)
    order = list(first["tissue"])[:_MOST]
    row = {tissue: place for place, tissue in enumerate(order)}
    colours = set_colours(names, kinds)
    figure = go.Figure()
    spans = known[known["tissue"].isin(row)].groupby("tissue")[kind.column].agg(["min", "max"])
    x: list[float | None] = []
    y: list[float | None] = []
    for tissue, span in spans.iterrows():
        x += [float(span["min"]), float(span["max"]), None]
        y += [row[str(tissue)], row[str(tissue)], None]
    figure.add_scatter(
        x=x, y=y, mode="lines", line={"color": FAINT, "width": 4}, hoverinfo="skip", showlegend=False
    )
    for place, name in enumerate(names):
        part = known[(known["set"] == name) & known["tissue"].isin(row)]
        figure.add_scatter(
            x=part[kind.column],
            y=part["tissue"].map(row),
            mode="markers",
            name=plain(name),
            marker={
                "color": colours[name],
                "size": 10,
                "symbol": _SYMBOLS[place % len(_SYMBOLS)],
                "line": EDGE,
            },
            customdata=[
                f"<b>{plain(tissue)}</b>, {samples:,} samples"
                for tissue, samples in zip(part["tissue"], part["samples"], strict=True)
            ],
            hovertemplate=f"%{{customdata}}<br>{kind.short} from {plain(name)}: %{{x:.3f}}<extra></extra>",
        )
    better = "right" if kind.higher_is_better else "left"
    framed(
        figure,
        f"{kind.title}<br>mean over samples of the tissue, better to the {better}",
        None,
        130 + _ROW * max(len(order), 4),
    )
    name_rows(figure, [plain(shortened(tissue, 28)) for tissue in order], showgrid=True)
    figure.update_xaxes(nticks=8)
    return figure
