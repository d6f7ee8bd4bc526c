"""How many genes do I need?"""

import streamlit as st

from landmark.ui import resources
from landmark.ui.empty import dataset_needed
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import follow, job_card
from landmark.ui.page import guarded, header
from landmark.ui.panels import size, size_form
from landmark.ui.panels.choice import choose, chosen
from landmark.ui.panels.set_choice import orders_of

QUESTION = "How many genes do I need?"

with guarded():
    data = dataset_needed(
        QUESTION,
        "Accuracy is followed gene by gene: how well the first genes of a set predict all the others.",
    )

    runs = resources.runs("size", dataset=data.id)
    run = chosen(runs)
    job = follow("size", dataset=data.id)
    busy = job is not None and job.active
    if run is None:
        header(QUESTION, None if busy else "Not computed yet on this dataset. It takes seconds to minutes.")
    else:
        header(QUESTION, size.answer(run))
    if job is not None:
        job_card(job.id)
    if run is not None:
        size.explore(run)
        size.targets_note(run)
    st.subheader("Settings")
    if run is not None:
        choose(runs, run, "Curves shown", size.describe)
    size_form.form(data, orders_of(data), disabled=busy)
    if run is not None:
        how_computed(run, size.FORMULA)
