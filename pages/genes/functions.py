"""What do the chosen genes do?"""

import streamlit as st

from landmark.ui import resources
from landmark.ui.empty import dataset_needed
from landmark.ui.footer import how_computed
from landmark.ui.page import guarded, header
from landmark.ui.panels import functions, functions_form
from landmark.ui.panels.choice import choose, chosen

QUESTION = "What do the chosen genes do?"

with guarded():
    data = dataset_needed(
        QUESTION,
        "The functions of a gene set are compared with those of all genes that a dataset measures.",
    )

    functions_form.linked(data)
    runs = resources.runs("enrich", dataset=data.id)
    run = chosen(runs)
    if run is None:
        header(QUESTION, "No set has been looked up yet. It takes a second.")
    else:
        header(QUESTION, functions.answer(run))
        functions.figures(run)
        functions.terms(run)
        functions.redundancy(run)
        functions.names(run)
        st.subheader("Settings")
        choose(runs, run, "Look-up shown", functions.describe)
    functions_form.form(
        data,
        resources.runs("rank", dataset=data.id) + resources.runs("select", dataset=data.id),
        resources.runs("cluster", dataset=data.id),
        first=run is None,
    )
    if run is not None:
        how_computed(run, functions.FORMULA)
