"""What the units of the bottleneck say of each cluster of samples."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from scipy.cluster import hierarchy

from landmark.errors import BadData
from landmark.figures.scales import BELOW_ABOVE
from landmark.figures.template import framed, name_rows, sentence
from landmark.figures.text import counted, plain

_MOST_UNITS = 60
"""More would be narrower than a line on a small page."""

_FEWEST = 1.0
"""Least end of the colour scale, in standard deviations."""


def unit_heat(profiles: pd.DataFrame, sizes: dict[int, int], most: int = _MOST_UNITS) -> go.Figure:
    """Draw the mean of every unit in every cluster; units of like profile stand side by side.

    Parameters
    ----------
    profiles
        One row per cluster (index: its number), one column per unit, in standard deviations from the mean of all
        samples.
    sizes
        Number of samples of each cluster.
    most
        Most units to draw, those that differ most between clusters.

    Raises
    ------
    BadData
        When a cluster has no size.
    """
    if profiles.empty or profiles.shape[1] == 0:
        return sentence("There are no clusters to show.", 200)
    if missing := [name for name in profiles.index if name not in sizes]:
        raise BadData(f"The size of cluster {missing[0]} is not known. Cluster the samples again.")
    spread = profiles.to_numpy(float).std(0)
    kept = np.sort(np.argsort(-spread, kind="stable")[:most])
    values = profiles.to_numpy(float)[:, kept]
    order = _order(values)
    values, units = values[:, order], profiles.columns.to_numpy()[kept][order]
    reach = max(float(np.abs(values).max()), _FEWEST)
    rows = np.arange(len(profiles))
    columns = np.arange(len(units))
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=columns,
            y=rows,
            zmin=-reach,
            zmax=reach,
            colorscale=BELOW_ABOVE,
            customdata=[
                [f"<b>cluster {cluster}</b>, unit {unit}" for unit in units] for cluster in profiles.index
            ],
            hovertemplate="%{customdata}<br>%{z:+.2f} SD from the mean<extra></extra>",
            colorbar={"title": {"text": "SD"}, "thickness": 12, "outlinewidth": 0},
            ygap=1,
        )
    )
    few = len(units) <= 40
    shown = "all" if len(units) == profiles.shape[1] else f"the {len(units)} that differ most"
    framed(figure, f"Units of the bottleneck, {shown}", "Cluster", 150 + 28 * min(len(rows), 20))
    figure.update_xaxes(
        showgrid=False,
        showticklabels=few,
        tickvals=columns if few else [],
        ticktext=[str(unit) for unit in units] if few else [],
    )
    name_rows(
        figure,
        [plain(f"{name} ({counted(sizes[name], 'sample')})") for name in profiles.index],
        range=[len(rows) - 0.5, -0.5],
    )
    return figure


def _order(values: np.ndarray) -> np.ndarray:
    """Order columns so that like ones are neighbours."""
    if values.shape[1] < 3:
        return np.arange(values.shape[1])
    return hierarchy.leaves_list(hierarchy.linkage(values.T, "average", optimal_ordering=True))
