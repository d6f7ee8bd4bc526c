"""Does the bottleneck keep the biology?"""

import streamlit as st

from landmark.ui import resources
from landmark.ui.empty import missing
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import follow, job_card
from landmark.ui.page import guarded, header
from landmark.ui.panels import clusters, clusters_figures, clusters_form, clusters_selection
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
    busy = job is not None and job.active
    if run is None:
        header(QUESTION, "The samples have not been clustered yet. It takes seconds to minutes.")
    else:
        header(QUESTION, clusters.answer(run))
    if job is not None:
        job_card(job.id)
    if run is not None:
        clusters.warnings(run)
        shown = clusters_figures.cut_fields(run)
        selected = clusters_figures.figures(run, shown)
        clusters.contingency(run, shown.embedding)
        clusters_selection.look_into(run, shown, selected, disabled=busy)
        clusters_figures.heat(run, shown)
        clusters_figures.cuts(run, shown)
        clusters.agreement(run)
        clusters.downloads(run)
    st.subheader("Settings", anchor=False)
    if run is not None:
        choose(runs, run, "Clustering shown", clusters.describe)
    clusters_form.form(data, network, first=run is None, disabled=busy)
    if run is not None:
        how_computed(run, clusters.FORMULA)
