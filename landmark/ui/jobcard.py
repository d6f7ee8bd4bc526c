"""The card of a run that is not finished: the same on every page."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from landmark.errors import BadRun
from landmark.jobs.control import cancel, resume
from landmark.runs.activity import Activity, activities, activity, discard
from landmark.runs.datasets import DatasetStore
from landmark.ui import resources
from landmark.ui.clock import ago, duration
from landmark.ui.headline import kind_name
from landmark.ui.jobs import adopt, follow, steps
from landmark.ui.pace import pace
from landmark.ui.page import guarded
from landmark.ui.panels.words import escaped
from landmark.ui.places import PLACES

__all__ = ["active_jobs_line", "follow", "job_card"]

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

SHARE = "share_of_matrix_rate"
"""The figure of a training's progress that says how much of the machine's speed it reaches."""

_RATE = (
    "The rate at which this machine multiplies large float32 matrices, measured here, is what a training could reach "
    "at best. Other programs at work lower the share; larger batches raise it."
)


def job_card(run_id: str, live: Live | None = None) -> None:
    """Show how far a run is, each second anew while it is at work; nothing where it is finished or deleted.

    When it finishes, its dataset or model becomes the one worked on and the whole page is drawn again.

    Parameters
    ----------
    run_id
        Name of the run.
    live
        Draws more inside the card, such as a curve that grows; called with the run's activity.
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
            adopt(finished)
        st.rerun()
    _adopt_steps(item)
    if item.active != was_active:
        st.rerun()
    with guarded(), st.container(border=True, key=f"card-{run_id}"):
        _head(item)
        _progress(item)
        if live is not None:
            live(item)
        _log(item)


def _adopt_steps(item: Activity) -> None:
    """Draw the page again when a longer run comes to its next step; what the last one made is worked on then."""
    finished = steps(item)
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
                adopt(run)
        st.rerun()


def _head(item: Activity) -> None:
    name, colour, icon = STATES[item.state]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(horizontal=True, vertical_alignment="center", width="content", gap="small"):
            st.markdown(f"**{kind_name(item.request.kind)}**", width="content")
            st.badge(name, icon=icon, color=colour)  # type: ignore[arg-type]
            st.caption(f"{_subject(item)}asked for {ago(item.request.submitted)}", width="content")
        with st.container(horizontal=True, width="content", gap="small"):
            _buttons(item)


def _subject(item: Activity) -> str:
    """Name what the run works on, followed by a comma."""
    wanted = item.request.configuration
    if wanted.get("dataset"):
        try:
            return f"{escaped(DatasetStore(resources.here()).get(wanted['dataset']).manifest.title)}, "
        except BadRun:
            return ""
    profiles = resources.run(wanted.get("histones", ""))
    if profiles is not None:
        return f"{escaped(profiles.manifest.metrics['title'])}, "
    subject = wanted.get("title") or wanted.get("example") or wanted.get("model") or ""
    return f"{escaped(subject)}, " if subject else ""


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
    if st.button(
        "Resume",
        key=f"resume-{item.id}",
        type="primary",
        icon=":material/play_arrow:",
        help="Go on from the last checkpoint, or from the start where there is none.",
    ):
        resume(resources.here(), item.id)
        st.rerun()
    if st.button(
        "Delete", key=f"discard-{item.id}", icon=":material/delete:", help="Forget this unfinished run."
    ):
        discard(resources.here(), item.id)
        st.rerun()


def _progress(item: Activity) -> None:
    if item.message:
        (st.error if item.state == "failed" else st.warning)(escaped(item.message))
    latest = item.latest
    if not latest:
        st.progress(0.0, "Starting the job; this takes a few seconds" if item.active else "It had not begun")
        return
    known = latest["total"] > 0
    share = min(max(latest["done"] / latest["total"], 0.0), 1.0) if known else 0.0
    st.progress(share, " · ".join(_words(item, known)))
    figures: dict[str, float] = next(
        (line["values"] for line in reversed(item.recent) if line["values"] and _same_stage(line, item)),
        {},
    )
    if figures:
        st.caption(
            " · ".join(_figure(name, value) for name, value in figures.items()),
            help=_RATE if SHARE in figures else None,
        )


def _same_stage(line: dict[str, Any], item: Activity) -> bool:
    return bool(line["stage"] == item.latest["stage"])


def _figure(name: str, value: float) -> str:
    if name == SHARE:
        return f"{value:.0%} of this machine's matrix-product rate"
    return f"{escaped(name.replace('_', ' '))} {_digits(value)}"


def _digits(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _words(item: Activity, known: bool) -> list[str]:
    latest, now = item.latest, pace(item.recent)
    unit = escaped(latest["unit"])
    words = [escaped(latest["stage"])]
    if known:
        words.append(f"{_plural(unit)} {latest['done']:,.4g} of {latest['total']:,.4g}".strip())
    elif latest["done"]:
        words.append(f"{latest['done']:,.4g} {unit}")
    if item.active and now.rate:
        words.append(
            f"{now.rate:.3g} {unit or 'steps'}/s"
            if now.rate >= 1
            else f"{1 / now.rate:.3g} s per {unit or 'step'}"
        )
        if now.left is not None and now.left >= 1:
            words.append(f"about {duration(now.left)} left")
    return words


def _plural(unit: str) -> str:
    return unit if not unit or unit.isupper() or unit.endswith("s") else f"{unit}s"


def _log(item: Activity) -> None:
    with st.expander("Log", icon=":material/article:", key=f"log-{item.id}", on_change="rerun") as log:
        if log.open:
            st.code(item.log() or "Nothing has been written yet.", language=None, height=240)


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
