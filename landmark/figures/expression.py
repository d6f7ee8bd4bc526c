"""One gene's expression in every group of samples."""

import pandas as pd
import plotly.graph_objects as go

from landmark.figures.colours import NEUTRAL, group_labels, label_styles
from landmark.figures.tables import require
from landmark.figures.template import framed, guide, name_rows, sentence
from landmark.figures.text import plain, shortened

_ROW, _FRAME = 25, 120
"""Pixels of a group and of what is around all of them."""

_DOTS_UP_TO = 400
"""With so few samples each is a dot beside its box; more would be a smear."""


def expression_by_group(values: pd.DataFrame, gene: str, unit: str = "expression") -> go.Figure:
    """Draw a box per group of samples, the group with the highest median on top.

    Parameters
    ----------
    values
        Columns sample, value, group.
    gene
        Name of the gene.
    unit
        Unit of the values, for the axis.
    """
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
