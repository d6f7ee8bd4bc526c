"""Looking at what was chosen, without keeping the page from being used."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st

from landmark.data.sources import preview
from landmark.data.sources.preview import Preview
from landmark.jobs.looks import Look, forget, look, standing
from landmark.ui import resources, session
from landmark.ui.page import guarded
from landmark.wording import escaped
from landmark.workflows.from_pages import refuse_foreign_files
from landmark.workflows.look import Described, Question, described

EVERY = 0.5

T = TypeVar("T")


def seen(question: dict[str, Any]) -> tuple[Preview, str] | None:
    """Give what a matrix seems to hold and the key of the look; None, with the reason drawn, until it is known."""
    return _answer(question, lambda found: _preview(str(found.folder)), "matrix")


def axis_is_unclear(question: dict[str, Any]) -> bool:
    """Tell whether a look failed only because nobody said where the genes are."""
    return look(resources.here(), Question.parse(question), session.name(), session.watch()).unclear_axis


def seen_table(annotations: str, by: str, matrix: str) -> Described | None:
    """Give what a table of annotations says of the samples of a matrix that was looked at; None until known."""
    question = {
        "annotations": annotations,
        "annotations_by": by,
        "samples_of": str(resources.here().root / "looks" / matrix),
    }
    answer = _answer(question, lambda found: described(found.folder), "table")
    return answer[0] if answer else None


def _answer(question: dict[str, Any], read: Callable[[Look], T], place: str) -> tuple[T, str] | None:
    asked = Question.parse(question)
    refuse_foreign_files(resources.here(), Question, question)
    if st.session_state.get(f"look stopped {place}") == asked:
        st.info("Looking was stopped.", icon=":material/stop:")
        if st.button("Look again", icon=":material/refresh:", key=f"look-again-{place}"):
            del st.session_state[f"look stopped {place}"]
            st.rerun()
        return None
    found = look(resources.here(), asked, session.name(), session.watch())
    _forget_former(found, place)
    if found.state == "seen":
        return read(found), found.key
    if found.state == "failed":
        st.error(escaped(found.message), icon=":material/error:")
        if st.button("Try again", icon=":material/refresh:", key=f"look-again-{place}"):
            forget(found.folder, session.name())
            st.rerun()
        return None
    st.fragment(_waiting, run_every=EVERY)(found, asked, place)
    return None


def _forget_former(found: Look, place: str) -> None:
    """End the look before this one where it is still at work: its question is not asked any more."""
    former = st.session_state.get(f"look {place}")
    if former is not None and former != found.folder and standing(former).state == "looking":
        forget(former, session.name())
    st.session_state[f"look {place}"] = found.folder


def _waiting(begun: Look, asked: Question, place: str) -> None:
    now = standing(begun.folder)
    if now.state != "looking":
        st.rerun()
    with guarded(), st.container(border=True, key=f"looking-{begun.key}"):
        at = now.progress
        stage = escaped(at.get("stage") or "Opening")
        if at.get("total"):
            done = f"{at['done']:,.1f} of {at['total']:,.1f} {at['unit']}"
            st.progress(min(at["done"] / at["total"], 1.0), f"{stage}: {done}")
        else:
            st.markdown(f":material/hourglass_top: {stage} …")
        if st.button("Stop", icon=":material/stop:", key=f"stop-{begun.key}"):
            forget(begun.folder, session.name())
            st.session_state[f"look stopped {place}"] = asked
            st.rerun()


@st.cache_resource(max_entries=4, show_spinner=False)
def _preview(folder: str) -> Preview:
    return preview.read_preview(Path(folder))
