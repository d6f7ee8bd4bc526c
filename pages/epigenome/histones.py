"""What marks surround expressed and unexpressed genes?"""

import streamlit as st

from landmark.ui import resources, uploads
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import follow, job_card
from landmark.ui.page import guarded, header
from landmark.ui.panels import histones, histones_source
from landmark.ui.panels.choice import choose
from landmark.ui.state import CELL_TYPE, HISTONES, kept

QUESTION = "What marks surround active and silent genes?"

with guarded():
    uploads.sweep()
    runs = resources.runs("histones")
    run = histones.run_of(HISTONES, runs)
    job = follow("histones")
    busy = job is not None and job.active
    if run is None:
        header(QUESTION, "Bring profiles of histone marks in, or look at simulated ones: that takes seconds.")
    else:
        cell_type = kept(CELL_TYPE, histones.cell_types(run))
        header(QUESTION, histones.answer(run, cell_type))
    if job is not None:
        job_card(job.id)
    if run is not None:
        histones.facts(run)
        histones.choose_cell_type(histones.cell_types(run), cell_type, "histones")
        histones.profiles(run, cell_type)
        histones.lead_on("What do these marks say of expression?", "deepchrome")
        histones.cell_types_table(run)
        choose(runs, run, "Profiles shown", histones.describe, HISTONES)
    st.subheader("Bring other profiles in" if run else "Bring profiles in", anchor=False)
    histones_source.form(disabled=busy, first=run is None)
    if run is not None:
        how_computed(run, histones.FORMULA)
