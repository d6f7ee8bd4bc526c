"""What a network reads from the histone marks of one gene."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.epigenome.figures import AMOUNT, Layer, contribution_layer, grid_of, order_of, stacked
from landmark.plots.colours import NEUTRAL
from landmark.plots.text import require
from landmark.plots.theme import sentence

_MARKED = (0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000)
"""Reads at the ticks of their colour scale, which is logarithmic."""


def gene_contributions(contributions: pd.DataFrame) -> go.Figure:
    """Draw what each mark and bin of a gene contributes, above its reads.

    Parameters
    ----------
    contributions
        Columns mark, bin, count, contribution; of one gene.
    """
    require(contributions, ["mark", "bin", "count", "contribution"], "the contributions")
    if contributions.empty:
        return sentence("No contribution of this gene is known.")
    marks = order_of(contributions["mark"])
    counts = grid_of(contributions, "count", marks)
    shades = np.log2(1 + np.maximum(counts, 0))
    most = float(shades.max()) or 1.0
    ticks = [value for value in _MARKED if np.log2(1 + value) <= most]
    reads = Layer(
        "Reads",
        shades,
        "Reads per bin",
        AMOUNT,
        (0.0, most),
        "<b>%{text:.3g}</b> reads",
        counts.sum(1),
        "Reads in all bins",
        [NEUTRAL] * len(marks),
        "<b>%{x:,.4g}</b> reads in all bins",
        text=counts,
        ticks={
            "tickvals": [float(np.log2(1 + value)) for value in ticks],
            "ticktext": [f"{v:,}" for v in ticks],
        },
    )
    reach = float(contributions["contribution"].abs().max())
    return stacked(
        [contribution_layer("Contribution to being called expressed", contributions, marks, reach), reads],
        marks,
    )
