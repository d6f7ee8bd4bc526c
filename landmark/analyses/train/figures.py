"""How training goes, and what the autoencoder learned, gene by gene (Kong et al. 2021, Fig. 2a)."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from landmark.plots.colours import AUTOENCODER, NEUTRAL, PCA, TRAINING, VALIDATION
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

    Below the densities every gene is a dot of its own, so that one can be picked; ``gene`` is marked if it is there.
    ``reconstruction``: columns gene, mae, pcc and, where the baseline was computed, mae_pca, pcc_pca; one row per gene.
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
    figure.update_yaxes(title_text="Density of genes", showticklabels=False)
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


_CURVE_HEIGHT = 380


def training_curve(
    history: pd.DataFrame,
    log: bool = False,
    epochs: int | None = None,
    loss: str = "Loss",
    names: tuple[str, str] = ("training samples", "held-out samples"),
) -> go.Figure:
    """Draw the loss against the epoch.

    Parameters
    ----------
    history
        Columns epoch, train_loss, validation_loss; one row per finished epoch.
    epochs
        Planned epochs: the x axis spans them from the start, so a live curve grows without rescaling.
    loss, names
        Name of the loss with its unit, and what the two losses are of.
    """
    require(history, ["epoch", "train_loss", "validation_loss"], "the training history")
    if history.empty:
        return sentence("The first epoch is not finished yet.", _CURVE_HEIGHT)
    figure = go.Figure()
    few = len(history) <= 60
    for column, name, colour, dash, symbol in (
        ("train_loss", names[0], TRAINING, "solid", "circle"),
        ("validation_loss", names[1], VALIDATION, "dash", "diamond"),
    ):
        figure.add_scatter(
            x=history["epoch"],
            y=history[column],
            name=name,
            mode="lines+markers" if few else "lines",
            line={"color": colour, "width": 2.5, "dash": dash},
            marker={"symbol": symbol, "size": 6},
            hovertemplate=f"{name}<br>epoch %{{x}}: <b>%{{y:.4g}}</b><extra></extra>",
        )
    validation = history["validation_loss"].to_numpy(float)
    if np.isfinite(validation).any():
        best = int(np.nanargmin(validation))
        figure.add_scatter(
            x=history["epoch"].iloc[[best]],
            y=history["validation_loss"].iloc[[best]],
            name=f"lowest of {names[1]}: {validation[best]:.4g} at epoch {int(history['epoch'].iloc[best])}",
            mode="markers",
            marker={
                "symbol": "star",
                "size": 13,
                "color": VALIDATION,
                "line": {"color": NEUTRAL, "width": 1},
            },
            hoverinfo="skip",
        )
    framed(figure, "Epoch", loss, _CURVE_HEIGHT)
    last = epochs or max(int(history["epoch"].max()), 2)
    figure.update_xaxes(range=[0, last * 1.01], tickformat="d")
    figure.update_yaxes(type="log" if log else "linear", exponentformat="power", dtick=None)
    return figure
