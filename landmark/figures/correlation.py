"""Correlations between samples as a heat map."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from landmark.figures.colours import group_labels, label_styles
from landmark.figures.template import framed, sentence
from landmark.figures.text import plain, plain_all, shortened


def correlation_heat(correlation: pd.DataFrame, labels: pd.Series | None = None) -> go.Figure:
    """Draw the correlations of samples, similar ones side by side, with a strip of their labels on top.

    Parameters
    ----------
    correlation
        Column sample, then one column per sample in the same order.
    labels
        Label of every sample of the dataset, by its name: colours follow all of them, as in other figures, also where
        only some samples are drawn.
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
