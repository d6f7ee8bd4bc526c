"""What can I find out here?"""

import streamlit as st

from landmark.analyses.overview import view as overview_view
from landmark.ui import resources
from landmark.ui.jobs import follow, job_card
from landmark.ui.page import PLACES, guarded, header
from landmark.ui.run_history import COLUMNS, runs_table
from landmark.ui.state import dataset, model

RECENT = 6

with guarded():
    data = dataset()
    found = overview_view.found(data, model())
    header("What can I find out here?", overview_view.answer(data, found))
    job = follow("path")
    overview_view.offer(data, model(), job)
    if job is not None:
        job_card(job.id, live=overview_view.running_step)
    st.subheader("The path of the paper", anchor=False)
    overview_view.show_steps(data, found)
    recent = resources.runs()[:RECENT]
    if recent:
        st.subheader("Recent runs", anchor=False)
        st.dataframe(
            runs_table(recent).drop(columns=["Time", "Run"]),
            hide_index=True,
            column_config=COLUMNS,
            alt="Recent runs, newest first",
        )
        st.page_link(PLACES["runs"], label="All runs", icon=":material/history:")
