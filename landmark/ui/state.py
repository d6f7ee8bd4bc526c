"""What the user works on: one dataset and one model, kept across pages and in the address.

The address wins over the session, so that a shared link shows what its sender saw; the session wins over the
newest dataset or model. Streamlit empties the address when the page changes; ``keep_address`` fills it again.
"""

from collections.abc import Sequence

import streamlit as st

from landmark.errors import BadRun
from landmark.runs.datasets import Dataset
from landmark.runs.store import Run
from landmark.ui import resources

DATASET = "dataset"
MODEL = "model"
HISTONES = "histones"
DEEPCHROME = "deepchrome"
CELL_TYPE = "cell_type"
_KEPT = "working on: "


def dataset() -> Dataset | None:
    """Return the dataset the user works on; the newest where none was chosen."""
    known = {item.id: item for item in resources.datasets()}
    for chosen in _choices(DATASET):
        if chosen in known:
            return known[chosen]
    return next(iter(known.values()), None)


def model() -> Run | None:
    """Return the trained model the user works on, of the chosen dataset; its newest where none was chosen."""
    current = dataset()
    if current is None:
        return None
    known = {run.id: run for run in resources.runs("train", dataset=current.id)}
    for chosen in _choices(MODEL):
        if chosen in known:
            return known[chosen]
    return next(iter(known.values()), None)


def choose_dataset(dataset_id: str) -> None:
    """Work on this dataset from now on."""
    st.session_state[_KEPT + DATASET] = dataset_id
    st.query_params[DATASET] = dataset_id
    keep_address()


def choose_model(run_id: str) -> None:
    """Work on this model, and on the dataset it was trained on, from now on.

    Raises
    ------
    BadRun
        If there is no such model.
    """
    found = resources.run(run_id)
    if found is None or found.kind != "train":
        raise BadRun(f"There is no trained model {run_id!r}. Choose another one in the sidebar.")
    st.session_state[_KEPT + MODEL] = run_id
    st.query_params[MODEL] = run_id
    choose_dataset(found.manifest.parents["dataset"])


def keep_address() -> None:
    """Write what the user works on into the session and the address; called once on every run of the app."""
    for name, value in ((DATASET, dataset()), (MODEL, model())):
        if value is None:
            st.session_state.pop(_KEPT + name, None)
            st.query_params.pop(name, None)
            continue
        st.session_state[_KEPT + name] = value.id
        if st.query_params.get(name) != value.id:
            st.query_params[name] = value.id


def parameter(name: str, default: str = "") -> str:
    """Return a value from the address, for instance the id of a run."""
    return st.query_params.get(name, default)


def set_parameter(name: str, value: str) -> None:
    """Write a value into the address, so that the view can be shared; an empty value takes it out."""
    if not value:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


def kept(name: str, options: Sequence[str]) -> str:
    """Return the option chosen last, on this page or on another; the first where none was, "" where there is none.

    Parameters
    ----------
    name
        In the address, such as ``deepchrome``.
    options
        What can be chosen, such as the ids of runs, newest first.
    """
    for choice in _choices(name):
        if choice in options:
            st.session_state[_KEPT + name] = choice
            set_parameter(name, choice)
            return choice
    return options[0] if options else ""


def keep(name: str, choice: str) -> None:
    """Choose an option for this page and the others that ask for the same."""
    st.session_state[_KEPT + name] = choice
    set_parameter(name, choice)


def _choices(name: str) -> tuple[str, str]:
    return st.query_params.get(name, ""), st.session_state.get(_KEPT + name, "")
