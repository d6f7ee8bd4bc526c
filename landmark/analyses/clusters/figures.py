"""Figures of clusters: agreement with labels, where the tree may be cut, and values of the units."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots
from scipy.cluster import hierarchy

from landmark.errors import BadData
from landmark.plots.colours import ALL_GENES, AUTOENCODER, NEUTRAL, PCA, RANDOM
from landmark.plots.theme import (
    BELOW_ABOVE,
    framed,
    guide,
    interval,
    name_rows,
    plain,
    plain_all,
    require,
    sentence,
)
from landmark.wording import counted

_MEASURES = {
    "adjusted_rand": "Clusters match labels<br>(adjusted Rand index)",
    "mutual_information": "Clusters against labels<br>(mutual information)",
    "silhouette": "Labels lie apart<br>(silhouette)",
    "neighbour_accuracy": "Nearest neighbour<br>has the label",
    "held_out_accuracy": "The same,<br>held-out samples",
}
"""Measures of agreement by their column, in plain words."""

_REQUIRED = list(_MEASURES)[:4]
_NUMBERS = 1.3
"""Right end of the numbers."""

_COLOURS = (("bottleneck", AUTOENCODER), ("pca", PCA), ("all genes", ALL_GENES), ("permuted", RANDOM))


def agreement_bars(agreement: pd.DataFrame) -> go.Figure:
    """Draw each measure of agreement in a panel of its own, one bar per representation of the samples.

    ``agreement``: the table of the run; ``<measure>_low`` and ``<measure>_high``, where they are there, are whiskers.
    """
    require(agreement, ["representation", *_REQUIRED], "agreement")
    measures = [name for name in _MEASURES if name in agreement and agreement[name].notna().any()]
    rows = len(agreement)
    lines = max((len(measures) + 1) // 2, 1)
    height = 50 + lines * (92 + 25 * max(rows, 1))
    if agreement.empty:
        return sentence("The agreement with labels has not been measured yet.", height)
    figure = make_subplots(
        rows=lines, cols=2, shared_yaxes=True, horizontal_spacing=0.06, vertical_spacing=0.6 / (lines + 1)
    )
    names = plain_all(agreement["representation"])
    shades = [_shade(name) for name in agreement["representation"]]
    for place, column in enumerate(measures):
        cell = {"row": place // 2 + 1, "col": place % 2 + 1}
        values = agreement[column].to_numpy(float)
        said = _MEASURES[column].replace("<br>", " ")
        low, high = (agreement.get(f"{column}_{end}") for end in ("low", "high"))
        within = [""] * rows
        if low is not None and high is not None:
            within = [f"<br>95% from {a:z.3f} to {b:z.3f}" for a, b in zip(low, high, strict=True)]
        figure.add_bar(
            x=values,
            y=names,
            orientation="h",
            marker={"color": shades, "line": {"width": 0}},
            error_x=None if low is None else interval(agreement[column], low, high, NEUTRAL),
            customdata=within,
            hovertemplate=f"<b>%{{y}}</b><br>{said}: %{{x:.3f}}%{{customdata}}<extra></extra>",
            showlegend=False,
            **cell,
        )
        # in a column of their own, where no whisker crosses them
        figure.add_scatter(
            x=np.full(rows, _NUMBERS),
            y=names,
            mode="text",
            text=[f"{value:z.2f}" for value in values],
            textposition="middle left",
            hoverinfo="skip",
            showlegend=False,
            **cell,
        )
        figure.update_xaxes(title_text=_MEASURES[column], **cell)
    framed(figure, height=height, bargap=0.3)
    least = np.nanmin(agreement[[name for name in agreement if name.startswith(tuple(measures))]])
    figure.update_xaxes(
        range=[min(float(least) - 0.03, 0.0), _NUMBERS + 0.02],
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        zeroline=True,
        zerolinecolor=NEUTRAL,
        title_font={"size": 12},
    )
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    if len(measures) % 2:
        figure.update_xaxes(visible=False, row=lines, col=2)
        figure.update_yaxes(visible=False, row=lines, col=2)
    return figure


def _shade(representation: str) -> str:
    lower = str(representation).lower()
    return next((colour for start, colour in _COLOURS if lower.startswith(start)), NEUTRAL)


def cut_curve(cuts: pd.DataFrame, chosen: int) -> go.Figure:
    """Draw how well separated the clusters of every cut are, and how far they match the labels.

    ``cuts``: columns clusters, silhouette, and adjusted_rand where samples have labels; ``chosen``: the number of
    clusters shown elsewhere on the page.
    """
    require(cuts, ["clusters", "silhouette"], "cuts of the tree")
    if cuts.empty:
        return sentence("The tree cannot be cut in more than one way.", 260)
    figure = go.Figure()
    for column, name, colour, dash in (
        ("silhouette", "silhouette of the clusters", AUTOENCODER, None),
        ("adjusted_rand", "match with labels (adjusted Rand index)", NEUTRAL, "dot"),
    ):
        if column not in cuts:
            continue
        figure.add_scatter(
            x=cuts["clusters"],
            y=cuts[column],
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 2, "dash": dash},
            marker={"size": 6},
            hovertemplate=f"<b>%{{x}} clusters</b><br>{name} %{{y:.3f}}<extra></extra>",
        )
    best = cuts.loc[cuts["silhouette"].idxmax()]
    figure.add_scatter(
        x=[best["clusters"]],
        y=[best["silhouette"]],
        name="proposed",
        mode="markers",
        marker={"size": 13, "symbol": "circle-open", "color": AUTOENCODER, "line": {"width": 2}},
        hoverinfo="skip",
    )
    figure.add_vline(x=chosen, line=guide(dash="dash"))
    framed(figure, "Number of clusters", "From -1 to 1", 280)
    first, last = cuts["clusters"].min(), cuts["clusters"].max()
    figure.update_xaxes(dtick=1 if len(cuts) <= 20 else 5, range=[first - 0.5, last + 0.5])
    return figure


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
        Number of samples of each cluster; one without it is BadData.
    most
        Most units to draw, those that differ most between clusters.
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
