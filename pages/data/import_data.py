"""Is this the matrix I meant?"""

import streamlit as st

from landmark.analyses.import_data import view as panel
from landmark.analyses.import_data.view_form import close_form, import_form, open_form, wanted
from landmark.ui import resources, uploads
from landmark.ui.jobs import follow, job_card
from landmark.ui.page import guarded, header
from landmark.ui.result_page import how_computed
from landmark.ui.state import dataset

FORMULA = (
    "Test samples are drawn at random with the seed, once, at import; no model ever learns from them. "
    "The split and every change stand in the dataset itself."
)
INVITATION = (
    "Choose a matrix and look at it: what is found becomes questions; nothing is decided without you."
)

with guarded():
    uploads.sweep()
    data = dataset()
    asking = data is None or wanted()
    if data and not asking:
        header("Is this the matrix I meant?", panel.answer(data))
    else:
        header("Which data shall be imported?", INVITATION)
    job = follow("import")
    if job is not None:
        job_card(job.id)
    busy = job is not None and job.active
    if data is not None and asking:
        st.button("Back to the dataset", icon=":material/arrow_back:", on_click=guarded()(close_form))
    if data is None or asking:
        if not busy:
            import_form()
        st.stop()
    st.button("Import another matrix", icon=":material/upload:", on_click=guarded()(open_form), disabled=busy)
    panel.show_dataset(data)
    runs = resources.runs("import", dataset=data.id)
    if runs:
        how_computed(runs[0], FORMULA)
