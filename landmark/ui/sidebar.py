"""What the user works on and what is at work, beside every page."""

import streamlit as st

from landmark.analyses.train.results import TrainResults
from landmark.errors import BadRun
from landmark.store.runs import Run
from landmark.ui import choosing, resources, state
from landmark.ui.jobs import active_jobs_line
from landmark.ui.page import PLACES
from landmark.ui.wording import moment, size

_DATASET = "sidebar-dataset"
_MODEL = "sidebar-model"


def sidebar() -> None:
    """Draw the choice of dataset and model, and the line of running jobs."""
    with st.sidebar:
        st.markdown("**Working on**")
        _choose_dataset()
        active_jobs_line()


def _choose_dataset() -> None:
    known = {item.id: item for item in resources.datasets()}
    current = state.dataset()
    if current is None:
        st.caption("No dataset yet.")
        st.page_link(PLACES["import"], label="Import one", icon=":material/upload:")
        return
    titles = choosing.distinct({name: item.manifest.title for name, item in known.items()})
    st.session_state[_DATASET] = current.id
    choosing.selectbox(
        "Dataset",
        titles,
        key=_DATASET,
        on_change=lambda: state.choose_dataset(st.session_state[_DATASET]),
    )
    st.caption(size(current))
    models = {run.id: run for run in resources.runs("train", dataset=current.id)}
    chosen = state.model()
    if chosen is None:
        st.caption("No model of it yet.")
        return
    names = choosing.distinct({run_id: _model_title(run) for run_id, run in models.items()})
    st.session_state[_MODEL] = chosen.id
    choosing.selectbox(
        "Model",
        names,
        key=_MODEL,
        on_change=lambda: state.choose_model(st.session_state[_MODEL]),
    )
    st.caption(_layers(chosen, current.manifest.genes))


def _model_title(run: Run) -> str:
    try:
        epochs = str(TrainResults.read(run.manifest.metrics).epochs)
    except BadRun:
        epochs = "?"
    return f"{epochs} epochs, {moment(run.manifest.started):%d %b %Y, %H:%M}"


def _layers(run: Run, genes: int) -> str:
    network = run.manifest.configuration.get("network", {})
    hidden, bottleneck = network.get("hidden", 500), network.get("bottleneck", 100)
    return f"{genes:,}–{hidden}–{bottleneck}–{hidden}–{genes:,}, seed {run.manifest.seed}, `{run.id}`"
