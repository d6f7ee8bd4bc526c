"""How often to repeat a choice, and what that will cost."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from landmark.analyses.stability.config import StabilityConfiguration
from landmark.analyses.train.results import TrainResults
from landmark.runs.store import Run
from landmark.ui import resources
from landmark.ui.clock import duration
from landmark.ui.form import fields
from landmark.ui.jobs import start
from landmark.ui.panels.selection_gene import models_of
from landmark.wording import counted

LABELS = {
    "seeds": "Seeds",
    "halves": "Divisions into halves",
    "threshold": "Exchangeable from a correlation of",
    "epochs": "Epochs on halves (0: as many as before)",
    "seed": "Seed of the halves",
}


def form(selection: Run, first: bool, disabled: bool) -> None:
    """Show the form, say what it will cost, and start on request."""
    with st.expander("Repeat it" if first else "Repeat it again", expanded=first, icon=":material/casino:"):
        values = fields(StabilityConfiguration, LABELS, "stability", LABELS, columns=3)
        nothing = values["seeds"] == 1 and not values["halves"]
        st.caption(
            "Choose at least 2 seeds or 1 division into halves." if nothing else cost(selection, values)
        )
        if st.button(
            "Repeat the choice",
            type="primary" if first else "secondary",
            icon=":material/casino:",
            key="stability-start",
            disabled=disabled or nothing,
            help="Such a repetition is at work on this choice." if disabled else None,
        ):
            start("stability", {"select": selection.id, **values})


def cost(selection: Run, wanted: Mapping[str, Any]) -> str:
    """Say how many networks are trained and how often genes are chosen, and how long that took before."""
    models = [run for run in map(resources.run, models_of(selection)) if run is not None]
    others, halves = int(wanted["seeds"]) - 1, 2 * int(wanted["halves"])
    seconds = (others + halves) * selection.manifest.seconds
    for model in models:
        epochs = TrainResults.read(model.manifest.metrics).epochs
        share = 0.5 * (int(wanted["epochs"]) or epochs) / epochs
        seconds += model.manifest.seconds * (others + halves * share)
    networks = len(models) * (others + halves)
    trained = f"trains {counted(networks, 'network')} and " if networks else ""
    again = " Networks that are trained already are not trained again." if networks else ""
    return (
        f"This {trained}chooses genes {others + halves} times; by the time that it took before, {duration(seconds)}."
        f"{again}"
    )
