"""Starting, finding and adopting runs from a page."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from landmark.analyses.registry import ANALYSES
from landmark.errors import BadRun
from landmark.jobs.control import submit
from landmark.store.activity import Activity, activities
from landmark.store.files import read_json
from landmark.store.request import STEPS
from landmark.store.runs import Run
from landmark.ui import attention, resources, state
from landmark.ui.headline import kind_name
from landmark.workflows.execute import execute_now
from landmark.workflows.from_pages import refuse_foreign_files

_STARTED = "started runs"
"""Runs that were started in this session, each with the dataset that was worked on then."""


def start(kind: str, configuration: Mapping[str, Any]) -> None:
    """Submit a run and draw the page again, now with its job card.

    Raises
    ------
    BadConfiguration, BadData
        If the configuration is refused, or names a file that pages may not read; nothing is started then.
    BadRun
        If the job could not be started.
    """
    _refuse_foreign_files(kind, configuration)
    run_id = submit(resources.here(), kind, configuration)
    st.session_state[_STARTED] = {**st.session_state.get(_STARTED, {}), run_id: _worked_on()}
    attention.call(f"{kind_name(kind)}: started", ":material/play_arrow:")
    st.rerun()


def do_now(kind: str, configuration: Mapping[str, Any]) -> Run:
    """Do at once, within the page, what takes no longer than a moment.

    Raises
    ------
    LandmarkError
        As the workflow, or because it names a file that pages may not read.
    """
    _refuse_foreign_files(kind, configuration)
    return execute_now(resources.here(), kind, configuration)


def _refuse_foreign_files(kind: str, values: Mapping[str, Any]) -> None:
    if kind in ANALYSES:
        refuse_foreign_files(resources.here(), ANALYSES[kind].configuration, values)


def adopt_finished() -> None:
    """Work with what runs that were started in this session have made since the page was last drawn.

    The job card does so too, but is not asked where something else draws the page first. Whoever has turned to another
    dataset in the meantime stays there.
    """
    for run_id, dataset in list(st.session_state.get(_STARTED, {}).items()):
        run = resources.run(run_id)
        if run is not None:
            del st.session_state[_STARTED][run_id]
            if dataset == _worked_on():
                adopt(run)


def _worked_on() -> str:
    current = state.dataset()
    return current.id if current else ""


def follow(kind: str, **parents: str) -> Activity | None:
    """Return the newest unfinished run of a kind asked for with this dataset or model, or None.

    Parameters
    ----------
    parents
        Values that its configuration must have: ``dataset="3f2a..."`` or ``model="train-1a2b3c4d"``.
    """
    fitting = [
        item
        for item in activities(resources.here())
        if item.request.kind == kind
        and all(item.request.configuration.get(role) == parent for role, parent in parents.items())
    ]
    return fitting[-1] if fitting else None


def at_work(kind: str, **parents: str) -> Activity | None:
    """Return the run of a kind that is at work with this dataset or model, or None; parents as for ``follow``."""
    item = follow(kind, **parents)
    return item if item is not None and item.active else None


def steps(item: Activity) -> list[Run]:
    """Return the finished steps of a run that consists of several."""
    try:
        named = read_json(item.folder / STEPS)
    except BadRun:  # no step has been started yet
        return []
    found = [resources.run(run_id) for run_id in named.values()]
    return [run for run in found if run is not None]


def adopt(run: Run) -> None:
    """Work from now on with what a run has just made: its dataset, its model, its profiles."""
    adopts = ANALYSES[run.kind].adopts if run.kind in ANALYSES else None
    if adopts == "model":
        state.choose_model(run.manifest.parents.get("train", run.id))
    elif adopts == "dataset":
        state.choose_dataset(run.manifest.parents["dataset"])
    elif adopts == "itself":
        state.keep(run.kind, run.id)
