"""Can these datasets be used together?"""

import streamlit as st

from landmark.ui import resources
from landmark.ui.empty import missing
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import follow, job_card
from landmark.ui.page import guarded, header
from landmark.ui.panels import merge
from landmark.ui.panels.choice import chosen
from landmark.ui.panels.merge_form import form
from landmark.ui.state import dataset

QUESTION = "Can these datasets be used together?"

with guarded():
    data = dataset()
    if data is None or len(resources.datasets()) < 2:
        header(QUESTION, None)
        missing(
            "There is nothing to merge yet.",
            "Datasets that measure the same genes can be made one. That takes two of them.",
            "import",
            "Bring a dataset in",
        )
        st.stop()

    run = chosen(resources.runs("merge", dataset=data.id))
    job = follow("merge")
    busy = job is not None and job.active
    if run is None:
        header(QUESTION, "Choose them: what they share is shown at once, before anything is computed.")
    else:
        header(QUESTION, merge.answer(data, run))
    if job is not None:
        job_card(job.id)
    if run is not None:
        merge.results(run)
    else:
        merge.open_one(resources.runs("merge"))
    st.subheader("Merge" if run is None else "Merge others", anchor=False)
    form(data, disabled=busy)
    if run is not None:
        how_computed(run, merge.FORMULA)
