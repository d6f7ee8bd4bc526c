"""Is this the matrix I meant?"""

import streamlit as st

from landmark.ui import resources, uploads
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import follow, job_card
from landmark.ui.page import guarded, header
from landmark.ui.panels import dataset as panel
from landmark.ui.panels.importing import import_form
from landmark.ui.state import dataset

FORMULA = (
    "Test samples are drawn at random with the seed, once, at import; no model ever learns from them. "
    "The split and every change stand in the dataset itself."
)

with guarded():
    uploads.sweep()
    data = dataset()
    header(
        "Is this the matrix I meant?",
        panel.answer(data) if data else "There is no matrix yet: take an example or bring your own.",
    )
    job = follow("import")
    busy = job is not None and job.active
    if job is not None:
        job_card(job.id)
    if data is None:
        with st.container(border=True):
            import_form(busy)
        st.stop()
    with st.expander("Import another matrix", icon=":material/upload:", key="import-another"):
        import_form(busy)
    panel.show_dataset(data)
    runs = resources.runs("import", dataset=data.id)
    if runs:
        how_computed(runs[0], FORMULA)
