"""Samples as dots in a plane: UMAP, principal components, any two coordinates."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.plots.colours import EDGE, OPEN_EDGE, OTHER, UNLABELLED, group_labels, label_styles
from landmark.plots.text import plain, plain_all, require, shortened
from landmark.plots.theme import LABEL_LEGEND, framed, marks, sentence

_HEIGHT = 520


def sample_scatter(
    table: pd.DataFrame, x: str, y: str, colour: str | None, x_title: str, y_title: str
) -> go.Figure:
    """Draw samples by any two of their columns, coloured by a third.

    Parameters
    ----------
    table
        Column sample and the columns named by the other parameters; one row per sample. Each mark has the number
        of its row as its id.
    x, y
        Columns of the coordinates.
    colour
        Column of labels: beyond 20 of them the rarest become "other". ``None`` draws all alike.
    x_title, y_title
        Titles of the axes, with units ("PC 1 (23% of variance)").
    """
    require(table, ["sample", x, y, *([colour] if colour else [])], "samples")
    if table.empty:
        return sentence("There are no samples to show.", _HEIGHT)
    labels = (
        table[colour].reset_index(drop=True) if colour else pd.Series("all samples", index=range(len(table)))
    )
    if colour == "cluster":
        labels = "cluster " + labels.astype(str)
    groups = group_labels(labels)
    names = pd.Series(plain_all(table["sample"]))
    own = pd.Series(plain_all(labels))
    size = 7 if len(table) < 500 else 6 if len(table) < 3000 else 4
    figure = go.Figure()
    styles = label_styles(groups)
    # The greys first: they lie under the groups that have a name, and still stand last in the legend.
    for group in sorted(styles, key=lambda name: name not in (OTHER, UNLABELLED)):
        shade, symbol = styles[group]
        rows = (groups == group).to_numpy()
        figure.add_trace(
            marks(len(table))(
                x=table[x].to_numpy()[rows],
                y=table[y].to_numpy()[rows],
                mode="markers",
                name=f"{plain(shortened(group))} ({rows.sum():,})",
                # A group each: such legends pack by the width of their entries, not in columns of the widest.
                legendgroup=group,
                # the row in the table, by which a selection is told
                ids=np.flatnonzero(rows).astype(str).tolist(),
                legendrank=1000 + list(styles).index(group),
                text=names[rows].tolist(),
                customdata=own[rows].tolist(),
                marker={
                    "color": shade,
                    "symbol": symbol,
                    "size": size,
                    "opacity": 0.85,
                    "line": OPEN_EDGE if symbol.endswith("-open") else EDGE,
                },
                hovertemplate="<b>%{text}</b><br>%{customdata}<extra></extra>",
                showlegend=colour is not None,
            )
        )
    # Room for the rows of a long legend on a narrow page.
    framed(figure, plain(x_title), plain(y_title), _HEIGHT + 6 * len(figure.data))
    figure.update_layout(legend=LABEL_LEGEND)
    figure.update_xaxes(zeroline=False, nticks=7)
    figure.update_yaxes(zeroline=False, nticks=7)
    return figure
