"""Starting, finding and adopting runs, the card of a job at work, and the note when one has ended."""

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from landmark.analyses.registry import ANALYSES
from landmark.data.sources.examples import EXAMPLES
from landmark.errors import BadRun
from landmark.jobs.control import cancel, resume, submit
from landmark.store.activity import Activity, activities, activity, discard
from landmark.store.files import read_json
from landmark.store.request import STEPS
from landmark.store.runs import Run
from landmark.ui import resources, state
from landmark.ui.page import PLACES, guarded
from landmark.ui.wording import ago, at_a_pace, counted, figure, kind_name, left, pace
from landmark.wording import escaped
from landmark.workflows.execute import execute_now
from landmark.workflows.from_pages import refuse_foreign_files

_WANTED = "attention"

_TO_THE_TOP = """
<script data-of="{of}">
document.querySelector('[data-testid="stMain"]')?.scrollTo({{top: 0, behavior: "smooth"}});
</script>
"""
"""The card of a job stands below the title; the button that starts it may be screens below."""


def _announce(words: str, icon: str) -> None:
    """Have something said in passing, at its top, when the page is drawn next."""
    st.session_state[_WANTED] = (words, icon)


def show_announcement() -> None:
    """Say once what a run that was started, or has failed, announced, and lead the eye to its card."""
    wanted = st.session_state.pop(_WANTED, None)
    if wanted is not None:
        words, icon = wanted
        st.toast(words, icon=icon)
        st.html(_TO_THE_TOP.format(of=secrets.token_hex(4)), unsafe_allow_javascript=True)


_STARTED = "started runs"
"""Runs that were started in this session, each with the dataset that was worked on then."""


def start(kind: str, configuration: Mapping[str, Any]) -> None:
    """Submit a run and draw the page again, now with its job card.

    BadConfiguration or BadData if the configuration is refused, or names a file that pages may not read; nothing is
    started then. BadRun if the job could not be started.
    """
    _refuse_foreign_files(kind, configuration)
    run_id = submit(resources.here(), kind, configuration)
    st.session_state[_STARTED] = {**st.session_state.get(_STARTED, {}), run_id: _worked_on()}
    _announce(f"{kind_name(kind)}: started", ":material/play_arrow:")
    st.rerun()


def start_button(
    label: str,
    icon: str,
    busy: bool,
    ready: bool = True,
    first: bool = True,
    work: str = "Such a request is at work on this dataset",
    key: str | None = None,
) -> bool:
    """Draw the button that starts a run, the main one of the page if ``first``; return whether it was pressed.

    It cannot be where ``busy``, which ``work`` says in words, or where what is chosen is not ``ready``.
    """
    return st.button(
        label,
        type="primary" if first else "secondary",
        icon=f":material/{icon}:",
        disabled=busy or not ready,
        help=f"{work}; cancel it first." if busy else None,
        key=key,
    )


def do_now(kind: str, configuration: Mapping[str, Any]) -> Run:
    """Do at once, within the page, what takes no longer than a moment.

    LandmarkError: as the workflow, or because it names a file that pages may not read.
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
                _adopt(run)


def _worked_on() -> str:
    current = state.dataset()
    return current.id if current else ""


def follow(kind: str, **parents: str) -> Activity | None:
    """Return the newest unfinished run of a kind asked for with these parents, or None: ``model="train-1a2b3c4d"``."""
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


def _steps(item: Activity) -> list[Run]:
    """Return the finished steps of a run that consists of several."""
    try:
        named = read_json(item.folder / STEPS)
    except BadRun:  # no step has been started yet
        return []
    found = [resources.run(run_id) for run_id in named.values()]
    return [run for run in found if run is not None]


def _adopt(run: Run) -> None:
    """Work from now on with what a run has just made: its dataset, its model, its profiles."""
    adopts = ANALYSES[run.kind].adopts if run.kind in ANALYSES else None
    if adopts == "model":
        state.choose_model(run.manifest.parents.get("train", run.id))
    elif adopts == "dataset":
        state.choose_dataset(run.manifest.parents["dataset"])
    elif adopts == "itself":
        state.keep(run.kind, run.id)


Live = Callable[[Activity], None]

EVERY = 1.0
STATES = {
    "starting": ("Starting", "blue", ":material/hourglass_top:"),
    "waiting": ("Waiting", "blue", ":material/schedule:"),  # for what, the stage of its progress tells
    "running": ("Running", "green", ":material/play_arrow:"),
    "stopping": ("Stopping", "orange", ":material/hourglass_bottom:"),
    "failed": ("Failed", "red", ":material/error:"),
    "cancelled": ("Cancelled", "gray", ":material/cancel:"),
    "interrupted": ("Interrupted", "orange", ":material/power_off:"),
}


def job_card(run_id: str, live: Live | None = None) -> None:
    """Show how far a run is, each second anew while it is at work; nothing where it is finished or deleted.

    When it finishes, its dataset or model becomes the one worked on and the whole page is drawn again. ``live`` draws
    more inside the card, such as a curve that grows.
    """
    try:
        item = activity(resources.here(), run_id)
    except BadRun:
        return
    st.fragment(_card, run_every=EVERY if item.active else None)(run_id, item.active, live)


def _card(run_id: str, was_active: bool, live: Live | None) -> None:
    try:
        item = activity(resources.here(), run_id)
    except BadRun:  # published or deleted since the last look
        finished = resources.run(run_id)
        if finished is not None:
            _adopt(finished)
        st.rerun()
    _adopt_steps(item)
    if item.active != was_active:
        if item.state == "failed":
            _announce(f"{kind_name(item.request.kind)} failed", ":material/error:")
        st.rerun()
    with guarded(), st.container(border=True, key=f"card-{run_id}"):
        _head(item)
        _progress(item)
        if live is not None:
            live(item)
        _details(item)


def _adopt_steps(item: Activity) -> None:
    """Draw the page again when a longer run comes to its next step; what the last one made is worked on then."""
    finished = _steps(item)
    at_work = [
        part.id for part in activities(resources.here()) if part.request.part_of == item.id and part.active
    ]
    key = f"steps of {item.id}"
    known, seen = st.session_state.get(key, (0, []))
    if (len(finished), at_work) != (known, seen):
        st.session_state[key] = (len(finished), at_work)
        for run in finished[known:]:
            if item.request.kind not in (
                "seeds",
                "stability",
            ):  # repetitions: the model worked on stays the same
                _adopt(run)
        st.rerun()


def _head(item: Activity) -> None:
    name, colour, icon = STATES[item.state]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(horizontal=True, vertical_alignment="center", width="content", gap="small"):
            st.markdown(f"**{kind_name(item.request.kind)}**", width="content")
            st.badge(name, icon=icon, color=colour)  # type: ignore[arg-type]
            st.caption(f"{_subject(item)}started {ago(item.request.submitted)}", width="content")
        with st.container(horizontal=True, width="content", gap="small"):
            _buttons(item)


def _subject(item: Activity) -> str:
    """Name what the run works on, followed by a comma."""
    wanted = item.request.configuration
    subject = wanted.get("title") or wanted.get("name") or wanted.get("accession")
    subject = subject or Path(wanted.get("path") or "").name
    if wanted.get("example") in EXAMPLES:
        subject = EXAMPLES[wanted["example"]].title
    dataset = wanted.get("dataset")
    made_by = resources.run(wanted.get("model") or wanted.get("histones") or "")
    if made_by is not None:
        subject = resources.title_of_profiles(made_by) if made_by.kind == "histones" else subject
        dataset = made_by.manifest.parents.get("dataset", dataset)
    title = next((found.manifest.title for found in resources.datasets() if found.id == dataset), subject)
    return f"{escaped(title)}, " if title else ""


def _buttons(item: Activity) -> None:
    if item.active:
        if st.button(
            "Cancel",
            key=f"cancel-{item.id}",
            icon=":material/stop:",
            disabled=item.state == "stopping",
            help="Stop at the next step. What is done so far is kept and can be resumed.",
        ):
            cancel(resources.here(), item.id)
            st.rerun()
        return
    if not item.refused and st.button(
        "Resume",
        key=f"resume-{item.id}",
        type="primary",
        icon=":material/play_arrow:",
        help="Go on from the last checkpoint, or from the start where there is none.",
    ):
        resume(resources.here(), item.id)
        st.rerun()
    with st.popover("Delete", icon=":material/delete:", key=f"popover-{item.id}"):
        st.markdown("Forget this unfinished run, and what it has done so far?")
        if st.button("Delete for good", key=f"discard-{item.id}", type="primary"):
            discard(resources.here(), item.id)
            st.rerun()


def _progress(item: Activity) -> None:
    if item.message:
        (st.error if item.state == "failed" else st.warning)(escaped(item.message))
    latest = item.latest
    if not latest:
        st.progress(0.0, "Starting the job; this takes a few seconds" if item.active else "It had not begun")
        return
    share = min(max(latest["done"] / latest["total"], 0.0), 1.0) if latest["total"] > 0 else 0.0
    st.progress(share, " · ".join(_words(item)))
    if figures := _figures(item):
        st.caption(
            " · ".join(
                f"{escaped(name.replace('_', ' '))} {figure(value)}" for name, value in figures.items()
            )
        )


def _figures(item: Activity) -> dict[str, float]:
    """Return the newest figures of the present stage."""
    stage = item.latest.get("stage")
    return next(
        (line["values"] for line in reversed(item.recent) if line["values"] and line["stage"] == stage), {}
    )


def _words(item: Activity) -> list[str]:
    latest, now = item.latest, pace(item.recent)
    words = [latest["stage"], counted(latest)]
    if item.active:
        words += [at_a_pace(now, latest["unit"]), left(latest, now)]
    return [escaped(word) for word in words if word]


def _details(item: Activity) -> None:
    """Show the log; nothing where there is none."""
    said = item.log()
    if not said:
        return
    with st.expander(
        "Details", icon=":material/article:", key=f"log-{item.id}", on_change="rerun"
    ) as details:
        if details.open:
            st.code(said, language=None, height=240)


def active_jobs_line() -> None:
    """Show in a line or two what is at work, with a bar, and lead to all runs; nothing where all is quiet."""
    active = _active()
    if active:
        st.fragment(_line, run_every=2 * EVERY)(tuple(item.id for item in active))


def _line(known: tuple[str, ...]) -> None:
    active = _active()
    if tuple(item.id for item in active) != known:
        st.rerun()
    item = next((item for item in active if item.state == "running"), active[0])
    latest = item.latest
    share = latest["done"] / latest["total"] if latest and latest["total"] else 0.0
    stage = latest["stage"] if latest else STATES[item.state][0]
    st.progress(min(max(share, 0.0), 1.0), f"{kind_name(item.request.kind)}: {escaped(stage)}")
    more = f"{len(active)} runs at work" if len(active) > 1 else "1 run at work"
    st.page_link(PLACES["runs"], label=more, icon=":material/monitoring:")


def _active() -> list[Activity]:
    return [item for item in activities(resources.here()) if item.active and not item.request.part_of]
