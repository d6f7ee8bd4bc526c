"""Which cell types to train on, and how: the form of the DeepChrome page."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from landmark.configuration import Configuration
from landmark.epigenome.deepchrome.config import DeepchromeConfiguration, MapConfiguration
from landmark.epigenome.histones import view as histones_view
from landmark.models.settings import DeepchromeTraining
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.clock import duration
from landmark.ui.form import fields
from landmark.ui.jobs import start
from landmark.ui.state import HISTONES, keep, kept
from landmark.wording import counted

_MAIN = ("epochs", "batch_size")
_GROUPS = {
    "Training": ("learning_rate", "scaling", "decay", "dropout", "keep", "best_by", "early_stopping", "seed"),
    "Machine": ("precision", "checkpoint_every"),
}
"""Fields of the form; with those of ``_MAIN``, every one that a training has."""

_LABELS = {
    "early_stopping": "Early stopping, epochs",
    "keep": "Epoch to keep",
    "best_by": "Best epoch by",
    "batch_size": "Genes per step",
    "scaling": "Larger batches",
    "decay": "Decay of steps",
    "checkpoint_every": "Checkpoint every, epochs",
    "threshold": "Active from this value on",
    "penalty": "Penalty on squares",
}
_FIELD = 262
_BATCHES = (
    "The published network takes one gene per step. With {size} genes per step an epoch has {size} times fewer steps "
    "and is faster; {scaling} It is no longer quite the published training."
)
_SCALING = {
    "linear": "each step is {size} times as large, which keeps the path nearly the same.",
    "none": "each step is as large as before, so it learns more slowly.",
}


def form(imports: Sequence[Run], disabled: bool, first: bool) -> None:
    """Show the form, say how much work it is, and start it on request."""
    profiles, names = _choose_profiles(imports)
    values = _fields(DeepchromeTraining, _MAIN)
    with st.expander("More settings", icon=":material/tune:"):
        for title, group in _GROUPS.items():
            st.markdown(f"**{title}**")
            values |= _fields(DeepchromeTraining, group)
        st.markdown("**Pattern maps**")
        maps = _fields(MapConfiguration, tuple(MapConfiguration.model_fields))
        st.markdown("**Intervals and patterns**")
        seed = _fields(DeepchromeConfiguration, ("seed",))
    training = DeepchromeTraining.parse(values)
    if training.batch_size > 1:
        scaling = _SCALING[training.scaling].format(size=training.batch_size)
        st.caption(_BATCHES.format(size=training.batch_size, scaling=scaling))
    st.caption(work(profiles, names, training))
    if st.button(
        "Train DeepChrome",
        type="primary" if first else "secondary",
        icon=":material/play_arrow:",
        disabled=disabled,
        help="A training is at work; cancel it first." if disabled else None,
    ):
        asked = {"histones": profiles.id, "cell_types": names, "training": values, "maps": maps, **seed}
        start("deepchrome", asked)


def work(profiles: Run, names: Sequence[str], training: DeepchromeTraining) -> str:
    """Say how large a training is, and how long it takes where one like it was done before."""
    genes = resources.table(profiles.id, "genes")
    genes = genes[genes["split"] == "train"]
    if names:
        genes = genes[genes["cell_type"].isin(list(names))]
    counts = genes["cell_type"].value_counts()
    steps = int(np.ceil(counts / training.batch_size).sum()) * training.epochs
    said = (
        f"{counted(len(counts), 'network')}, {counted(len(genes), 'training gene')} in all, "
        f"{counted(training.epochs, 'epoch')}: {counted(steps, 'step')} of gradient descent."
    )
    pace = seconds_per_gene(training)
    if pace is None:
        return f"{said} How long that takes is known after the first epoch: the card above will show it."
    seconds = pace * len(genes) * training.epochs
    time = f"About {duration(seconds)}" if seconds >= 1 else "Less than 1 s"
    return f"{said} {time}, going by an earlier training of this kind."


def seconds_per_gene(training: DeepchromeTraining) -> float | None:
    """Return the seconds per gene and epoch of the largest training with such batches; None where there is none."""
    found: tuple[int, float] | None = None
    for run in resources.runs("deepchrome"):
        used = run.manifest.configuration["training"]
        if (used["batch_size"], used["precision"]) == (training.batch_size, training.precision):
            history = resources.table(run.id, "history")
            genes = resources.table(run.id, "cells").set_index("cell_type")["train"]
            # The median: an epoch in which something was compiled or saved says little of the others.
            pace = float((history["seconds"] / history["cell_type"].map(genes).astype(float)).median())
            found = max(found or (0, 0.0), (int(genes.max()), pace), key=lambda pair: pair[0])
    return found[1] if found else None


def _fields(configuration: type[Configuration], names: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name in names:
            with st.container(width=_FIELD):
                values |= fields(configuration, [name], f"deepchrome-{configuration.__name__}", _LABELS)
    return values


def _choose_profiles(imports: Sequence[Run]) -> tuple[Run, list[str]]:
    """Choose profiles and cell types; no cell types stands for all of them."""
    known = {run.id: run for run in imports}
    current = kept(HISTONES, list(known))
    left, right = st.columns(2)
    key = f"deepchrome-histones-{current}"
    choosing.selectbox(
        "Histone profiles",
        list(known),
        index=list(known).index(current),
        format_func=lambda name: f"{histones_view.describe(known[name])} · {name}",
        key=key,
        on_change=lambda: keep(HISTONES, st.session_state[key]),
        where=left,
    )
    names = choosing.multiselect(
        "Cell types",
        histones_view.cell_types(known[current]),
        key=f"deepchrome-cell-types-{current}",
        placeholder="All",
        help=DeepchromeConfiguration.model_fields["cell_types"].description,
        where=right,
    )
    return known[current], names
