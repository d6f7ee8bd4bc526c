"""Does the bottleneck keep the biology?"""

import streamlit as st

from landmark.ui import resources
from landmark.ui.empty import missing
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import follow, job_card
from landmark.ui.page import guarded, header
from landmark.ui.panels import clusters
from landmark.ui.panels.choice import choose, chosen
from landmark.ui.state import dataset, model

QUESTION = "Does the bottleneck keep the biology?"

with guarded():
    data, network = dataset(), model()
    if data is None or network is None:
        header(QUESTION, None)
        missing(
            "There is no trained network yet.",
            "Samples are clustered by their values in the bottleneck of a trained network.",
            "train",
            "Train the network",
        )
        st.stop()

    runs = resources.runs("cluster", train=network.id)
    run = chosen(runs)
    job = follow("cluster", model=network.id)
    if run is None:
        header(QUESTION, "The samples have not been clustered yet. It takes seconds.")
    else:
        agreement = resources.table(run.id, "agreement")
        header(QUESTION, clusters.answer(run, agreement))
    if job is not None:
        job_card(job.id)
    if run is not None:
        clusters.figures(run)
        clusters.agreement(run, agreement)
        clusters.downloads(run)
    st.subheader("Settings")
    if run is not None:
        choose(runs, run, "Clustering shown", clusters.describe)
    clusters.form(data, network, first=run is None, disabled=job is not None and job.active)
    if run is not None:
        how_computed(run, clusters.FORMULA)
