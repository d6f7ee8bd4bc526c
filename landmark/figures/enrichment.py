"""What the chosen genes do: enriched terms as dots (Kong et al. 2021, Fig. 5)."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.figures.colours import EDGE, OPEN_EDGE, SIGNIFICANCE
from landmark.figures.tables import require
from landmark.figures.template import framed, sentence
from landmark.figures.text import counted, plain, wrapped

_LARGEST = 22.0
_SMALLEST = 7.0


def enrichment_dots(enrichment: pd.DataFrame, top: int = 20) -> go.Figure:
    """Draw the terms with the smallest adjusted p-values, the smallest first.

    Place: share of the term's genes that are in the set. Size: number of genes. Colour: class of the adjusted
    p-value; terms that are not significant at 0.05 are open circles.

    Parameters
    ----------
    enrichment
        Columns term, overlap, p_adjusted. ``overlap`` is the number of genes, or "5/120" for 5 of the term's
        120 genes.
    top
        Most terms to draw.
    """
    require(enrichment, ["term", "overlap", "p_adjusted"], "enriched terms")
    if enrichment.empty:
        return sentence("No term shares a gene with this set.")
    best = enrichment.nsmallest(top, "p_adjusted", keep="first").reset_index(drop=True)
    genes, share = _overlaps(best["overlap"])
    size = _SMALLEST + (_LARGEST - _SMALLEST) * np.sqrt(genes / max(genes.max(), 1))
    hover = np.array(
        [
            f"<b>{plain(row.term)}</b><br>{counted(int(count), 'gene')} ({plain(row.overlap)})"
            f"<br>adjusted p {row.p_adjusted:.2g}"
            for row, count in zip(best.itertuples(), genes, strict=True)
        ],
        dtype=object,
    )
    p = best["p_adjusted"].to_numpy(float)
    figure = go.Figure()
    below = 0.0
    for bound, (name, colour, symbol) in SIGNIFICANCE.items():
        rows = (p >= below) & (p < bound)
        below = bound
        if rows.any():
            figure.add_scatter(
                x=(genes if share is None else share)[rows],
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
    unit = "" if share is None else " (%)"
    framed(
        figure,
        f"Genes of the term in the set{unit}<br>larger dot: more genes",
        "Term",
        150 + 30 * len(best),
    )
    figure.update_layout(legend={"itemsizing": "constant"})
    figure.update_xaxes(rangemode="tozero")
    figure.update_yaxes(
        tickmode="array",
        tickvals=np.arange(len(best)),
        ticktext=[wrapped(term) for term in best["term"]],
        tickfont={"size": 11},
        range=[len(best) - 0.4, -0.6],
    )
    return figure


def _overlaps(overlap: pd.Series) -> tuple[np.ndarray, np.ndarray | None]:
    """Read "5/120" or 5 as the number of genes, and the share in per cent where the term's size is given."""
    parts = overlap.astype(str).str.split("/", expand=True).astype(float)
    genes = parts[0].to_numpy()
    return genes, 100 * genes / parts[1].to_numpy() if parts.shape[1] == 2 else None
