"""The section that asks whether a choice would be the same again."""

import streamlit as st

from landmark.runs.store import Run
from landmark.ui import resources
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import follow, job_card
from landmark.ui.panels import selection_stability, selection_stability_form
from landmark.ui.panels.choice import PARAMETER, choose, chosen
from landmark.ui.state import parameter, set_parameter

REPEATED = "repeated"
"""Name of the repetition shown in the address."""


def follow_address() -> None:
    """Where the address names a repetition, as the list of all runs does, have it and its choice shown."""
    asked = resources.run(parameter(PARAMETER))
    if asked is not None and asked.kind == "stability":
        set_parameter(REPEATED, asked.id)
        set_parameter(PARAMETER, asked.manifest.parents["select"])


def section(selection: Run) -> None:
    """Show the newest repetition of a choice, or offer to make one."""
    st.subheader("Would the choice be the same?")
    runs = resources.runs("stability", select=selection.id)
    job = follow("stability", select=selection.id)
    busy = job is not None and job.active
    run = chosen(runs, REPEATED)
    if run is not None:
        st.markdown(selection_stability.answer(run))
    elif not busy:
        st.markdown(
            "Not known yet. Another seed of the network, or other samples, might have chosen other genes: repeat the "
            "choice and see which genes come again, and which are replaced by one that says the same."
        )
    if job is not None:
        job_card(job.id)
    if run is not None:
        selection_stability.bars(run)
        st.markdown("**Genes that are chosen every time**")
        selection_stability.core(run)
        choose(runs, run, "Repetition shown", selection_stability.describe, REPEATED)
    selection_stability_form.form(selection, first=run is None, disabled=busy)
    if run is not None:
        how_computed(run, selection_stability.FORMULA)
