"""How training goes: the loss of training and held-out samples, epoch by epoch."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.plots.colours import NEUTRAL, TRAINING, VALIDATION
from landmark.plots.theme import framed, require, sentence

_HEIGHT = 380


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
        return sentence("The first epoch is not finished yet.", _HEIGHT)
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
    framed(figure, "Epoch", loss, _HEIGHT)
    last = epochs or max(int(history["epoch"].max()), 2)
    figure.update_xaxes(range=[0, last * 1.01], tickformat="d")
    figure.update_yaxes(type="log" if log else "linear", exponentformat="power", dtick=None)
    return figure
