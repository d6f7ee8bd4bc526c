"""Figures of histone marks: profiles, contributions, maps of both classes, and how well the classes are told apart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from landmark.plots.colours import AUTOENCODER, LOWERS, NEUTRAL, OPEN_EDGE, OTHER_COLOUR, RAISES, SIDES, faded
from landmark.plots.theme import framed, guide, interval, plain, plain_all, require, sentence, shortened

_CLASSES = {1: "expressed genes", 0: "unexpressed genes"}
"""Labels of genes, above and below the median of their cell type, in the order in which they are drawn."""

_CLASS_COLOURS = {1: RAISES, 0: LOWERS}
"""What raises expression has the colour of expressed genes, what lowers it that of the others."""

_DISTANCE = "Distance to start (kb)"
_TICKS = [-4, -2, 0, 2, 4]

_BIN = 0.1
"""Width of a bin in kilobases."""

_COLUMNS = 2
_ROW = 190


def kilobases(count: int) -> np.ndarray:
    """Return the distance of the middle of each bin from the transcription start, in kb; the start is in the middle."""
    return (np.arange(count) - (count - 1) / 2) * _BIN


def _order_of(marks: pd.Series) -> list[str]:
    """Return the marks in the order in which a table names them."""
    return [str(name) for name in pd.unique(marks)]


def _grid_of(table: pd.DataFrame, value: str, marks: list[str]) -> np.ndarray:
    """Return the values of a table with the columns mark and bin as an array [marks, bins], bins from the left."""
    wide = table.pivot(index="mark", columns="bin", values=value)
    return wide.loc[marks].sort_index(axis=1).to_numpy(float)


def _start_line(**cell: Any) -> dict[str, Any]:
    """Describe the line at the transcription start."""
    return {"x": 0, "line": {"color": NEUTRAL, "width": 1, "dash": "dot"}, **cell}


def mean_profiles(means: pd.DataFrame) -> go.Figure:
    """Draw the mean signal of each mark around the transcription start, one panel per mark, one line per class.

    ``means``: columns label (1 where expression is above the median, else 0), mark, bin, mean; of one cell type.
    """
    require(means, ["label", "mark", "bin", "mean"], "the mean profiles")
    if means.empty:
        return sentence("No profile is known of this cell type.")
    marks = _order_of(means["mark"])
    rows = -(-len(marks) // _COLUMNS)
    figure = make_subplots(
        rows=rows, cols=_COLUMNS, shared_xaxes="all", horizontal_spacing=0.17, vertical_spacing=0.07
    )
    for label, name in _CLASSES.items():
        part = means[means["label"] == label]
        if part.empty:
            continue
        values = _grid_of(part, "mean", marks)
        for place, mark in enumerate(marks):
            figure.add_scatter(
                x=kilobases(values.shape[1]),
                y=values[place],
                name=name,
                legendgroup=name,
                showlegend=place == 0,
                mode="lines",
                line={"color": _CLASS_COLOURS[label], "width": 2.2, "dash": "solid" if label else "dash"},
                hovertemplate=f"<b>{plain(mark)}</b>, {name}<br>%{{x:+.2f}} kb: <b>%{{y:.3g}}</b> reads"
                "<extra></extra>",
                row=place // _COLUMNS + 1,
                col=place % _COLUMNS + 1,
            )
    framed(figure, height=90 + _ROW * rows)
    for place in range(rows * _COLUMNS):
        cell: dict[str, Any] = {"row": place // _COLUMNS + 1, "col": place % _COLUMNS + 1}
        if place >= len(marks):
            figure.update_xaxes(visible=False, **cell)
            figure.update_yaxes(visible=False, **cell)
            continue
        figure.add_vline(**_start_line(**cell))
        figure.update_yaxes(title_text=f"{plain(marks[place])}<br>mean reads", rangemode="tozero", **cell)
        lowest = place + _COLUMNS >= len(marks)  # no panel stands below it
        figure.update_xaxes(
            tickvals=_TICKS, showticklabels=lowest, title_text=_DISTANCE if lowest else None, **cell
        )
    return figure


_MAP, _BARS = 0.75, 0.2
"""Shares of the width."""

_AMOUNT = ((0.0, "rgba(178,70,150,0.05)"), (1.0, "rgb(178,70,150)"))
"""From nothing to much: ever further from the ground, be that light or dark."""

_LAYER_ROW = 24
"""Pixels of a mark."""

_BETWEEN, _BETWEEN_SHARED = 92, 40
"""Pixels between two layers, with the ticks of their own axes or without."""


@dataclass(frozen=True)
class _Layer:
    """A heat map [marks, bins] under its name, and bars [marks]; hover texts say what follows mark and distance."""

    name: str
    values: np.ndarray
    unit: str
    scale: tuple[tuple[float, str], ...]
    ends: tuple[float, float]
    """Values at the ends of the colour scale."""
    hover: str
    bars: np.ndarray
    bar_unit: str
    bar_colours: list[str]
    bar_hover: str
    text: np.ndarray | None = None
    """Values of the hover text, where they are others than those of the colours."""
    ticks: dict[str, Any] = field(default_factory=dict)


def _stacked(layers: list[_Layer], marks: list[str]) -> go.Figure:
    """Draw layers from the top; those that have the same scales share them."""
    same = len({(layer.unit, layer.scale, layer.ends, layer.bar_unit) for layer in layers}) == 1
    between = _BETWEEN_SHARED if same else _BETWEEN
    plots = len(layers) * _LAYER_ROW * len(marks) + (len(layers) - 1) * between
    figure = make_subplots(
        rows=len(layers),
        cols=2,
        column_widths=[_MAP, _BARS],
        horizontal_spacing=1 - _MAP - _BARS,
        vertical_spacing=between / plots if len(layers) > 1 else 0,
        row_titles=[plain(layer.name) for layer in layers],
    )
    names = plain_all(marks)
    for row, layer in enumerate(layers, 1):
        _draw(figure, layer, names, row)
        bottom, top = figure.get_subplot(row, 1).yaxis.domain
        figure.layout.annotations[row - 1].update(
            x=0, y=top, xanchor="left", yanchor="bottom", textangle=0, font={"size": 14}
        )
        figure.data[-2].update(
            showscale=row == 1 or not same,
            colorbar={"y": 0.5 if same else (bottom + top) / 2, "len": 1 if same else top - bottom},
        )
        figure.add_vline(**_start_line(row=row, col=1))
    framed(figure, height=plots + 90)
    figure.update_yaxes(
        tickmode="array", tickvals=list(range(len(marks))), range=[len(marks) - 0.5, -0.5], showgrid=False
    )
    figure.update_yaxes(ticktext=names, col=1)
    figure.update_yaxes(ticktext=[""] * len(marks), col=2)
    figure.update_xaxes(showgrid=False, tickvals=_TICKS, title_text=_DISTANCE, matches="x", col=1)
    figure.update_xaxes(zeroline=True, tickangle=0, matches="x2" if same else None, col=2)
    for row, layer in enumerate(layers, 1):
        bars = np.concatenate([other.bars for other in layers]) if same else layer.bars
        figure.update_xaxes(tickvals=_ticks(bars), row=row, col=2)
    if same:
        for row in range(1, len(layers)):
            figure.update_xaxes(showticklabels=False, title_text=None, row=row)
    return figure


def _ticks(bars: np.ndarray) -> list[float]:
    """Return round places for ticks on the sides of zero that bars reach, few enough for a narrow axis."""
    most = float(np.abs(bars).max())
    if not most > 0:
        return [0.0]
    unit = 10.0 ** np.floor(np.log10(most))
    step = float(np.floor(most / unit) * unit)
    return [place for place in (-step, 0.0, step) if min(bars.min(), 0) <= place <= max(bars.max(), 0)]


def _draw(figure: go.Figure, layer: _Layer, names: list[str], row: int) -> None:
    """Add a heat map, and its bars as the last trace."""
    places = np.arange(len(names))
    bins = layer.values.shape[1]
    figure.add_heatmap(
        z=layer.values,
        x=kilobases(bins),
        y=places,
        zmin=layer.ends[0],
        zmax=layer.ends[1],
        colorscale=[list(stop) for stop in layer.scale],
        ygap=1,
        customdata=[[name] * bins for name in names],
        text=layer.text,
        hovertemplate=f"<b>%{{customdata}}</b>, %{{x:+.2f}} kb<br>{layer.hover}<extra></extra>",
        colorbar={
            "title": {"text": layer.unit, "side": "right"},
            "thickness": 10,
            "outlinewidth": 0,
            **layer.ticks,
        },
        row=row,
        col=1,
    )
    figure.add_bar(
        x=layer.bars,
        y=places,
        orientation="h",
        width=0.65,
        marker={"color": layer.bar_colours, "line": {"width": 0}},
        customdata=names,
        hovertemplate=f"<b>%{{customdata}}</b><br>{layer.bar_hover}<extra></extra>",
        showlegend=False,
        row=row,
        col=2,
    )
    figure.update_xaxes(title_text=layer.bar_unit, row=row, col=2)


def _contribution_layer(name: str, table: pd.DataFrame, marks: list[str], reach: float) -> _Layer:
    """Return contributions with their sums per mark, on a scale that reaches equally far to both sides of zero."""
    values = _grid_of(table, "contribution", marks)
    sums = values.sum(1)
    reach = reach or 1.0
    return _Layer(
        name,
        values,
        "Log-odds",
        SIDES,
        (-reach, reach),
        "contribution <b>%{z:+.3g}</b>",
        sums,
        "Sum (log-odds)",
        [RAISES if value >= 0 else LOWERS for value in sums],
        "sum over all bins <b>%{x:+.3g}</b>",
    )


def pattern_maps(maps: pd.DataFrame, frequency: pd.DataFrame) -> go.Figure:
    """Draw the input that a network takes for the best example of each class, and how often each mark is up in it.

    ``maps``: columns label, mark, bin, value (0 to 1); ``frequency``: label, mark, frequency (0 to 1), the share of the
    bins that are active; both of one cell type.
    """
    require(maps, ["label", "mark", "bin", "value"], "the pattern maps")
    require(frequency, ["label", "mark", "frequency"], "the frequency of marks")
    if maps.empty or frequency.empty:
        return sentence("No pattern map is known of this cell type.")
    marks = _order_of(maps["mark"])
    layers = []
    for label, name in _CLASSES.items():
        part, up = maps[maps["label"] == label], frequency[frequency["label"] == label]
        if len(part) and len(up):
            layers.append(
                _Layer(
                    f"Typical of {name}",
                    _grid_of(part, "value", marks),
                    "Value",
                    _AMOUNT,
                    (0.0, 1.0),
                    "value <b>%{z:.2f}</b>",
                    up.set_index("mark")["frequency"].loc[marks].to_numpy(float),
                    "Active bins",
                    [_CLASS_COLOURS[label]] * len(marks),
                    "active in <b>%{x:.0%}</b> of the bins",
                )
            )
    figure = _stacked(layers, marks)
    figure.update_xaxes(range=[0, 1.05], tickvals=[0, 0.5, 1], ticktext=["0", "50", "100%"], col=2)
    return figure


def class_contributions(average: pd.DataFrame) -> go.Figure:
    """Draw what each mark and bin contributes on average to genes of each class, and its sum per mark.

    ``average``: columns label, mark, bin, contribution.
    """
    require(average, ["label", "mark", "bin", "contribution"], "the average contributions")
    if average.empty:
        return sentence("No average contribution is known.")
    marks = _order_of(average["mark"])
    reach = float(average["contribution"].abs().max())
    layers = [
        _contribution_layer(f"Mean of {name}", average[average["label"] == label], marks, reach)
        for label, name in _CLASSES.items()
        if (average["label"] == label).any()
    ]
    return _stacked(layers, marks)


_MARKED = (0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000)
"""Reads at the ticks of their colour scale, which is logarithmic."""


def gene_contributions(contributions: pd.DataFrame) -> go.Figure:
    """Draw what each mark and bin of a gene contributes, above its reads.

    ``contributions``: columns mark, bin, count, contribution; of one gene.
    """
    require(contributions, ["mark", "bin", "count", "contribution"], "the contributions")
    if contributions.empty:
        return sentence("No contribution of this gene is known.")
    marks = _order_of(contributions["mark"])
    counts = _grid_of(contributions, "count", marks)
    shades = np.log2(1 + np.maximum(counts, 0))
    most = float(shades.max()) or 1.0
    ticks = [value for value in _MARKED if np.log2(1 + value) <= most]
    reads = _Layer(
        "Reads",
        shades,
        "Reads per bin",
        _AMOUNT,
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
    return _stacked(
        [_contribution_layer("Contribution to being called expressed", contributions, marks, reach), reads],
        marks,
    )


_GRID = np.linspace(0, 1, 101)
"""Where the curves of the other cell types are drawn: enough for a thin line, light for many of them."""

_ROC_HEIGHT = 480
_AREA_ROW = 16
_MOST_ROC_HEIGHT = 1400


def roc_curves(roc: pd.DataFrame, chosen: str, areas: Mapping[str, float]) -> go.Figure:
    """Draw one curve per cell type, the chosen one in colour above the others in grey, and the diagonal of chance.

    ``roc``: columns cell_type, false_positive_rate, true_positive_rate, the points of a cell type in their order;
    ``areas``: area under the curve by cell type.
    """
    require(roc, ["cell_type", "false_positive_rate", "true_positive_rate"], "the ROC curves")
    if roc.empty:
        return sentence("No curve is known yet.", _ROC_HEIGHT)
    figure = go.Figure()
    curves = {str(name): part for name, part in roc.groupby("cell_type", sort=False)}
    others = [name for name in curves if name != chosen]
    if others:
        figure.add_scatter(
            x=np.tile(np.append(_GRID, np.nan), len(others)),
            y=np.concatenate([_thinned(curves[name]) for name in others]),
            customdata=np.repeat(
                [f"<b>{plain(name)}</b>, {_area(areas, name)}" for name in others], len(_GRID) + 1
            ),
            name=plain(others[0]) if len(others) == 1 else f"{len(others)} other cell types",
            mode="lines",
            line={"color": faded(OTHER_COLOUR, 0.6 if len(others) < 12 else 0.4), "width": 1.2},
            hovertemplate="%{customdata}<extra></extra>",
        )
    figure.add_scatter(
        x=[0, 1], y=[0, 1], name="chance: AUC 0.5", mode="lines", line=guide(dash="dash"), hoverinfo="skip"
    )
    if chosen in curves:
        part = curves[chosen]
        figure.add_scatter(
            x=part["false_positive_rate"],
            y=part["true_positive_rate"],
            name=f"{plain(chosen)}: {_area(areas, chosen)}",
            mode="lines",
            line={"color": AUTOENCODER, "width": 3},
            hovertemplate=f"<b>{plain(chosen)}</b><br>%{{y:.1%}} of the expressed genes found,<br>%{{x:.1%}} of "
            "the others called expressed by mistake<extra></extra>",
        )
    framed(figure, "Unexpressed genes called expressed", "Expressed genes found", _ROC_HEIGHT)
    figure.update_layout(legend_traceorder="reversed")  # what is drawn on top is named first
    figure.update_xaxes(range=[-0.01, 1.01], tickformat=".0%")
    figure.update_yaxes(range=[-0.01, 1.02], tickformat=".0%")
    return figure


def area_dots(cells: pd.DataFrame, chosen: str) -> go.Figure:
    """Draw the area under the curve of every cell type with its interval, the largest on top, beside a plain model.

    ``cells``: columns cell_type, auc, auc_low, auc_high, auc_logistic; ``chosen``: the cell type in colour.
    """
    require(cells, ["cell_type", "auc", "auc_low", "auc_high", "auc_logistic"], "the cell types")
    if cells.empty:
        return sentence("No cell type has been measured yet.", _ROC_HEIGHT)
    ordered = cells.sort_values("auc", kind="stable").reset_index(drop=True)
    names = [plain(name) for name in ordered["cell_type"]]
    own = (ordered["cell_type"].astype(str) == chosen).to_numpy()
    figure = go.Figure()
    figure.add_scatter(
        x=ordered["auc_logistic"],
        y=ordered.index,
        name="logistic regression",
        mode="markers",
        marker={"symbol": "diamond-open", "size": 7, "color": NEUTRAL, "line": OPEN_EDGE},
        customdata=names,
        hovertemplate="<b>%{customdata}</b><br>logistic regression: AUC <b>%{x:.3f}</b><extra></extra>",
    )
    for side, colour, size in ((~own, OTHER_COLOUR, 7), (own, AUTOENCODER, 10)):
        part = ordered[side]
        figure.add_scatter(
            x=part["auc"],
            y=part.index,
            name="DeepChrome, 95% interval",
            showlegend=bool(len(part)) and (size == 10 or not own.any()),
            mode="markers",
            marker={"size": size, "color": colour},
            error_x=interval(part["auc"], part["auc_low"], part["auc_high"], colour, width=3),
            customdata=np.stack([np.array(names)[side], part["auc_low"], part["auc_high"]], axis=1),
            hovertemplate="<b>%{customdata[0]}</b><br>AUC <b>%{x:.3f}</b> (%{customdata[1]:.3f} to "
            "%{customdata[2]:.3f})<extra></extra>",
        )
    figure.add_vline(x=0.5, line=guide(dash="dash"))
    # As tall as the curves beside it, unless there are too many cell types for that.
    framed(
        figure,
        "AUC on test genes (chance: 0.5)",
        None,
        int(min(max(_ROC_HEIGHT, 110 + _AREA_ROW * len(names)), _MOST_ROC_HEIGHT)),
    )
    figure.update_layout(legend_traceorder="reversed")
    lowest = float(ordered[["auc_low", "auc_logistic"]].min().min())
    figure.update_xaxes(range=[min(0.48, lowest - 0.03), 1.02])
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(ordered.index),
        ticktext=[plain(shortened(name)) for name in ordered["cell_type"]],
        range=[-0.7, len(names) - 0.3],
        showgrid=len(names) <= 60,
    )
    return figure


def _thinned(curve: pd.DataFrame) -> np.ndarray:
    """Return the curve on the grid, with a gap at its end."""
    x, y = (curve[name].to_numpy(float) for name in ("false_positive_rate", "true_positive_rate"))
    return np.append(np.interp(_GRID, x, y), np.nan)


def _area(areas: Mapping[str, float], name: str) -> str:
    return f"AUC {areas[name]:.3f}" if name in areas and np.isfinite(areas[name]) else "AUC not known"
