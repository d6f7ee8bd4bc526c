"""How expression values are distributed, sample by sample and before and after a step."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.data.quality import QUANTILES
from landmark.plots.colours import L1000, NEUTRAL, OTHER_SETS, faded
from landmark.plots.density import add_density, finite, grid
from landmark.plots.text import plain, plain_all, require
from landmark.plots.theme import framed, sentence

_HEIGHT = 360
_VALUES = 200_000
"""A density of a whole matrix uses so many of its values, evenly spaced."""


def sample_distributions(quantiles: pd.DataFrame, unit: str = "expression") -> go.Figure:
    """Draw bands of the quantiles of every sample, the samples in order of their median.

    Parameters
    ----------
    quantiles
        The table of ``expression.sample_quality.sample_quantiles``.
    unit
        Unit of the values, for the axis ("log2 expression").
    """
    require(quantiles, ["sample", *QUANTILES], "quantiles per sample")
    if quantiles.empty:
        return sentence("There are no samples to show.", _HEIGHT)
    table = quantiles.sort_values(["q50", "q25"], kind="stable").reset_index(drop=True)
    place = np.arange(1, len(table) + 1)
    figure = go.Figure()
    for low, high, name, alpha in (
        ("q05", "q95", "middle 90% of genes", 0.16),
        ("q25", "q75", "middle 50% of genes", 0.32),
    ):
        figure.add_scatter(
            x=np.concatenate([place, place[::-1]]),
            y=np.concatenate([table[high], table[low][::-1]]),
            name=name,
            mode="lines",
            line={"width": 0},
            fill="toself",
            fillcolor=faded(NEUTRAL, alpha),
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=place,
        y=table["q50"],
        name="median",
        mode="lines" if len(table) > 60 else "lines+markers",
        line={"color": NEUTRAL, "width": 2},
        text=plain_all(table["sample"]),
        customdata=table[["q05", "q25", "q75", "q95"]].to_numpy(),
        hovertemplate="<b>%{text}</b><br>median %{y:.3g}<br>middle 50%: %{customdata[1]:.3g} to %{customdata[2]:.3g}"
        "<br>middle 90%: %{customdata[0]:.3g} to %{customdata[3]:.3g}<extra></extra>",
    )
    framed(figure, "Samples, in order of their median", plain(unit).capitalize(), _HEIGHT)
    figure.update_xaxes(showgrid=False, tickformat=",d", range=[0.5, len(table) + 0.5])
    return figure


def expression_densities(values: Mapping[str, np.ndarray], unit: str = "expression") -> go.Figure:
    """Draw the density of all values of one or more matrices, such as before and after a step.

    Parameters
    ----------
    values
        Name to matrix or vector, all in the same unit; only some 200,000 evenly spaced values of each are
        used.
    unit
        Unit of the values, for the axis.
    """
    thinned = {name: finite(np.ravel(v)[:: max(1, np.size(v) // _VALUES)]) for name, v in values.items()}
    thinned = {name: sample for name, sample in thinned.items() if sample.size}
    if not thinned:
        return sentence("There are no values to show.", _HEIGHT)
    # A few extreme values would press the curve against the axis.
    at = grid([np.quantile(sample, [0.002, 0.998]) for sample in thinned.values()])
    shades = (NEUTRAL, L1000) if len(thinned) == 2 else OTHER_SETS
    figure = go.Figure()
    for place, (name, sample) in enumerate(thinned.items()):
        colour = shades[place % len(shades)]
        dash = "dash" if place % 2 == 0 and len(thinned) > 1 else "solid"
        hover = f"{plain(name)}<br>%{{x:.3g}}<extra></extra>"
        add_density(figure, sample, at, colour, dash, name=plain(name), hovertemplate=hover)
    framed(figure, plain(unit).capitalize(), "Density of values", _HEIGHT)
    figure.update_yaxes(rangemode="tozero", showticklabels=False)
    return figure
