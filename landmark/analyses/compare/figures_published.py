"""Published figures and ours, those of one measure on one scale."""

import pandas as pd
import plotly.graph_objects as go

from landmark.analyses.compare.published import MEASURES, SCALES, UNSTATED
from landmark.plots.colours import DEEPLIFT, NEUTRAL
from landmark.plots.theme import framed, name_rows, plain, require, sentence
from landmark.wording import capital

_ROW, _HEAD = 40, 110
"""Height of a row, and of what stands around the rows, in pixels."""


def panels(beside: pd.DataFrame) -> list[tuple[str, str]]:
    """Return measure and scale of what can be drawn, in the order of the table."""
    drawn = beside[beside["value"].notna() & beside["measure"].isin(MEASURES)]
    return list(dict.fromkeys(zip(drawn["measure"], drawn["scale"], strict=True)))


def panel_title(measure: str, scale: str) -> str:
    """Name a measure with its scale."""
    return f"{MEASURES[measure]}, {_unit(scale)}" if scale else MEASURES[measure]


def _unit(scale: str) -> str:
    return "scale not stated" if scale == UNSTATED else SCALES[scale]


def published_dots(beside: pd.DataFrame, measure: str, scale: str) -> go.Figure:
    """Draw published figures of a measure on a scale as open dots, and ours as filled ones below them.

    ``beside`` is the table of ``published.beside``. Beside errors on an unstated scale ours stand on several.
    """
    require(
        beside,
        ["paper", "figure", "value", "measure", "scale", "origin", "here_values"],
        "the published figures",
    )
    rows = _rows(
        beside[(beside["measure"] == measure) & (beside["scale"] == scale) & beside["value"].notna()]
    )
    if rows.empty:
        return sentence("No such figure has been published that could be drawn.")
    figure = go.Figure()
    for ours, colour, symbol, name in (
        (False, NEUTRAL, "circle-open", "published, other data"),
        (True, DEEPLIFT, "circle", "here"),
    ):
        part = rows[rows["ours"] == ours]
        figure.add_scatter(
            x=part["value"],
            y=part.index,
            mode="markers",
            name=name,
            marker={"color": colour, "symbol": symbol, "size": 10, "line": {"width": 2}},
            customdata=part[["label"]],
            hovertemplate="%{customdata[0]}: <b>%{x:.4f}</b><extra></extra>",
        )
    name_rows(figure, list(rows["label"]))
    # of errors the unit alone: the whole title is too long for a narrow page
    framed(figure, capital(_unit(scale)) if scale else MEASURES[measure], None, _HEAD + _ROW * len(rows))
    figure.update_xaxes(nticks=5, rangemode="tozero")
    figure.update_yaxes(showgrid=False)
    return figure


def _rows(published: pd.DataFrame) -> pd.DataFrame:
    """List the dots: label, value, ours; each of ours once, below the published ones."""
    dots = [
        (_label(line.paper.partition(" (")[0], line.figure), line.value, False)
        for line in published.itertuples()
    ]
    for line in published.itertuples():
        several = len(line.here_values) > 1
        for scale, value in line.here_values.items():
            origin = line.origin.partition(";")[0]
            dots.append((_label("Here", f"{origin}, {SCALES[scale]}" if several else origin), value, True))
    return pd.DataFrame(dots, columns=["label", "value", "ours"]).drop_duplicates(ignore_index=True)


def _label(by: str, what: str) -> str:
    """Name a row in two lines, which leave more room beside them on a narrow page."""
    return f"{plain(by)}<br>{plain(what)}"
