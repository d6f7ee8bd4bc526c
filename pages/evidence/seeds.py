"""How much of this is luck?"""

import streamlit as st

from landmark.ui import resources
from landmark.ui.empty import dataset_needed
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import follow, job_card
from landmark.ui.page import guarded, header
from landmark.ui.panels import seeds, seeds_form
from landmark.ui.panels.choice import choose, chosen
from landmark.ui.state import model

QUESTION = "How much of this is luck?"

with guarded():
    data = dataset_needed(
        QUESTION,
        "Training starts from random weights; several seeds show how far each figure moves because of that.",
    )

    runs = resources.runs("seeds", dataset=data.id)
    run = chosen(runs)
    job = follow("seeds", dataset=data.id)
    busy = job is not None and job.active
    if run is None:
        header(QUESTION, seeds.WORKING if busy else seeds.UNKNOWN)
    else:
        header(QUESTION, seeds.answer(run))
    if job is not None:
        job_card(job.id, live=seeds.running_seed)
    if run is not None:
        seeds.figures(run)
        seeds.summary(run)
        seeds.genes(run)
    st.subheader("Settings")
    if run is not None:
        choose(runs, run, "Request shown", seeds.describe)
    seeds_form.form(data, model(), disabled=busy)
    if run is not None:
        how_computed(run, seeds.FORMULA)
