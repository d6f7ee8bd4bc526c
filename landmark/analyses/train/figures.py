"""What the autoencoder learned, gene by gene (Kong et al. 2021, Fig. 2a)."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from landmark.plots.colours import AUTOENCODER, PCA, VALIDATION
from landmark.plots.comparison import MEASURES
from landmark.plots.distributions import add_density, finite, grid
from landmark.plots.theme import framed, marks, plain, plain_all, require, sentence

_HEIGHT = 430
_SHOWN = (MEASURES["mae"], MEASURES["pcc"])

GENES = "genes"
"""``meta`` of the traces whose points are genes, in the order of the table."""

_BAND = (0.06, 0.22)
"""Where the dots of single genes lie below the densities, in heights of the tallest."""


def gene_accuracy_densities(reconstruction: pd.DataFrame, gene: str = "") -> go.Figure:
    """Draw the densities of MAE and PCC over genes, the autoencoder beside principal components.

    Below the densities every gene is a dot of its own, so that one can be picked.

    Parameters
    ----------
    reconstruction
        Columns gene, mae, pcc and, where the baseline was computed, mae_pca, pcc_pca; one row per gene.
    gene
        A gene to mark; none where it is empty or not in the table.
    """
    require(reconstruction, ["gene", "mae", "pcc"], "reconstruction per gene")
    if reconstruction.empty:
        return sentence("No gene has been reconstructed yet.", _HEIGHT)
    figure = make_subplots(rows=1, cols=2, horizontal_spacing=0.12)
    for place, measure in enumerate(_SHOWN, start=1):
        samples = {
            name: reconstruction[column].to_numpy(float)
            for name, column in (("autoencoder", measure.column), ("PCA", f"{measure.column}_pca"))
            if column in reconstruction
        }
        at = grid(list(samples.values()), measure.low, measure.high)
        tallest = 0.0
        for name, values in samples.items():
            colour, dash = (PCA, "dash") if name == "PCA" else (AUTOENCODER, "solid")
            height = add_density(
                figure,
                values,
                at,
                colour,
                dash,
                filled=0.18,
                mean=True,
                name=_with_means(name, reconstruction),
                legendgroup=name,
                showlegend=place == 1,
                hovertemplate=f"{name}<br>{measure.short} %{{x:.3f}}<extra></extra>",
                row=1,
                col=place,
            )
            tallest = max(tallest, float(height.max()))
        _dots(figure, reconstruction, measure.column, tallest or 1.0, gene, place)
        figure.update_xaxes(title_text=measure.axis, nticks=6, row=1, col=place)
    framed(figure, None, None, _HEIGHT)
    figure.update_yaxes(title_text="Density of genes", row=1, col=1)
    figure.update_yaxes(title_text="Density of genes", row=1, col=2)
    figure.update_yaxes(showticklabels=False)
    return figure


def _dots(
    figure: go.Figure, reconstruction: pd.DataFrame, column: str, tallest: float, gene: str, place: int
) -> None:
    """Draw one dot per gene in a band below the densities, and mark one gene."""
    near, far = _BAND
    spread = np.random.default_rng(0).random(len(reconstruction))  # the same at each drawing
    figure.add_trace(
        marks(len(reconstruction))(
            x=reconstruction[column],
            y=-tallest * (near + (far - near) * spread),
            mode="markers",
            marker={"color": AUTOENCODER, "size": 4, "opacity": 0.5},
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 0.5}},
            text=plain_all(reconstruction["gene"]),
            customdata=reconstruction[["mae", "pcc"]].to_numpy(float),
            hovertemplate="<b>%{text}</b><br>MAE %{customdata[0]:.3f}<br>PCC %{customdata[1]:.3f}<extra></extra>",
            meta=GENES,
            showlegend=False,
        ),
        row=1,
        col=place,
    )
    marked = reconstruction.loc[reconstruction["gene"] == gene, column]
    if len(marked) and np.isfinite(marked.iloc[0]):
        # Shapes and annotations lie above dots of WebGL; traces would lie below.
        at, foot = float(marked.iloc[0]), -(far + 0.02) * tallest
        left = at < np.nanmedian(reconstruction[column])
        line = {"color": VALIDATION, "width": 3}
        figure.add_shape(type="line", x0=at, x1=at, y0=0, y1=foot, line=line, row=1, col=place)
        figure.add_annotation(
            x=at,
            y=foot,
            text=plain(gene),
            showarrow=False,
            xanchor="left" if left else "right",
            yanchor="top",
            row=1,
            col=place,
        )
    figure.update_yaxes(range=[-(far + 0.14) * tallest, 1.06 * tallest], row=1, col=place)


def _with_means(name: str, reconstruction: pd.DataFrame) -> str:
    suffix = "_pca" if name == "PCA" else ""
    means = [(m.short, finite(reconstruction[f"{m.column}{suffix}"].to_numpy())) for m in _SHOWN]
    return f"{name}: mean " + ", ".join(f"{short} {v.mean():.3f}" for short, v in means if v.size)
