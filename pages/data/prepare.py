"""What should be done before training?"""

import streamlit as st

from landmark.ui import resources
from landmark.ui.empty import dataset_needed
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import follow, job_card
from landmark.ui.page import guarded, header
from landmark.ui.panels import prepare, prepare_form
from landmark.ui.panels.choice import chosen
from landmark.ui.panels.prepare_preview import preview

QUESTION = "What should be done before training?"

with guarded():
    data = dataset_needed(
        QUESTION,
        "What a dataset needs before training is told from its values and names.",
    )

    run = chosen(resources.runs("prepare", dataset=data.id))
    answers = prepare_form.proposed(data)
    job = follow("prepare", dataset=data.id)
    busy = job is not None and job.active
    header(QUESTION, prepare.answer(data, run) if run else prepare.proposal(data, answers))
    if job is not None:
        job_card(job.id)
    if run is not None:
        prepare.further()
        prepare.results(run, data)
        st.subheader("Prepare it further", anchor=False)
    prepare.earlier(data)
    place = st.container()
    choices = prepare_form.form(data, answers)
    prepare_form.start_button(data, choices, disabled=busy)
    if run is None:
        with place:
            preview(data, choices)
    if run is not None:
        how_computed(run, prepare.FORMULA)
