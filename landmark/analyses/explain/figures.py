"""Which landmark genes drive the prediction of a target gene, in all samples and in groups of them."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.plots.colours import LOWERS, RAISES, SIDES
from landmark.plots.theme import framed, name_rows, plain, plain_all, require, sentence, shortened

_ROW = 22


def driver_bars(contributions: pd.DataFrame, target: str, most: int = 20) -> go.Figure:
    """Draw the landmark genes that contribute most to one target gene, to the right where they raise it.

    ``contributions``: columns gene, mean_absolute, slope; of one target.
    """
    require(contributions, ["gene", "mean_absolute", "slope"], "the contributions")
    if contributions.empty:
        return sentence("No contribution is known.", 200)
    shown = contributions.sort_values("mean_absolute", ascending=False, kind="stable").head(most)
    figure = go.Figure()
    places = np.arange(len(shown))
    raises = (shown["slope"] >= 0).to_numpy()
    for side, colour, name in (
        (raises, RAISES, "raises the prediction"),
        (~raises, LOWERS, "lowers the prediction"),
    ):
        part = shown[side]
        figure.add_bar(
            x=np.where(part["slope"] >= 0, 1, -1) * part["mean_absolute"].to_numpy(),
            y=places[side],
            orientation="h",
            # Plotly would take the width from the smallest distance within each side.
            width=0.75,
            name=name,
            marker={"color": colour, "line": {"width": 0}},
            text=plain_all(part["gene"]),
            textposition="none",
            customdata=np.stack([part["mean_absolute"], part["slope"]], axis=1),
            hovertemplate="<b>%{text}</b><br>mean |contribution| <b>%{customdata[0]:.4g}</b><br>"
            "effect of one standard deviation %{customdata[1]:+.4g}<extra></extra>",
        )
    title = f"Contribution to {plain(target)} (its standard deviations)"
    framed(figure, title, None, 110 + _ROW * len(shown), barmode="overlay")
    name_rows(figure, plain_all(shown["gene"]))
    figure.update_xaxes(zeroline=True)
    return figure


def driver_groups(groups: pd.DataFrame, genes: list[str], target: str) -> go.Figure:
    """Draw the mean contribution of landmark genes, from the top, in every group of samples.

    ``groups``: columns gene, group, mean; of one target, groups in the order of their size.
    """
    require(groups, ["gene", "group", "mean"], "the contributions by group")
    chosen = groups[groups["gene"].isin(set(genes))]
    if chosen.empty:
        return sentence("No contribution by group of samples is known.", 200)
    names = list(dict.fromkeys(chosen["group"].astype(str)))
    wide = chosen.assign(gene=chosen["gene"].astype(str), group=chosen["group"].astype(str))
    values = wide.pivot(index="gene", columns="group", values="mean").loc[genes, names].to_numpy(float)
    largest = float(np.abs(values).max()) or 1.0
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=np.arange(len(names)),
            y=np.arange(len(genes)),
            zmin=-largest,
            zmax=largest,
            colorscale=SIDES,
            xgap=1,
            ygap=1,
            customdata=[[f"<b>{plain(gene)}</b> in {plain(name)}" for name in names] for gene in genes],
            hovertemplate=f"%{{customdata}}<br>moves {plain(target)} by <b>%{{z:+.4g}}</b><extra></extra>",
            colorbar={"title": {"text": "Mean contribution", "side": "right"}, "thickness": 12},
        )
    )
    framed(figure, None, None, 130 + _ROW * len(genes), margin={"l": 8, "r": 16, "t": 8, "b": 8})
    name_rows(figure, plain_all(genes))
    figure.update_xaxes(
        tickmode="array",
        tickvals=list(range(len(names))),
        ticktext=[plain(shortened(name, 18)) for name in names],
        showgrid=False,
    )
    return figure
