"""Figures of functions: enriched terms as dots (Kong et al. 2021, Fig. 5), and terms that share genes."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.genesets.enrichment import jaccard
from landmark.plots.colours import EDGE, NEUTRAL, OPEN_EDGE, SIGNIFICANCE
from landmark.plots.theme import (
    SHARE,
    framed,
    name_rows,
    plain,
    plain_all,
    require,
    sentence,
    shortened,
    wrapped,
)
from landmark.wording import counted

_LARGEST = 22.0
_SMALLEST = 7.0


def enrichment_dots(enrichment: pd.DataFrame, genes: int, top: int = 18) -> go.Figure:
    """Draw the terms with the smallest adjusted p-values, the smallest first.

    Place: share of the set's genes that the term holds, with a tick where chance would put it. Size: number of
    genes. Colour: class of the adjusted p-value; terms that are not significant at 0.05 are open circles.

    ``enrichment``: columns term, overlap, size, expected, p_adjusted, as in the table of the run; ``genes``: number of
    genes of the set; ``top``: most terms to draw.
    """
    require(enrichment, ["term", "overlap", "size", "expected", "p_adjusted"], "enriched terms")
    if enrichment.empty:
        return sentence("No term shares a gene with this set.")
    best = enrichment.nsmallest(top, "p_adjusted", keep="first").reset_index(drop=True)
    overlap = best["overlap"].to_numpy(float)
    share, chance = 100 * overlap / genes, 100 * best["expected"].to_numpy(float) / genes
    size = _SMALLEST + (_LARGEST - _SMALLEST) * np.sqrt(overlap / overlap.max())
    hover = np.array([_described(row, genes) for row in best.itertuples()], dtype=object)
    p = best["p_adjusted"].to_numpy(float)
    figure = go.Figure()
    figure.add_scatter(
        x=chance,
        y=np.arange(len(best)),
        mode="markers",
        name="chance",
        marker={"symbol": "line-ns-open", "size": 13, "color": NEUTRAL, "line": {"width": 2}},
        hoverinfo="skip",
    )
    below = 0.0
    for bound, (name, colour, symbol) in SIGNIFICANCE.items():
        rows = (p >= below) & (p < bound)
        below = bound
        if rows.any():
            figure.add_scatter(
                x=share[rows],
                y=np.flatnonzero(rows),
                mode="markers",
                name=name,
                marker={
                    "size": size[rows],
                    "color": colour,
                    "symbol": symbol,
                    "line": OPEN_EDGE if symbol.endswith("-open") else EDGE,
                    "opacity": 1,
                },
                showlegend=True,
                customdata=hover[rows],
                hovertemplate="%{customdata}<extra></extra>",
            )
    framed(
        figure,
        f"% of the {genes:,} genes of the set<br>larger dot: more genes",
        "Term",
        150 + 30 * len(best),
    )
    figure.update_layout(legend={"itemsizing": "constant"})
    figure.update_xaxes(rangemode="tozero")
    name_rows(figure, [wrapped(term) for term in best["term"]], showgrid=True, tickfont={"size": 11})
    return figure


def _described(row: object, genes: int) -> str:
    return (
        f"<b>{plain(row.term)}</b><br>{counted(int(row.overlap), 'gene')} of {genes:,} in the set, "  # type: ignore[attr-defined]
        f"{row.expected:.1f} by chance<br>{int(row.size):,} genes in the term<br>adjusted p {row.p_adjusted:.2g}"  # type: ignore[attr-defined]
    )


def term_overlap(enrichment: pd.DataFrame, top: int = 18) -> go.Figure:
    """Draw how many of their genes any two terms share, terms of one group side by side.

    ``enrichment``: columns term, genes (those of the set, separated by blanks), group, p_adjusted; of them the ``top``
    terms of the smallest adjusted p-value.
    """
    require(enrichment, ["term", "genes", "group", "p_adjusted"], "enriched terms")
    if len(enrichment) < 2:
        return sentence("Two terms or more are needed to compare them.")
    best = enrichment.nsmallest(top, "p_adjusted", keep="first").sort_values("group", kind="stable")
    shared = 100 * jaccard(best["genes"])
    places = np.arange(len(best))
    names = plain_all(best["term"])
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
        [f"{plain(shortened(bare(row.term), 26))}  [{row.group}]" for row in best.itertuples()],
        tickfont={"size": 11},
    )
    return figure


def bare(term: object) -> str:
    """Leave the identifier of GO out, which hover texts and tables keep."""
    return str(term).partition(" (GO:")[0]
