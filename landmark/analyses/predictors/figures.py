"""Predictors against each other: how well they infer whole samples, and which genes they recall."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.plots.colours import EDGE, PREDICTORS, RANDOM, faded, group_labels, label_styles
from landmark.plots.theme import framed, guide, marks, name_rows, plain, require, sentence, wrapped
from landmark.wording import counted

AXES = {
    "spearman": "Rank correlation over genes (Spearman)",
    "pcc": "Correlation over genes (Pearson)",
    "mae": "Mean absolute error",
    "overall_error": "Overall error (Euclidean distance)",
}
"""Measures of a sample by their column, as an axis is called."""

_HEAD, _ROW = 120, 74
_MOST_DOTS = 600
"""Dots of so many samples per row still show each one; beyond, the shape alone is drawn."""


@dataclass(frozen=True)
class Row:
    """One predictor in a figure: its name in tables, for people, and its method; that is empty for the gene means."""

    name: str
    title: str
    predictor: str

    @property
    def colour(self) -> str:
        """Its colour, the same with and without an annotation."""
        return PREDICTORS.get(self.predictor, RANDOM)


def sample_strips(
    samples: pd.DataFrame,
    rows: Sequence[Row],
    measure: str,
    *,
    standardised: bool = False,
    unit: str = "",
    by_group: bool = False,
) -> go.Figure:
    """Draw every test sample as a dot, one row per predictor, with the shape of the distribution and its median,
    which is written beside the name.

    Parameters
    ----------
    samples
        Columns name, sample, group and the measures of ``metrics.per_sample``.
    rows
        What to draw, from top to bottom.
    measure
        One of ``AXES``.
    standardised
        Draw the measure of standardised values, in which the means of the genes have no part.
    unit
        Of the expression, for errors that are not standardised.
    by_group
        Colour the dots by the group of the sample.
    """
    column = f"{measure}_standardised" if standardised else measure
    require(samples, ["name", "sample", "group", column], "samples")
    drawn = [row for row in rows if samples.loc[samples["name"] == row.name, column].notna().any()]
    if not drawn:
        return sentence("No test sample has been inferred yet.")
    figure = go.Figure()
    for place, row in enumerate(drawn):
        _strip(figure, samples[samples["name"] == row.name], row, place, column, dots=not by_group)
    if by_group:
        _groups(figure, samples, drawn, column)
    middle = samples.groupby("name")[column].median()
    framed(figure, _axis(measure, standardised, unit), None, _HEAD + _ROW * len(drawn))
    name_rows(figure, [f"{wrapped(row.title, 18)}<br><b>{middle[row.name]:.3f}</b>" for row in drawn])
    figure.update_xaxes(nticks=6)
    if not by_group:
        figure.update_layout(margin_t=8)
    return figure


def recall_bars(recall: pd.DataFrame, rows: Sequence[Row]) -> go.Figure:
    """Draw the share of genes that each predictor recalls, one bar per level; ``rows`` from top to bottom.

    ``recall``: columns name, level, threshold, recalled, share.
    """
    require(recall, ["name", "level", "threshold", "recalled", "share"], "recall")
    if recall.empty:
        return sentence("Recall has not been measured yet.")
    figure = go.Figure()
    levels = sorted(recall["level"].unique())
    for number, level in enumerate(levels):
        found = recall[recall["level"] == level].set_index("name").loc[[row.name for row in rows]]
        figure.add_bar(
            x=100 * found["share"],
            y=list(range(len(rows))),
            orientation="h",
            marker={
                "color": [_tint(row.colour) if number == 0 else row.colour for row in rows],
                "line": {"width": 0},
            },
            text=[f"{100 * share:.1f}% (R > {level:g})" for share in found["share"]],
            textposition="auto",
            insidetextanchor="start",
            textfont={"size": 12},
            customdata=[
                f"{counted(int(about.recalled), 'gene')} with R > {level:g}: correlation above {about.threshold:.3f}"
                for about in found.itertuples()
            ],
            hovertemplate="%{customdata}<extra></extra>",
            name=f"R > {level:g}",
            showlegend=False,
        )
    framed(figure, "Share of target genes recalled (%)", None, 90 + 62 * len(rows), bargap=0.25)
    name_rows(figure, [wrapped(row.title, 18) for row in rows])
    figure.update_xaxes(range=[0, 100])
    figure.update_layout(margin_t=8)
    return figure


def _strip(
    figure: go.Figure, samples: pd.DataFrame, row: Row, place: int, column: str, *, dots: bool
) -> None:
    values = samples[column].to_numpy(float)
    figure.add_violin(
        x=values,
        y0=place,
        orientation="h",
        width=0.86,
        points=False,
        spanmode="hard",
        line={"color": row.colour, "width": 1.2},
        fillcolor=faded(row.colour, 0.2),
        hoverinfo="skip",
        showlegend=False,
    )
    if dots and len(values) <= _MOST_DOTS:
        figure.add_trace(_dots(samples, row, place, column, row.colour))
    low, middle, high = np.nanquantile(values, [0.25, 0.5, 0.75])
    figure.add_scatter(
        x=[low, high],
        y=[place, place],
        mode="lines",
        line=guide(color=row.colour, width=5),
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=[middle],
        y=[place],
        mode="markers",
        marker={"color": "white", "size": 11, "line": {"color": row.colour, "width": 3}},
        hovertemplate=f"<b>{plain(row.title)}</b><br>median %{{x:.4f}}<br>half of {counted(len(values), 'sample')} "
        f"between {low:.4f} and {high:.4f}<extra></extra>",
        showlegend=False,
    )


def _dots(samples: pd.DataFrame, row: Row, place: int, column: str, colour: str) -> go.Scatter:
    # The same spread at each drawing: a low-discrepancy sequence instead of random jitter.
    spread = ((samples.index.to_numpy() * 0.618034) % 1 - 0.5) * 0.5
    return marks(len(samples))(
        x=samples[column],
        y=place + spread,
        mode="markers",
        marker={"color": colour, "size": 5, "opacity": 0.55, "line": EDGE},
        text=[
            f"<b>{plain(name)}</b>{f'<br>{plain(group)}' if group else ''}"
            for name, group in zip(samples["sample"], samples["group"], strict=True)
        ],
        hovertemplate=f"%{{text}}<br>{plain(row.title)}: %{{x:.4f}}<extra></extra>",
        showlegend=False,
    )


def _groups(figure: go.Figure, samples: pd.DataFrame, rows: Sequence[Row], column: str) -> None:
    """Draw the dots of every row in the colours of their groups, below the middle of the row."""
    groups = pd.Series(group_labels(samples["group"]).to_numpy(), index=samples.index)
    once = groups[samples["name"] == rows[0].name]
    for name, (colour, symbol) in label_styles(once).items():
        for place, row in enumerate(rows):
            own = samples[(samples["name"] == row.name) & (groups == name)]
            trace = _dots(own, row, place, column, colour)
            trace.update(
                name=plain(name),
                legendgroup=name,
                showlegend=place == 0,
                marker={"symbol": symbol, "opacity": 0.85},
            )
            figure.add_trace(trace)


def _tint(colour: str) -> str:
    """Mix a ``#RRGGBB`` colour with white: unlike a translucent one, it carries dark text on a dark page too."""
    return "#" + "".join(f"{(int(colour[i : i + 2], 16) + 255) // 2:02X}" for i in (1, 3, 5))


def _axis(measure: str, standardised: bool, unit: str) -> str:
    if measure not in ("mae", "overall_error"):
        return AXES[measure]
    return f"{AXES[measure]} ({'standard deviations' if standardised else plain(unit) or 'unit of the data'})"
