"""What do histone marks say of expression?"""

import streamlit as st

from landmark.ui import resources
from landmark.ui.empty import missing
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import follow, job_card
from landmark.ui.page import guarded, header
from landmark.ui.panels import deepchrome, deepchrome_form, deepchrome_patterns, histones
from landmark.ui.panels.choice import choose
from landmark.ui.state import CELL_TYPE, DEEPCHROME, kept

QUESTION = "What do histone marks say of expression?"

with guarded():
    imports = resources.runs("histones")
    if not imports:
        header(QUESTION, None)
        missing(
            "There are no histone profiles yet.",
            "A network learns from the marks around the start of each gene whether it is expressed.",
            "histones",
            "Bring profiles in",
        )
        st.stop()

    runs = resources.runs("deepchrome")
    run = histones.run_of(DEEPCHROME, runs)
    job = follow("deepchrome")
    busy = job is not None and job.active
    if run is None:
        header(
            QUESTION, None if busy else "No network has been trained on histone marks yet: start it below."
        )
    else:
        header(QUESTION, deepchrome.answer(run))
    if job is not None:
        job_card(job.id, live=deepchrome_form.live)
    if run is not None:
        names = deepchrome.cell_types(run)
        cell_type = kept(CELL_TYPE, names)
        histones.choose_cell_type(names, cell_type, "deepchrome")
        deepchrome.caution(run)
        deepchrome.curves(run, cell_type)
        deepchrome.cells_table(run)
        deepchrome_patterns.patterns(run, cell_type)
        deepchrome_patterns.planted(run, cell_type)
        deepchrome.losses(run, cell_type)
        histones.lead_on("Which marks decide for one gene?", "marks")
    st.subheader("Settings", anchor=False)
    if run is not None:
        choose(runs, run, "Training shown", deepchrome.describe, DEEPCHROME)
    deepchrome_form.form(imports, disabled=busy, first=run is None)
    if run is not None:
        how_computed(run, deepchrome.FORMULA)
