"""Gene set against gene set, target gene by target gene (Kong et al. 2021, Figs. 3 and 4)."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.plots.colours import set_colours
from landmark.plots.density import add_density, finite, grid
from landmark.plots.measures import Measure, measure_named
from landmark.plots.text import counted, plain, plain_all, require
from landmark.plots.theme import framed, guide, marks, sentence

_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


def comparison_scatter(
    comparison: pd.DataFrame,
    first: str,
    second: str,
    measure: str = "mae",
    kinds: Mapping[str, str] | None = None,
) -> go.Figure:
    """Draw one dot per target gene: how well the first set predicts it (x) against the second (y).

    A dot has the colour of the set that predicts the gene better.

    Parameters
    ----------
    comparison
        Columns gene and, per set NAME, mae_NAME and pcc_NAME.
    first, second
        Names of the two sets.
    measure
        ``mae`` or ``pcc``.
    kinds
        Kind of each set, as in ``colours.set_colours``.
    """
    kind = measure_named(measure)
    require(comparison, ["gene", *(f"{kind.column}_{name}" for name in (first, second))], "the comparison")
    known, x, y = _both(comparison, first, second, kind)
    if known.empty:
        return sentence("No target gene has been predicted by both sets yet.", 520)
    names = plain_all(known["gene"])
    colours = set_colours([first, second], kinds)
    first_wins, second_wins = _wins(x, y, kind)
    figure = go.Figure()
    low, high = float(min(x.min(), y.min())), float(max(x.max(), y.max()))
    margin = 0.04 * (high - low) or 0.05
    span = [low - margin, high + margin]
    figure.add_scatter(
        x=span, y=span, mode="lines", line=guide(dash="dash"), hoverinfo="skip", showlegend=False
    )
    for name, wins, symbol in ((first, first_wins, "circle"), (second, second_wins, "diamond")):
        share = f"{100 * wins.mean():.1f}%"
        figure.add_trace(
            marks(len(known))(
                x=x[wins],
                y=y[wins],
                mode="markers",
                name=f"{plain(name)} better: {counted(int(wins.sum()), 'gene')} ({share})",
                text=[name for name, win in zip(names, wins, strict=True) if win],
                marker={"color": colours[name], "size": 5, "symbol": symbol, "opacity": 0.65},
                hovertemplate=f"<b>%{{text}}</b><br>{kind.short} with {plain(first)}: %{{x:.3f}}"
                f"<br>{kind.short} with {plain(second)}: %{{y:.3f}}<extra></extra>",
            )
        )
    framed(figure, f"{kind.title} with {plain(first)}", f"{kind.title} with {plain(second)}", 520)
    figure.update_layout(legend={"itemsizing": "constant"})
    # Square, so that the diagonal is one; towards the left, where the legend begins.
    figure.update_xaxes(range=span, constrain="domain", constraintoward="left", nticks=7)
    figure.update_yaxes(range=span, constrain="domain", scaleanchor="x", nticks=7)
    _corners(figure, kind.higher_is_better, plain(first), plain(second))
    return figure


def scatter_genes(comparison: pd.DataFrame, first: str, second: str, measure: str) -> list[list[str]]:
    """Return the genes behind the traces of ``comparison_scatter``, in the order of their points.

    The first trace is the diagonal; those after it are the genes that the first set predicts better, and those that
    the second does.
    """
    kind = measure_named(measure)
    known, x, y = _both(comparison, first, second, kind)
    genes = known["gene"].astype(str).to_numpy()
    return [[], *(list(genes[wins]) for wins in _wins(x, y, kind))]


def comparison_densities(
    comparison: pd.DataFrame,
    names: Sequence[str],
    measure: str = "mae",
    kinds: Mapping[str, str] | None = None,
) -> go.Figure:
    """Draw the density of a measure over target genes, one curve per gene set, its mean as a dotted line.

    Parameters
    ----------
    comparison
        Columns gene and, per set NAME, mae_NAME and pcc_NAME.
    names
        The sets to draw.
    measure
        ``mae`` or ``pcc``.
    kinds
        Kind of each set, as in ``colours.set_colours``.
    """
    kind = measure_named(measure)
    require(comparison, ["gene", *(f"{kind.column}_{name}" for name in names)], "the comparison")
    samples = {name: finite(comparison[f"{kind.column}_{name}"].to_numpy()) for name in names}
    samples = {name: values for name, values in samples.items() if values.size}
    if not samples:
        return sentence("No target gene has been predicted yet.", 380)
    at = grid(list(samples.values()), kind.low, kind.high)
    colours = set_colours(names, kinds)
    figure = go.Figure()
    for place, (name, values) in enumerate(samples.items()):
        add_density(
            figure,
            values,
            at,
            colours[name],
            _DASHES[place % len(_DASHES)],
            filled=0.12 if len(samples) <= 3 else None,
            mean=True,
            name=f"{plain(name)}, mean {np.mean(values):.3f}",
            hovertemplate=f"{plain(name)}<br>{kind.short} %{{x:.3f}}<extra></extra>",
        )
    framed(figure, kind.title, "Density of target genes", 380)
    figure.update_yaxes(rangemode="tozero", showticklabels=False)
    return figure


def _both(
    comparison: pd.DataFrame, first: str, second: str, kind: Measure
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Keep the genes that both sets predict, with the measure of each."""
    columns = [f"{kind.column}_{name}" for name in (first, second)]
    known = comparison[["gene", *columns]].dropna()
    return known, known[columns[0]].to_numpy(float), known[columns[1]].to_numpy(float)


def _wins(x: np.ndarray, y: np.ndarray, kind: Measure) -> tuple[np.ndarray, np.ndarray]:
    return (x > y, y > x) if kind.higher_is_better else (x < y, y < x)


def _corners(figure: go.Figure, higher_is_better: bool, first: str, second: str) -> None:
    """Say on which side of the diagonal which set is better, in the corners that the dots leave free."""
    upper, lower = (second, first) if higher_is_better else (first, second)
    for text, x, y in ((f"{upper} better", 0.02, 0.98), (f"{lower} better", 0.98, 0.02)):
        figure.add_annotation(
            text=text,
            x=x,
            y=y,
            xref="x domain",
            yref="y domain",
            xanchor="left" if x < 0.5 else "right",
            yanchor="top" if y > 0.5 else "bottom",
            showarrow=False,
        )
