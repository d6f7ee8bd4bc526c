"""Waiting on a page for a look at data, which goes on in a process of its own, and what it found."""

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from landmark.jobs.preview import Look, forget, look, standing
from landmark.jobs.preview_worker import Question
from landmark.ui import resources, uploads
from landmark.ui.page import guarded
from landmark.wording import escaped
from landmark.workflows.from_pages import refuse_foreign_files

EVERY = 0.5

T = TypeVar("T")


def seen_by_look(
    question: dict[str, Any],
    read: Callable[[Look], T],
    place: str,
    meanwhile: Callable[[Look], None] | None = None,
) -> tuple[T, str] | None:
    """Give what a look found and its key; None until it is known, or where it failed, with the reason drawn.

    Parameters
    ----------
    question
        Values of ``Question``.
    read
        Reads what was found.
    place
        Tells the looks of one page apart; a new question there ends the look at the one before.
    meanwhile
        Draws what is known already while the look goes on.
    """
    asked = Question.parse(question)
    refuse_foreign_files(resources.here(), Question, question)
    if st.session_state.get(f"look stopped {place}") == asked:
        st.info("Looking was stopped.", icon=":material/stop:")
        if st.button("Look again", icon=":material/refresh:", key=f"look-again-{place}"):
            del st.session_state[f"look stopped {place}"]
            st.rerun()
        return None
    found = look(resources.here(), asked, uploads.name(), uploads.watch())
    _forget_former(found, place)
    if found.state == "seen":
        return read(found), found.key
    if found.state == "failed":
        st.error(escaped(found.message), icon=":material/error:")
        if st.button("Try again", icon=":material/refresh:", key=f"look-again-{place}"):
            forget(found.folder, uploads.name())
            st.rerun()
        return None
    st.fragment(_waiting, run_every=EVERY)(found, asked, place, meanwhile)
    return None


def goes_on(place: str) -> bool:
    """Whether a look that is waited for has not ended."""
    folder = st.session_state.get(f"look {place}")
    return folder is not None and standing(folder).state == "looking"


def _forget_former(found: Look, place: str) -> None:
    """End the look before this one where it is still at work: its question is not asked any more."""
    former = st.session_state.get(f"look {place}")
    if former is not None and former != found.folder and standing(former).state == "looking":
        forget(former, uploads.name())
    st.session_state[f"look {place}"] = found.folder


def _waiting(begun: Look, asked: Question, place: str, meanwhile: Callable[[Look], None] | None) -> None:
    now = standing(begun.folder)
    if now.state != "looking":
        st.rerun()
    with guarded(), st.container(border=True, key=f"looking-{begun.key}"):
        if meanwhile is not None:
            meanwhile(now)
        at = now.progress
        stage = escaped(at.get("stage") or "Opening")
        if at.get("total"):
            done = f"{at['done']:,.1f} of {at['total']:,.1f} {at['unit']}"
            st.progress(min(at["done"] / at["total"], 1.0), f"{stage}: {done}")
        else:
            st.markdown(f":material/hourglass_top: {stage} …")
        if st.button("Stop", icon=":material/stop:", key=f"stop-{begun.key}"):
            forget(begun.folder, uploads.name())
            st.session_state[f"look stopped {place}"] = asked
            st.rerun()
