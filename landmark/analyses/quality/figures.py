"""Figures of the samples: correlations, outliers, and what annotations explain."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from landmark.plots.colours import EDGE, NEUTRAL, group_labels, label_styles
from landmark.plots.theme import framed, marks, name_rows, plain, plain_all, require, sentence, shortened


def correlation_heat(correlation: pd.DataFrame, labels: pd.Series | None = None) -> go.Figure:
    """Draw the correlations of samples, similar ones side by side, with a strip of their labels on top.

    ``correlation`` has a column sample, then one column per sample in the same order. ``labels`` has the
    label of every sample of the dataset, by its name: colours follow all of them, as in other figures, also
    where only some samples are drawn.
    """
    if correlation.empty:
        return sentence("There are no samples to show.", 600)
    names = plain_all(correlation["sample"])
    values = correlation.drop(columns="sample").to_numpy(float)
    off_diagonal = values[~np.eye(len(values), dtype=bool)]
    low = float(np.quantile(off_diagonal, 0.01)) if off_diagonal.size else 0.0
    figure = make_subplots(
        rows=2, cols=1, row_heights=[0.035, 0.965], shared_xaxes=True, vertical_spacing=0.008
    )
    place = list(range(len(names)))
    if labels is not None:
        _add_strip(figure, labels, correlation["sample"])
    figure.add_heatmap(
        z=values.astype(np.float32),
        x=place,
        y=place,
        zmin=low,
        zmax=1.0,
        colorscale="Cividis",
        colorbar={"title": {"text": "Correlation", "side": "right"}, "thickness": 14, "len": 0.8, "y": 0.45},
        customdata=np.stack(np.broadcast_arrays(np.array(names)[:, None], np.array(names)[None]), axis=-1),
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br>correlation %{z:.3f}<extra></extra>",
        row=2,
        col=1,
    )
    framed(figure, None, None, 640)
    figure.update_xaxes(visible=False, range=[-0.5, len(names) - 0.5])
    figure.update_xaxes(
        visible=True, showticklabels=False, title_text="Samples, similar ones side by side", row=2, col=1
    )
    figure.update_yaxes(visible=False)
    figure.update_yaxes(range=[len(names) - 0.5, -0.5], row=2, col=1)
    return figure


def _add_strip(figure: go.Figure, labels: pd.Series, samples: pd.Series) -> None:
    everywhere = group_labels(labels)
    groups = everywhere.set_axis(labels.index).loc[samples].reset_index(drop=True)
    styles = {group: style for group, style in label_styles(everywhere).items() if (groups == group).any()}
    names = plain_all(samples)
    codes = groups.map({group: code for code, group in enumerate(styles)}).to_numpy()
    colours = [colour for colour, _ in styles.values()]
    steps = [
        (edge / len(colours), colour) for code, colour in enumerate(colours) for edge in (code, code + 1)
    ]
    figure.add_heatmap(
        z=[codes],
        x=list(range(len(names))),
        y=[0],
        zmin=-0.5,
        zmax=len(colours) - 0.5,
        colorscale=steps,
        showscale=False,
        customdata=[[f"{name}<br>{plain(group)}" for name, group in zip(names, groups, strict=True)]],
        hovertemplate="%{customdata}<extra></extra>",
        row=1,
        col=1,
    )
    for group, colour in zip(styles, colours, strict=True):
        figure.add_scatter(
            x=[None],
            y=[None],
            mode="markers",
            name=f"{plain(shortened(group))} ({(groups == group).sum():,})",
            legendgroup=group,
            marker={"color": colour, "symbol": "square", "size": 10},
            row=1,
            col=1,
        )
    figure.update_layout(legend={"itemsizing": "constant", "font": {"size": 12}})


FEW = 60  # up to so many samples each has a box of its own
OUTLIER = "#B0413E"
"""Outliers, and what chance would give."""

_HEIGHT = 380
_QUANTILES = ["q05", "q25", "q50", "q75", "q95"]


def sample_boxes(
    quantiles: pd.DataFrame, labels: pd.Series | None = None, unit: str = "expression"
) -> go.Figure:
    """Draw a box per sample in the order of ``quantiles``: the middle half of its genes, whiskers to the middle 90%.

    ``labels`` has the label of every sample, which colours its box; ``unit`` is that of the values.
    """
    require(quantiles, ["sample", *_QUANTILES], "quantiles per sample")
    if quantiles.empty:
        return sentence("There are no samples to show.", _HEIGHT)
    groups = group_labels(labels if labels is not None else ["samples"] * len(quantiles))
    place = np.arange(1, len(quantiles) + 1)
    names = np.array(plain_all(quantiles["sample"]))
    figure = go.Figure()
    for group, (colour, _) in label_styles(groups).items():
        rows = (groups == group).to_numpy()
        low, first, middle, third, high = (quantiles[name].to_numpy()[rows] for name in _QUANTILES)
        figure.add_box(
            x=place[rows],
            lowerfence=low,
            q1=first,
            median=middle,
            q3=third,
            upperfence=high,
            name=f"{plain(shortened(group))} ({rows.sum():,})",
            text=names[rows].tolist(),
            marker={"color": colour if labels is not None else NEUTRAL},
            line={"width": 1.2},
            hoverinfo="text+y",
            showlegend=labels is not None,
        )
    framed(figure, "Samples, in the order of the dataset", plain(unit).capitalize(), _HEIGHT)
    figure.update_xaxes(showgrid=False, tickformat=",d", range=[0.4, len(quantiles) + 0.6])
    return figure


def outlier_plane(samples: pd.DataFrame, threshold: float) -> go.Figure:
    """Draw how far every sample is from the others by either measure, with the lines from which it is an outlier:
    ``threshold``, in scaled median absolute deviations.
    """
    require(samples, ["sample", "correlation_deviation", "distance_deviation", "outlier"], "samples")
    if samples.empty:
        return sentence("There are no samples to show.", _HEIGHT)
    figure = go.Figure()
    for flagged, name, colour, symbol in (
        (False, "usual", NEUTRAL, "circle"),
        (True, "outlier", OUTLIER, "diamond"),
    ):
        part = samples[samples["outlier"] == flagged]
        figure.add_trace(
            marks(len(samples))(
                x=part["distance_deviation"],
                y=part["correlation_deviation"],
                mode="markers",
                name=f"{name} ({len(part):,})",
                text=plain_all(part["sample"]),
                marker={"color": colour, "symbol": symbol, "size": 9 if flagged else 7, "line": EDGE},
                hovertemplate="<b>%{text}</b><br>%{x:.1f} and %{y:.1f} deviations<extra></extra>",
            )
        )
    framed(
        figure,
        "Distance in components (deviations above usual)",
        "Correlation (deviations below usual)",
        _HEIGHT,
    )
    for axis, column in (("xaxis", "distance_deviation"), ("yaxis", "correlation_deviation")):
        low, high = float(samples[column].min()), max(float(samples[column].max()), threshold)
        margin = 0.06 * (high - low)
        figure.update_layout({axis: {"range": [low - margin, high + margin]}})
    line = {"color": OUTLIER, "width": 1.2, "dash": "dot"}
    figure.add_vline(x=threshold, line=line)
    figure.add_hline(y=threshold, line=line)
    return figure


def explained_bars(overall: pd.DataFrame) -> go.Figure:
    """Draw how much of the variance between samples goes with each annotation, beside what chance would give."""
    require(overall, ["annotation", "r2", "by_chance"], "explained variance")
    height = 130 + 34 * max(len(overall), 1)
    if overall.empty:
        return sentence("No annotation divides the samples into groups.", height)
    place = list(range(len(overall)))
    figure = go.Figure()
    figure.add_bar(
        x=100 * overall["r2"],
        y=place,
        orientation="h",
        name="explained",
        marker={"color": NEUTRAL, "line": {"width": 0}},
        customdata=plain_all(overall["annotation"]),
        hovertemplate="<b>%{customdata}</b><br>%{x:.1f}% explained<extra></extra>",
    )
    figure.add_scatter(
        x=100 * overall["by_chance"],
        y=place,
        mode="markers",
        name="as many random groups",
        marker={"symbol": "line-ns-open", "size": 18, "color": OUTLIER, "line": {"width": 2.5}},
        hovertemplate="by chance: %{x:.1f}%<extra></extra>",
    )
    end = 100 * np.maximum(overall["r2"], overall["by_chance"]).to_numpy()
    figure.add_scatter(
        x=end + 0.015 * max(end.max(), 1.0),
        y=place,
        mode="text",
        text=[f"{100 * value:.0f}%" for value in overall["r2"]],
        textposition="middle right",
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )
    framed(figure, "Variance explained (%)", None, height, bargap=0.35)
    figure.update_xaxes(range=[0, 1.12 * max(end.max(), 1.0)])
    name_rows(figure, [plain(shortened(name, 28)) for name in overall["annotation"]])
    return figure


def explained_heat(explained: pd.DataFrame, order: list[str]) -> go.Figure:
    """Draw how much of every principal component each annotation explains; ``order`` has them from top to bottom."""
    require(explained, ["annotation", "component", "r2", "share"], "explained variance per component")
    height = 150 + 30 * max(len(order), 1)
    if explained.empty:
        return sentence("No annotation divides the samples into groups.", height)
    table = explained.pivot(index="annotation", columns="component", values="r2").loc[order]
    shares = explained.drop_duplicates("component").set_index("component")["share"]
    values = 100 * table.to_numpy(float)
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=[f"{component}<br>{100 * shares[component]:.0f}%" for component in table.columns],
            y=[plain(shortened(name, 28)) for name in table.index],
            zmin=0,
            zmax=100,
            colorscale="Cividis",
            text=[[f"{value:.0f}" for value in row] for row in values],
            texttemplate="%{text}",
            colorbar={"title": {"text": "Explained (%)", "side": "right"}, "thickness": 14},
            hovertemplate="<b>%{y}</b><br>component %{x} of the variance<br>%{z:.1f}% explained<extra></extra>",
        )
    )
    framed(figure, "Principal component, and its share of the variance", None, height)
    figure.update_xaxes(showgrid=False, type="category", tickangle=0)
    figure.update_yaxes(showgrid=False, type="category", autorange="reversed")
    return figure
