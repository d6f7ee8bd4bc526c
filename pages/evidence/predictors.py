"""How well can a whole sample be inferred, and by which method?"""

import streamlit as st

from landmark.ui import resources
from landmark.ui.empty import dataset_needed
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import follow, job_card
from landmark.ui.page import guarded, header
from landmark.ui.panels import predictors, predictors_form, predictors_tables
from landmark.ui.panels.choice import choose, chosen
from landmark.ui.panels.set_choice import orders_of

QUESTION = "How well can a whole sample be inferred, and by which method?"

with guarded():
    data = dataset_needed(
        QUESTION,
        "From a few landmark genes of a sample, all its other genes are inferred by several predictors.",
    )

    runs = resources.runs("infer", dataset=data.id)
    run = chosen(runs)
    job = follow("infer", dataset=data.id)
    busy = job is not None and job.active
    if run is None:
        header(
            QUESTION,
            None
            if busy
            else "Nobody has asked yet on this dataset. Linear regression and nearest neighbours take seconds, "
            "networks minutes to hours.",
        )
    else:
        header(QUESTION, predictors.answer(run))
    if job is not None:
        job_card(job.id)
    if run is not None:
        predictors.explore(run, data)
        predictors.recalled(run)
        predictors_tables.overall(run)
        predictors.fewer_genes()
        predictors_tables.genes(run)
    st.subheader("Settings")
    if run is not None:
        choose(runs, run, "Predictors shown", predictors.describe)
    predictors_form.form(data, orders_of(data), disabled=busy)
    if run is not None:
        how_computed(run, predictors.FORMULA)
