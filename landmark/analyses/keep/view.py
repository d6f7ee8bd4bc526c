"""Predictors that are kept: what each learned from, as a file to take along, and two ways of adding one."""

import shlex
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from landmark.analyses.choices import predictor_name
from landmark.analyses.command_line import PROGRAM
from landmark.analyses.keep.wording import what_it_holds
from landmark.results import Number, Text, Truth, Whole
from landmark.store.kept import Kept, KeptStore
from landmark.store.kept_file import ENDING
from landmark.ui import choosing, resources
from landmark.ui.download import LARGEST_MB, file_button, kept_file
from landmark.ui.jobs import follow, job_card, start, start_button
from landmark.ui.page import PLACES, guarded, header
from landmark.ui.predictor_choice import describe_fit
from landmark.ui.result_page import missing
from landmark.ui.run_form import Chosen, RunForm
from landmark.ui.tables import column_config, show_table
from landmark.ui.uploads import uploaded
from landmark.ui.wording import moment
from landmark.wording import capital, counted, escaped

QUESTION = "Which predictors are kept?"
_WORK = "A predictor is being kept"

_COLUMNS = column_config(
    [
        Text("name", "Name it is kept under; `infer --fit` takes it, too."),
        Text("method", "How target genes are predicted."),
        Text("set", "Its landmark genes.", heading="Landmark genes"),
        Text("learned_from", "The data it learned from."),
        Whole("samples", "Training samples."),
        Whole("genes", "Genes of a complete profile."),
        Number(
            "pcc",
            "Mean correlation of measured and inferred values on held-out training samples.",
            heading="Held-out r",
        ),
        Number("megabytes", "Size of its files.", "MB", heading="Size", format="%.1f MB"),
        Truth(
            "values",
            "Whether the values of the training samples are kept with it.",
            heading="Training values",
        ),
        Text("licence", "What others may do with it."),
        Text("made", "When it was made."),
    ]
)


def render() -> None:
    """Draw the page."""
    with guarded():
        kept, job = resources.kept(), follow("keep")
        header(QUESTION, _answer(kept))
        if job is not None:
            job_card(job.id)
        if kept:
            _table(kept)
            _one(kept)
        _unreadable()
        busy = job is not None and job.active
        left, right = st.columns(2, gap="large")
        with left:
            _keep(busy)
        with right:
            _bring_in(busy)


def _answer(kept: Sequence[Kept]) -> str:
    if not kept:
        return (
            "None yet. A fitted predictor that is kept under a name stands by itself: as one file it goes to whoever "
            "wants to complete samples with it, without the data it was fitted on."
        )
    verb = "is" if len(kept) == 1 else "are"
    return (
        f"**{counted(len(kept), 'predictor')}** {verb} kept. New samples are completed with them on *Infer profiles*, "
        "here and wherever their file is brought in."
    )


def _table(kept: Sequence[Kept]) -> None:
    about = [one.manifest for one in kept]
    show_table(
        pd.DataFrame(
            {
                "name": [one.name for one in about],
                "method": [capital(predictor_name(one.method, one.covariate)) for one in about],
                "set": [f"{one.set} ({one.size:,})" for one in about],
                "learned_from": [one.learned_from.title for one in about],
                "samples": [one.learned_from.samples for one in about],
                "genes": [one.learned_from.genes for one in about],
                "pcc": [one.pcc for one in about],
                "megabytes": [one.bytes / 1e6 for one in about],
                "values": [one.values for one in about],
                "licence": [one.licence for one in about],
                "made": [f"{moment(one.created):%d %b %Y}" for one in about],
            }
        ),
        _COLUMNS,
        alt="Kept predictors, newest first",
    )


def _one(kept: Sequence[Kept]) -> None:
    """Offer what can be done with one of them."""
    known = {one.name: one for one in kept}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = choosing.selectbox("Predictor", list(known), key="kept-chosen")
        about = known[name].manifest
        large = about.bytes / 1e6 > LARGEST_MB
        if not large:
            file_button(
                "Download as a file",
                kept_file(known[name]),
                f"{name}{ENDING}",
                key=f"kept-file-{name}",
                help="One file, which another home brings in, or `infer --fit` takes.",
            )
        with st.popover("Delete", icon=":material/delete:", key=f"kept-popover-{name}"):
            st.markdown(f"Delete **{escaped(name)}** for good? What was inferred with it stays.")
            if st.button("Delete for good", type="primary", key=f"kept-delete-{name}"):
                KeptStore(resources.here()).delete(name)
                st.rerun()
        if st.button("Infer profiles", icon=":material/auto_fix_high:", key="kept-infer"):
            st.switch_page(PLACES["infer"])
    licence = f" Licence: {escaped(about.licence)}" if about.licence else ""
    st.caption(f"{what_it_holds(about.values, about.learned_from.samples)}{licence}")
    if large:
        st.markdown(
            f"{about.bytes / 1e6:,.0f} MB are too many for a browser. On the server this writes the file:"
        )
        st.code(shlex.join([*PROGRAM, "kept", "export", name, f"{name}{ENDING}"]), language="shell")


def _unreadable() -> None:
    """List what lies among them and cannot be used; nothing where all can."""
    store = KeptStore(resources.here())
    for item in store.unreadable():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(escaped(item.message), icon=":material/block:")
            if not item.newer and st.button(
                "Delete", key=f"kept-unreadable-{item.id}", icon=":material/delete:"
            ):
                store.delete(item.id)
                st.rerun()


def _keep(busy: bool) -> None:
    st.subheader("Keep a fitted predictor", anchor=False)
    if not resources.runs("fit"):
        missing(
            "There is no fitted predictor yet.",
            "*Explain a prediction* fits one, and so does *Predictors*, which compares several.",
            "predictors",
            "Fit predictors",
        )
        return
    _FORM.draw(None, disabled=busy)  # type: ignore[arg-type]


def _fit_widget(about: Any, key: str, chosen: Chosen) -> dict[str, Any]:
    fits = {run.id: capital(describe_fit(run)) for run in resources.runs("fit")}
    return {"fit": choosing.selectbox("Predictor", choosing.distinct(fits), key=f"{key}-fit")}


_FORM = RunForm(
    kind="keep",
    rows=("fit", "name", "licence", "without_values"),
    labels={"without_values": "Without the training values"},
    widgets={"fit": _fit_widget},
    beside=lambda about, chosen: bool(name := chosen["name"].strip()) and not _taken(name),
    button="Keep",
    icon="inventory_2",
    work=_WORK,
    role="",
)


def _bring_in(busy: bool) -> None:
    st.subheader("Bring in a file", anchor=False)
    path = uploaded(f"File of a predictor ({ENDING})", "kept-upload")
    name = st.text_input("Name", key="kept-name", help="Empty for the name that it has in the file.").strip()
    ready = path is not None and not _taken(name)
    if start_button("Bring in", "upload", busy, ready, first=False, work=_WORK, key="kept-bring-in"):
        start("keep", {"fit": str(path), "name": name})


def _taken(name: str) -> bool:
    """Say whether a name is that of a kept predictor, also on the page."""
    taken = name in {kept.name for kept in resources.kept()}
    if taken:
        st.warning(
            f"A predictor is kept as {escaped(name)} already. Choose another name, or delete that one first."
        )
    return taken
