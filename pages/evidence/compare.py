"""Does my set say more than L1000?"""

import streamlit as st

from landmark.ui import resources
from landmark.ui.empty import dataset_needed, missing
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import follow, job_card
from landmark.ui.page import guarded, header
from landmark.ui.panels import compare, compare_form
from landmark.ui.panels.choice import choose, chosen
from landmark.ui.panels.paper import paper_beside_us
from landmark.ui.places import PLACES

QUESTION = "Does my set say more than L1000?"

with guarded():
    data = dataset_needed(
        QUESTION,
        "Gene sets are compared by how well they predict all other genes of a dataset.",
    )

    rankings = resources.runs("rank", dataset=data.id)
    runs = resources.runs("compare", dataset=data.id)
    run = chosen(runs)
    job = follow("compare", dataset=data.id)
    busy = job is not None and job.active
    if run is None:
        header(QUESTION, "No sets have been compared on this dataset yet: choose them here.")
    else:
        table = resources.table(run.id, "comparison")
        pair = compare.chosen_pair(run, table)
        header(QUESTION, compare.answer(run, pair))
    if job is not None:
        job_card(job.id)
    if not rankings:
        missing(
            "No ranking of this dataset yet",
            "L1000 and variable genes can be compared already; your own set comes from a ranking.",
            "ranking",
            "Rank the genes",
        )
    if run is not None:
        if pair is not None:
            compare.choose_pair(run, pair)
        compare.explore(run, table, pair, data.manifest.unit)
        compare.sets_table(run)
        if st.button(
            "Is it so on other samples too? Let ways of choosing compete",
            type="tertiary",
            icon=":material/trophy:",
        ):
            st.switch_page(PLACES["tournament"])
    st.subheader("Settings")
    if run is not None:
        choose(runs, run, "Comparison shown", compare.describe)
    compare_form.form(data, rankings, disabled=busy)
    paper_beside_us(data, run)
    if run is not None:
        how_computed(run, compare.FORMULA)
