"""Does it hold on another platform?"""

import streamlit as st

from landmark.ui import resources
from landmark.ui.empty import dataset_needed, missing
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import follow, job_card
from landmark.ui.page import guarded, header
from landmark.ui.panels import platform, platform_form
from landmark.ui.panels.choice import choose, chosen
from landmark.ui.panels.set_choice import orders_of

QUESTION = "Does it hold on another platform?"

with guarded():
    data = dataset_needed(
        QUESTION,
        "A prediction is learned on one dataset, such as microarrays, and tried on another, such as RNA-seq.",
    )

    runs = resources.runs("cross-platform", dataset=data.id)
    run = chosen(runs)
    job = follow("cross-platform", dataset=data.id)
    busy = job is not None and job.active
    if run is None:
        header(QUESTION, None if busy else "Not tried yet with this dataset: choose another one to predict.")
    else:
        header(QUESTION, platform.answer(run))
    if job is not None:
        job_card(job.id)
    if run is not None:
        platform.matching(run)
        platform.figures(run)
        platform.sets_table(run)
        platform.genes(run)
    others = [other for other in resources.datasets() if other.id != data.id]
    if not others:
        missing(
            "There is no other dataset yet",
            "Import the samples of the other platform: RNA-seq, another array. Genes are matched by their symbols.",
            "import",
            "Bring another dataset in",
        )
        st.stop()
    st.subheader("Settings")
    if run is not None:
        choose(runs, run, "Prediction shown", platform.describe)
    platform_form.form(data, others, orders_of(data), disabled=busy)
    if run is not None:
        how_computed(run, platform.FORMULA)
