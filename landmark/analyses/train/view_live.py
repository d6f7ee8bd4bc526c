"""The loss of a running training, as far as it has come."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from landmark.plots.training import training_curve
from landmark.store.activity import Activity
from landmark.ui.figure import on_this_page


def live_loss(
    activity: Activity,
    epochs: int,
    loss: str,
    epoch_of: Callable[[float], float] = float,
    names: tuple[str, str] = ("training samples", "held-out samples"),
) -> None:
    """Draw the loss of the training at work; where a run trains several networks, that of the present one."""
    lines = [line for line in activity.progress() if "validation_loss" in line["values"]]
    rows = [
        {"epoch": epoch_of(line["done"]), **line["values"]}
        for line in lines
        if line["stage"] == lines[-1]["stage"]
    ]
    history = pd.DataFrame(rows, columns=["epoch", "train_loss", "validation_loss"])
    # A resumed training repeats the epochs after its checkpoint: the later line holds.
    history = history.drop_duplicates("epoch", keep="last").sort_values("epoch")
    key = f"live-{activity.id}"
    with st.container(horizontal=True):
        log = st.toggle("Logarithmic loss", key=f"{key}-log", help="Opens up the late epochs.")
        # A new chart replaces the old one with every epoch, and with it goes the reader's zoom.
        held = st.toggle(
            "Hold still",
            key=f"{key}-held",
            disabled=not activity.active,
            help="Keeps the curve as it is now, to zoom into it; training goes on.",
        )
    kept = f"kept {key}"
    if not held or kept not in st.session_state:
        st.session_state[kept] = history
    curve = training_curve(st.session_state[kept], log=log, epochs=epochs, loss=loss, names=names)
    st.plotly_chart(on_this_page(curve), key=key, theme="streamlit")
