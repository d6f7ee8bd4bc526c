"""Gene set against gene set, target gene by target gene (Kong et al. 2021, Figs. 3 and 4), and among random sets."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.plots.colours import RANDOM, faded, set_colours
from landmark.plots.distributions import add_density, finite, grid
from landmark.plots.measures import Measure, measure_named
from landmark.plots.theme import (
    counted,
    framed,
    guide,
    marks,
    name_rows,
    plain,
    plain_all,
    require,
    sentence,
    spread,
)

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
