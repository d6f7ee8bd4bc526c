"""What the user works on: one dataset and one model, kept across pages and in the address.

The address wins over the session, so that a shared link shows what its sender saw; the session wins over the
newest dataset or model. Streamlit empties the address when the page changes; ``keep_address`` fills it again.
"""

from collections.abc import Sequence

import streamlit as st

from landmark.errors import BadRun
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import resources

DATASET = "dataset"
MODEL = "model"
HISTONES = "histones"
DEEPCHROME = "deepchrome"
CELL_TYPE = "cell_type"
_KEPT = "working on: "
_WORKED_ON = "datasets and models worked on"


def dataset() -> Dataset | None:
    """Return the dataset the user works on; the newest where none was chosen."""
    return _dataset(_choices(DATASET))


def model() -> Run | None:
    """Return the trained model the user works on, of the chosen dataset; its newest where none was chosen."""
    return _model(dataset(), _choices(MODEL))


def absent() -> str:
    """Name what the address asks for and is not here, "dataset" or "model"; "" where all of it is.

    What was worked on in this session and was then deleted is no fault of the address.
    """
    known = {
        DATASET: {item.id for item in resources.datasets()},
        MODEL: {run.id for run in resources.runs("train")},
    }
    worked_on = st.session_state.get(_WORKED_ON, ())
    for name, ids in known.items():
        wanted = st.query_params.get(name, "")
        if wanted and wanted not in ids and wanted not in worked_on:
            return name
    return ""


def choose_dataset(dataset_id: str) -> None:
    """Work on this dataset from now on."""
    _work_on(dataset_id, *_choices(MODEL))


def choose_model(run_id: str) -> None:
    """Work on this model, and on the dataset it was trained on, from now on; BadRun if there is no such model."""
    found = resources.run(run_id)
    if found is None or found.kind != "train":
        raise BadRun("That trained model is not here any more. Choose another one in the sidebar.")
    _work_on(found.manifest.parents["dataset"], run_id)


def keep_address() -> None:
    """Write what the user works on into the session and the address; called once on every run of the app."""
    _work_on(*_choices(DATASET), *_choices(MODEL))


def _work_on(*wanted: str) -> None:
    """Work on the first of these datasets and models that is here; both go into the address in one step.

    Every step would be an entry in the history of the browser.
    """
    current = _dataset(wanted)
    trained = _model(current, wanted)
    address = dict(st.query_params.to_dict())
    for name, found in ((DATASET, current), (MODEL, trained)):
        if found is None:
            st.session_state.pop(_KEPT + name, None)
            address.pop(name, None)
        else:
            st.session_state[_KEPT + name] = address[name] = found.id
            st.session_state[_WORKED_ON] = {*st.session_state.get(_WORKED_ON, ()), found.id}
    if address != st.query_params.to_dict():
        st.query_params.from_dict(address)


def _dataset(wanted: Sequence[str]) -> Dataset | None:
    known = {item.id: item for item in resources.datasets()}
    found = next((known[name] for name in wanted if name in known), None)
    return found or next(iter(known.values()), None)


def _model(of: Dataset | None, wanted: Sequence[str]) -> Run | None:
    if of is None:
        return None
    known = {run.id: run for run in resources.runs("train", dataset=of.id)}
    found = next((known[name] for name in wanted if name in known), None)
    return found or next(iter(known.values()), None)


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

    ``name`` stands in the address, such as ``deepchrome``; options are such as the ids of runs, newest first.
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
