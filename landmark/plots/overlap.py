"""How gene sets overlap: an UpSet plot (Lex et al., IEEE TVCG 2014)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from landmark.errors import BadData
from landmark.plots.colours import FAINT, NEUTRAL, set_colours
from landmark.plots.theme import counted, framed, name_rows, plain, plain_all, require, sentence, shortened

_MOST_SETS = 6
_MOST_BARS = 24
_NAMED = 12


def set_overlap(sets: pd.DataFrame, kinds: Mapping[str, str] | None = None) -> go.Figure:
    """Draw how many genes belong to exactly which of two to six sets.

    Each gene is counted once, in the bar of the combination of sets that hold it. The bar of the genes in one
    set only has the colour of the set.

    Parameters
    ----------
    sets
        Columns set, gene.
    kinds
        Kind of each set, as in ``colours.set_colours``.

    Raises
    ------
    BadData
        When there are more than six sets.
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
