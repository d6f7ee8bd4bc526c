"""Which enriched terms were found by the same genes."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.figures.scales import SHARE
from landmark.figures.tables import require
from landmark.figures.template import framed, name_rows, sentence
from landmark.figures.text import plain, shortened
from landmark.genesets.enrichment import jaccard


def term_overlap(enrichment: pd.DataFrame, top: int = 18) -> go.Figure:
    """Draw how many of their genes any two terms share, terms of one group side by side.

    Parameters
    ----------
    enrichment
        Columns term, genes (those of the set, separated by blanks), group, p_adjusted.
    top
        Most terms to draw, those of the smallest adjusted p-value.
    """
    require(enrichment, ["term", "genes", "group", "p_adjusted"], "enriched terms")
    if len(enrichment) < 2:
        return sentence("Two terms or more are needed to compare them.")
    best = enrichment.nsmallest(top, "p_adjusted", keep="first").sort_values("group", kind="stable")
    shared = 100 * jaccard(best["genes"])
    places = np.arange(len(best))
    names = [plain(term) for term in best["term"]]
    figure = go.Figure(
        go.Heatmap(
            z=shared,
            x=places,
            y=places,
            zmin=0,
            zmax=100,
            colorscale=SHARE,
            xgap=1,
            ygap=1,
            customdata=[[f"<b>{one}</b><br>and <b>{other}</b>" for other in names] for one in names],
            hovertemplate="%{customdata}<br>share %{z:.0f}% of their genes<extra></extra>",
            # above: at the side it would leave little of a narrow page
            colorbar={
                "title": {"text": "genes shared (%)", "side": "top"},
                "orientation": "h",
                "x": 0.5,
                "y": 1.01,
                "yanchor": "bottom",
                "len": 0.9,
                "thickness": 10,
                "outlinewidth": 0,
            },
        )
    )
    framed(figure, "The same terms", "Term", 190 + 26 * len(best))
    figure.update_layout(margin={"t": 70})
    figure.update_xaxes(showticklabels=False, tickvals=[], showgrid=False, range=[-0.6, len(best) - 0.4])
    name_rows(
        figure,
        [f"{plain(shortened(_bare(row.term), 26))}  [{row.group}]" for row in best.itertuples()],
        tickfont={"size": 11},
    )
    return figure


def _bare(term: object) -> str:
    """Leave the identifier of GO out, which the hover text keeps."""
    return str(term).partition(" (GO:")[0]
