"""Which landmark genes drive the prediction of a gene?"""

import streamlit as st

from landmark.ui import resources
from landmark.ui.empty import dataset_needed
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import job_card
from landmark.ui.page import guarded, header
from landmark.ui.panels import explain
from landmark.ui.panels.choice import choose
from landmark.ui.panels.fit_form import fit_form

QUESTION = "Which landmark genes drive the prediction of a gene?"

with guarded():
    data = dataset_needed(
        QUESTION,
        "A predictor learns from a dataset to tell all genes from a few landmark genes.",
    )

    orders = resources.runs("rank", dataset=data.id) + resources.runs("select", dataset=data.id)
    fits = resources.runs("fit", dataset=data.id)
    runs = resources.runs("explain", dataset=data.id)
    job = explain.job_of(data, fits)
    busy = job is not None and job.active
    run = explain.explanation(runs)
    if run is None:
        header(QUESTION, explain.invitation(fits))
    else:
        target = explain.target_of(run)
        table = explain.contributions_of(run, target)
        header(QUESTION, explain.answer(run, target, table))
    if job is not None:
        job_card(job.id)
    if run is not None:
        explain.choose_target(run, target)
        explain.figures(run, target, table)
        explain.trust(run, target)
        explain.genes(run, table)
        st.subheader("Settings")
        choose(runs, run, "Explanation shown", explain.describe)
    if fits:
        explain.form(data, fits, disabled=busy, first=run is None)
        with st.expander("Fit another predictor", icon=":material/function:"):
            fit_form(data, orders, disabled=busy, first=False)
    else:
        fit_form(data, orders, disabled=busy, first=True)
    if run is not None:
        how_computed(run, explain.FORMULA)
