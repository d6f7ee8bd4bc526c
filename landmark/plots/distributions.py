"""How values are distributed: smooth densities, sample by sample, and before and after a step."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots
from scipy.stats import gaussian_kde

from landmark.data.quality import QUANTILES
from landmark.plots.colours import L1000, NEUTRAL, OTHER_SETS, faded
from landmark.plots.theme import framed, name_rows, plain, plain_all, require, sentence, shortened

POINTS = 400
_MOST = 20_000
"""A density of more values is made from evenly spaced order statistics: the same curve in less time."""


def grid(values: list[np.ndarray], low: float = -np.inf, high: float = np.inf) -> np.ndarray:
    """Make the common grid of several samples: their whole range and a little more, within the bounds."""
    pooled = np.concatenate([finite(v) for v in values]) if values else np.empty(0)
    if not pooled.size:
        return np.linspace(0.0, 1.0, POINTS)
    start, end = float(pooled.min()), float(pooled.max())
    margin = 0.05 * (end - start) or 0.05 * (abs(start) or 1.0)
    return np.linspace(max(start - margin, low), min(end + margin, high), POINTS)


def density(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Estimate the density of finite values at ascending evenly spaced points, [points].

    It is zero everywhere for an empty sample, a narrow peak for a constant one.
    """
    sample = np.sort(finite(values))
    if sample.size == 0:
        return np.zeros_like(at)
    if sample.size > _MOST:
        sample = sample[np.linspace(0, sample.size - 1, _MOST).round().astype(int)]
    step = at[1] - at[0]
    if sample[-1] - sample[0] < step:
        height: np.ndarray = np.exp(-0.5 * ((at - sample.mean()) / (2 * step)) ** 2) / (
            2 * step * np.sqrt(2 * np.pi)
        )
        return height
    return gaussian_kde(sample)(at)


def add_density(
    figure: go.Figure,
    values: np.ndarray,
    at: np.ndarray,
    colour: str,
    dash: str,
    *,
    filled: float | None = 0.12,
    mean: bool = False,
    **more: Any,
) -> np.ndarray:
    """Draw the density of one sample as a curve, and return it, [points].

    Parameters
    ----------
    filled
        Opacity of the area below the curve; None to leave it empty.
    mean
        Whether a dotted line stands at the mean.
    more
        Further settings of the curve, and its place in a figure of several panels.
    """
    height = density(values, at)
    figure.add_scatter(
        x=at,
        y=height,
        mode="lines",
        line={"color": colour, "width": 2.5, "dash": dash},
        fill=None if filled is None else "tozeroy",
        fillcolor=faded(colour, filled or 0.12),
        **more,
    )
    known = finite(values)
    if mean and known.size:
        place = {name: more[name] for name in ("row", "col") if name in more}
        line = {"color": colour, "width": 1.5, "dash": "dot"}
        figure.add_vline(x=float(np.mean(known)), line=line, **place)
    return height


def finite(values: np.ndarray) -> np.ndarray:
    """Keep the finite values, as float64."""
    array = np.asarray(values, dtype=np.float64).ravel()
    return array[np.isfinite(array)]


_HEIGHT = 360
_VALUES = 200_000
"""A density of a whole matrix uses so many of its values, evenly spaced."""


def sample_distributions(quantiles: pd.DataFrame, unit: str = "expression") -> go.Figure:
    """Draw bands of the quantiles of every sample, from ``data.quality``, the samples in order of their median."""
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
    """Draw the density of all values of one or more matrices of one unit, such as before and after a step.

    Only some 200,000 evenly spaced values of each are used.
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


_SHARED_HEIGHT = 340
_APART = 3.0
"""Ranges that differ by more than this cannot be seen on one axis."""


def before_and_after(before: np.ndarray, after: np.ndarray, unit: str = "expression") -> go.Figure:
    """Draw the density of values before and after a step: on one axis, or side by side where the ranges differ much."""
    samples = {"before": finite(before), "after": finite(after)}
    if not all(sample.size for sample in samples.values()):
        return sentence("There are no values to show.", _SHARED_HEIGHT)
    spans = [float(np.ptp(np.quantile(sample, [0.005, 0.995]))) or 1.0 for sample in samples.values()]
    if max(spans) / min(spans) <= _APART:
        figure = expression_densities(samples, unit)
        figure.update_layout(height=_SHARED_HEIGHT)
        return figure
    figure = make_subplots(rows=1, cols=2, horizontal_spacing=0.08)
    for place, ((name, sample), colour) in enumerate(zip(samples.items(), (NEUTRAL, L1000), strict=True), 1):
        at = grid([np.quantile(sample, [0.002, 0.995])])
        dash, hover = "dash" if place == 1 else "solid", f"{name}<br>%{{x:.3g}}<extra></extra>"
        add_density(figure, sample, at, colour, dash, name=name, hovertemplate=hover, row=1, col=place)
    framed(figure, None, None, _SHARED_HEIGHT)
    figure.update_xaxes(title_text="Values before", row=1, col=1)
    figure.update_xaxes(title_text=plain(unit).capitalize(), row=1, col=2)
    figure.update_yaxes(title_text="Density of values", row=1, col=1)
    figure.update_yaxes(rangemode="tozero", showticklabels=False)
    return figure


def genes_shared(counts: pd.DataFrame) -> go.Figure:
    """Draw how many genes of every dataset are common to all and lost; columns dataset, genes, common, lost."""
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
            customdata=plain_all(counts["dataset"]),
            hovertemplate=f"<b>%{{customdata}}</b><br>%{{x:,}} genes {name}<extra></extra>",
        )
    framed(figure, "Genes", None, height, barmode="stack", bargap=0.3)
    figure.update_layout(legend={"traceorder": "normal"})
    name_rows(figure, [plain(shortened(dataset, 28)) for dataset in counts["dataset"]])
    figure.update_xaxes(tickformat=",d")
    return figure
