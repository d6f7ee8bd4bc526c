"""What one gene contributes in each group of samples."""

import pandas as pd
import plotly.graph_objects as go

from landmark.figures.colours import AUTOENCODER
from landmark.figures.tables import require
from landmark.figures.template import framed, name_rows, sentence
from landmark.figures.text import counted, plain, shortened


def group_profile(groups: pd.DataFrame, gene: str) -> go.Figure:
    """Draw one gene's contribution in every group of samples, the largest first.

    Parameters
    ----------
    groups
        Columns group, contribution, samples (number of samples of the group).
    gene
        Name of the gene.
    """
    require(groups, ["group", "contribution", "samples"], "the contributions by group")
    if groups.empty:
        return sentence("No contribution of this gene by group of samples is known.", 200)
    groups = groups.sort_values("contribution", ascending=False, kind="stable")
    places = list(range(len(groups)))
    figure = go.Figure(
        go.Bar(
            x=groups["contribution"].to_numpy(),
            y=places,
            orientation="h",
            marker={"color": AUTOENCODER, "line": {"width": 0}},
            customdata=[
                f"<b>{plain(row.group)}</b>, {counted(int(row.samples), 'sample')}"
                for row in groups.itertuples()
            ],
            hovertemplate="%{customdata}<br>contribution <b>%{x:.4g}</b><extra></extra>",
            showlegend=False,
        )
    )
    framed(figure, f"Contribution of {plain(gene)}", "Group", 120 + 24 * len(places), bargap=0.25)
    name_rows(figure, [plain(shortened(name, 28)) for name in groups["group"]])
    figure.update_xaxes(rangemode="tozero")
    return figure
