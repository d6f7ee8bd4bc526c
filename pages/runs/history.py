"""What was computed, by which settings?"""

import streamlit as st

from landmark.store.activity import activities
from landmark.ui import resources
from landmark.ui.jobs import job_card
from landmark.ui.page import guarded, header
from landmark.ui.result_page import missing
from landmark.ui.run_history import choose, differences, one_run, show_datasets, show_unreadable
from landmark.ui.state import parameter, set_parameter
from landmark.ui.wording import ago
from landmark.wording import escaped

QUESTION = "What was computed, by which settings?"

with guarded():
    runs = resources.runs()
    everything = activities(resources.here())
    known = {item.id for item in everything}
    unfinished = [item for item in everything if item.request.part_of not in known]
    count = f"{len(runs)} finished run{'' if len(runs) == 1 else 's'}"
    newest = f", the newest {ago(runs[0].manifest.started)}" if runs else ""
    header(QUESTION, f"{count}{newest}; {len(unfinished)} unfinished.")
    for item in unfinished:
        job_card(item.id)
    show_unreadable()
    if not runs:
        missing(
            "No finished run yet",
            "Every import, training, ranking, comparison and clustering is kept here with all its settings.",
            "overview",
            "Run the whole path on an example",
        )
        st.stop()
    marked = choose(runs)
    st.caption("Mark a run to see all of it; mark two to see in what they differ.")
    if len(marked) == 2:
        st.subheader("In what they differ", anchor=False)
        st.dataframe(differences(*marked), hide_index=True, alt="Differences between the two marked runs")
    else:
        if marked:
            set_parameter("run", marked[-1].id)
        named = resources.run(parameter("run"))
        if named is not None:
            one_run(named)
        elif parameter("run"):
            st.warning(
                f"There is no finished run {escaped(repr(parameter('run')))}; it may have been deleted."
            )
    show_datasets()
