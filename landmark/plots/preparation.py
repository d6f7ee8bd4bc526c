"""What a step of preparation does to the values, and which genes datasets share."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from landmark.plots.colours import L1000, NEUTRAL, OTHER_SETS
from landmark.plots.density import add_density, finite, grid
from landmark.plots.distributions import expression_densities
from landmark.plots.text import plain, require, shortened
from landmark.plots.theme import framed, name_rows, sentence

_HEIGHT = 340
_APART = 3.0
"""Ranges that differ by more than this cannot be seen on one axis."""


def before_and_after(before: np.ndarray, after: np.ndarray, unit: str = "expression") -> go.Figure:
    """Draw the density of values before and after a step: on one axis, or side by side where the ranges differ much.

    Parameters
    ----------
    before, after
        Values, any shape.
    unit
        Unit of the values afterwards, for the axis.
    """
    samples = {"before": finite(before), "after": finite(after)}
    if not all(sample.size for sample in samples.values()):
        return sentence("There are no values to show.", _HEIGHT)
    spans = [float(np.ptp(np.quantile(sample, [0.005, 0.995]))) or 1.0 for sample in samples.values()]
    if max(spans) / min(spans) <= _APART:
        figure = expression_densities(samples, unit)
        figure.update_layout(height=_HEIGHT)
        return figure
    figure = make_subplots(rows=1, cols=2, horizontal_spacing=0.08)
    for place, ((name, sample), colour) in enumerate(zip(samples.items(), (NEUTRAL, L1000), strict=True), 1):
        at = grid([np.quantile(sample, [0.002, 0.995])])
        dash, hover = "dash" if place == 1 else "solid", f"{name}<br>%{{x:.3g}}<extra></extra>"
        add_density(figure, sample, at, colour, dash, name=name, hovertemplate=hover, row=1, col=place)
    framed(figure, None, None, _HEIGHT)
    figure.update_xaxes(title_text="Values before", row=1, col=1)
    figure.update_xaxes(title_text=plain(unit).capitalize(), row=1, col=2)
    figure.update_yaxes(title_text="Density of values", row=1, col=1)
    figure.update_yaxes(rangemode="tozero", showticklabels=False)
    return figure


def genes_shared(counts: pd.DataFrame) -> go.Figure:
    """Draw how many genes of every dataset are common to all, and how many are lost.

    Parameters
    ----------
    counts
        Columns dataset, genes, common, lost; one row per dataset.
    """
    require(counts, ["dataset", "genes", "common", "lost"], "genes per dataset")
    height = 130 + 44 * max(len(counts), 1)
    if counts.empty:
        return sentence("There are no datasets to compare.", height)
    figure = go.Figure()
    for column, name, colour, pattern in (
        ("common", "in all datasets", L1000, ""),
        ("lost", "lost", OTHER_SETS[0], "/"),
    ):
        figure.add_bar(
            x=counts[column],
            y=list(range(len(counts))),
            orientation="h",
            name=name,
            marker={
                "color": colour,
                "line": {"width": 0},
                "pattern": {"shape": pattern, "size": 6, "fillmode": "overlay", "solidity": 0.12},
            },
            text=[f"{value:,}" if value else "" for value in counts[column]],
            textposition="inside",
            insidetextanchor="middle",
            customdata=[plain(dataset) for dataset in counts["dataset"]],
            hovertemplate=f"<b>%{{customdata}}</b><br>%{{x:,}} genes {name}<extra></extra>",
        )
    framed(figure, "Genes", None, height, barmode="stack", bargap=0.3)
    figure.update_layout(legend={"traceorder": "normal"})
    name_rows(figure, [plain(shortened(dataset, 28)) for dataset in counts["dataset"]])
    figure.update_xaxes(tickformat=",d")
    return figure
