"""How do I train the paper's network here?"""

import streamlit as st

from landmark.ui.empty import missing
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import follow, job_card
from landmark.ui.page import guarded, header
from landmark.ui.panels import train
from landmark.ui.state import dataset, model

QUESTION = "How do I train the paper's network here?"

with guarded():
    data, run = dataset(), model()
    if data is None:
        header(QUESTION, None)
        missing(
            "There is no dataset yet.",
            "The network is trained on an expression matrix: samples by genes.",
            "import",
            "Bring a dataset in",
        )
        st.stop()

    job = follow("train", dataset=data.id)
    busy = job is not None and job.active
    header(QUESTION, train.answer(data, run, busy))
    if job is not None:
        job_card(job.id, live=train.live_curve)
    if run is not None and not busy:
        train.finished(run)
    place = st.container()
    st.subheader("Settings")
    network = train.settings_form(data)
    with place:
        st.subheader("What a training will cost")
        train.start(data, network, disabled=busy)
    if run is not None:
        how_computed(run, train.FORMULA)
