"""What the autoencoder learned, gene by gene (Kong et al. 2021, Fig. 2a)."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from landmark.figures.colours import AUTOENCODER, PCA, faded
from landmark.figures.density import density, finite, grid
from landmark.figures.measures import MEASURES
from landmark.figures.tables import require
from landmark.figures.template import framed, sentence

_HEIGHT = 400


def gene_accuracy_densities(reconstruction: pd.DataFrame) -> go.Figure:
    """Draw the densities of MAE and PCC over genes, the autoencoder beside principal components.

    Parameters
    ----------
    reconstruction
        Columns gene, mae, pcc and, where the baseline was computed, mae_pca, pcc_pca; one row per gene.
    """
    require(reconstruction, ["gene", "mae", "pcc"], "reconstruction per gene")
    if reconstruction.empty:
        return sentence("No gene has been reconstructed yet.", _HEIGHT)
    figure = make_subplots(rows=1, cols=2, horizontal_spacing=0.12)
    for place, measure in enumerate(MEASURES.values(), start=1):
        samples = {
            name: reconstruction[column].to_numpy(float)
            for name, column in (("autoencoder", measure.column), ("PCA", f"{measure.column}_pca"))
            if column in reconstruction
        }
        at = grid(list(samples.values()), measure.low, measure.high)
        for name, values in samples.items():
            colour, dash = (PCA, "dash") if name == "PCA" else (AUTOENCODER, "solid")
            figure.add_scatter(
                x=at,
                y=density(values, at),
                name=_with_means(name, reconstruction),
                legendgroup=name,
                showlegend=place == 1,
                mode="lines",
                line={"color": colour, "width": 2.5, "dash": dash},
                fill="tozeroy",
                fillcolor=faded(colour, 0.18),
                hovertemplate=f"{name}<br>{measure.short} %{{x:.3f}}<extra></extra>",
                row=1,
                col=place,
            )
            known = finite(values)
            if known.size:
                figure.add_vline(
                    x=float(np.mean(known)),
                    line={"color": colour, "width": 1.5, "dash": "dot"},
                    row=1,
                    col=place,
                )
        figure.update_xaxes(title_text=measure.axis, nticks=6, row=1, col=place)
    framed(figure, None, None, _HEIGHT)
    figure.update_yaxes(title_text="Density of genes", row=1, col=1)
    figure.update_yaxes(title_text="Density of genes", row=1, col=2)
    figure.update_yaxes(rangemode="tozero", showticklabels=False)
    return figure


def _with_means(name: str, reconstruction: pd.DataFrame) -> str:
    suffix = "_pca" if name == "PCA" else ""
    means = [(m.short, finite(reconstruction[f"{m.column}{suffix}"].to_numpy())) for m in MEASURES.values()]
    return f"{name}: mean " + ", ".join(f"{short} {v.mean():.3f}" for short, v in means if v.size)
