"""Gene sets against each other: target gene by target gene, among random sets, and their overlap (Kong et al. 2021)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from landmark.errors import BadConfiguration, BadData
from landmark.plots.colours import FAINT, NEUTRAL, RANDOM, faded, set_colours
from landmark.plots.distributions import add_density, finite, grid
from landmark.plots.theme import (
    framed,
    guide,
    marks,
    name_rows,
    plain,
    plain_all,
    require,
    sentence,
    shortened,
    spread,
)
from landmark.wording import counted


@dataclass(frozen=True)
class Measure:
    """A measure of how well genes are predicted.

    Attributes
    ----------
    column
        Prefix of its columns in result tables.
    short, axis, title
        Its name in a sentence, on the axis of a small panel, and in full; the axes with the unit.
    low, high
        Bounds that no value passes.
    """

    column: str
    short: str
    axis: str
    title: str
    higher_is_better: bool
    low: float
    high: float


MEASURES = {
    "mae": Measure(
        "mae", "MAE", "MAE (standardised)", "Mean absolute error (standardised)", False, 0.0, float("inf")
    ),
    "pcc": Measure("pcc", "PCC", "Pearson correlation", "Pearson correlation", True, -1.0, 1.0),
    "recovered": Measure(
        "recovered", "recovered", "Share recovered", "Share of targets recovered", True, 0.0, 1.0
    ),
}


def measure_named(name: str) -> Measure:
    """Look up ``mae``, ``pcc`` or ``recovered``; anything else is BadConfiguration."""
    if name not in MEASURES:
        raise BadConfiguration(f"measure = {name!r}: choose one of {', '.join(MEASURES)}.")
    return MEASURES[name]


_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


def comparison_scatter(
    comparison: pd.DataFrame,
    first: str,
    second: str,
    measure: str = "mae",
    kinds: Mapping[str, str] | None = None,
) -> go.Figure:
    """Draw one dot per target gene: how well the first set predicts it (x) against the second (y).

    A dot has the colour of the set that predicts the gene better, by its kind as in ``colours.set_colours``.
    ``comparison`` has the columns gene and, per set NAME, mae_NAME and pcc_NAME.
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

    Tables and kinds are those of ``comparison_scatter``.
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


_MOST_SETS = 6
_MOST_BARS = 24
_NAMED = 12


def set_overlap(sets: pd.DataFrame, kinds: Mapping[str, str] | None = None) -> go.Figure:
    """Draw how many genes belong to exactly which of two to six sets.

    Each gene, by the columns set and gene, is counted once, in the bar of the combination of sets that hold it. The bar
    of the genes in one set only has the colour of the set. More than six sets are BadData.
    """
    require(sets, ["set", "gene"], "gene sets")
    names = list(dict.fromkeys(sets["set"]))
    if len(names) < 2:
        return sentence("An overlap needs at least two gene sets.")
    if len(names) > _MOST_SETS:
        raise BadData(f"{len(names)} sets are too many for this figure: choose at most {_MOST_SETS} of them.")
    member = pd.crosstab(sets["gene"], sets["set"])[names] > 0
    every = sorted(
        ((combination, list(rows.index)) for combination, rows in member.groupby(names)),
        key=lambda item: (-len(item[1]), sum(item[0]), item[0]),
    )
    combinations = every[:_MOST_BARS]
    colours = set_colours(names, kinds)
    figure = make_subplots(
        rows=2,
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.03,
        row_heights=[0.62, 0.38] if len(names) <= 4 else [0.5, 0.5],
    )
    shades = [colours[names[c.index(True)]] if sum(c) == 1 else NEUTRAL for c, _ in combinations]
    figure.add_bar(
        x=np.arange(len(combinations)),
        y=[len(genes) for _, genes in combinations],
        marker={"color": shades, "line": {"width": 0}},
        text=[f"{len(genes):,}" for _, genes in combinations],
        textposition="outside",
        cliponaxis=False,
        customdata=[_described(c, genes, names) for c, genes in combinations],
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
        row=1,
        col=1,
    )
    _matrix(figure, [c for c, _ in combinations], names, colours)
    framed(figure, height=300 + 34 * len(names), bargap=0.35)
    sizes = member.sum()
    figure.update_xaxes(showgrid=False, showticklabels=False, range=[-0.6, len(combinations) - 0.4])
    shown = f"the {_MOST_BARS} largest of {len(every)}" if len(every) > _MOST_BARS else "the largest first"
    figure.update_xaxes(title_text=f"Combination of sets, {shown}", row=2, col=1)
    figure.update_yaxes(title_text="Genes", rangemode="tozero", row=1, col=1)
    name_rows(
        figure,
        [f"{plain(shortened(name, 18))} ({sizes[name]:,})" for name in names],
        range=[len(names) - 0.5, -0.5],
        row=2,
        col=1,
    )
    return figure


def _matrix(
    figure: go.Figure, combinations: list[tuple[bool, ...]], names: list[str], colours: dict[str, str]
) -> None:
    """Draw the dots that say which sets a bar stands for, joined by a line."""
    held = np.array(combinations)
    joins: list[float | None] = []
    rows: list[float | None] = []
    for column, combination in enumerate(held):
        first, last = np.flatnonzero(combination)[[0, -1]]
        joins += [column, column, None]
        rows += [float(first), float(last), None]
    figure.add_scatter(
        x=joins, y=rows, mode="lines", line={"color": NEUTRAL, "width": 2}, hoverinfo="skip", showlegend=False,
        row=2, col=1,
    )  # fmt: skip
    columns, places = np.nonzero(np.ones_like(held))
    figure.add_scatter(
        x=columns,
        y=places,
        mode="markers",
        marker={
            "size": 10,
            "color": [
                colours[names[p]] if held[c, p] else FAINT for c, p in zip(columns, places, strict=True)
            ],
            "opacity": 1,
        },
        hoverinfo="skip",
        showlegend=False,
        row=2,
        col=1,
    )


def _described(combination: tuple[bool, ...], genes: list[str], names: list[str]) -> str:
    inside = [plain(name) for name, held in zip(names, combination, strict=True) if held]
    where = f"only in {inside[0]}" if len(inside) == 1 else f"in {', '.join(inside[:-1])} and {inside[-1]}"
    listed = plain_all(sorted(map(str, genes))[:_NAMED])
    lines = [", ".join(listed[i : i + 3]) for i in range(0, len(listed), 3)]
    more = [f"and {len(genes) - _NAMED:,} more"] if len(genes) > _NAMED else []
    return "<br>".join([f"<b>{counted(len(genes), 'gene')}</b> {where}", *lines, *more])
