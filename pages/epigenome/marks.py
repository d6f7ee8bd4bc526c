"""Which marks and bins decide for one gene?"""

import streamlit as st

from landmark.ui import resources
from landmark.ui.empty import missing
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import follow, job_card
from landmark.ui.page import guarded, header
from landmark.ui.panels import deepchrome, histones, marks, marks_form
from landmark.ui.panels.choice import choose
from landmark.ui.state import CELL_TYPE, DEEPCHROME, kept

QUESTION = "Which marks and bins decide for this gene?"

with guarded():
    networks = resources.runs("deepchrome")
    network = histones.run_of(DEEPCHROME, networks)
    if network is None:
        header(QUESTION, None)
        missing(
            "There is no trained network yet.",
            "A network that tells expressed genes by their histone marks can be asked what it goes by.",
            "deepchrome",
            "Train DeepChrome",
        )
        st.stop()

    names = deepchrome.cell_types(network)
    cell_type = kept(CELL_TYPE, names)
    runs = [
        run
        for run in resources.runs("marks", deepchrome=network.id)
        if run.manifest.metrics["cell_type"] == cell_type
    ]
    run = marks.explanation(runs)
    job = follow("marks", deepchrome=network.id)
    busy = job is not None and job.active
    if run is None:
        header(QUESTION, None if busy else marks.invitation())
    else:
        name = marks.gene_of(run)
        header(QUESTION, marks.answer(run, network, name))
    if job is not None:
        job_card(job.id)
    with st.container(horizontal=True):
        histones.choose_cell_type(names, cell_type, "marks")
        if run is not None:
            marks.choose_gene(run, name)
    if run is not None:
        marks.figure(run, name)
        marks.averages(run, cell_type)
        marks.genes_table(run)
    st.subheader("Settings", anchor=False)
    choose(networks, network, "Network asked", deepchrome.describe, DEEPCHROME)
    if run is not None:
        choose(runs, run, "Explanation shown", marks.describe)
    marks_form.form(network, cell_type, disabled=busy, first=run is None)
    if run is not None:
        how_computed(run, marks.formula(run))
