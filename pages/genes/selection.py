"""Which genes together say most?"""

import streamlit as st

from landmark.ui import resources
from landmark.ui.empty import dataset_needed
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import follow, job_card
from landmark.ui.page import guarded, header
from landmark.ui.panels import selection, selection_form, selection_gene
from landmark.ui.panels import selection_repeated as repeated
from landmark.ui.panels.choice import choose, chosen
from landmark.ui.panels.selection_elsewhere import elsewhere
from landmark.ui.panels.selection_words import words_of

QUESTION = "Which genes together say most?"

with guarded():
    data = dataset_needed(
        QUESTION,
        "Genes are chosen one after another, each time the one that tells most of what is still unexplained.",
    )

    models = resources.runs("train", dataset=data.id)
    runs = resources.runs("select", dataset=data.id)
    repeated.follow_address()
    run = chosen(runs)
    job = follow("select", dataset=data.id)
    busy = job is not None and job.active
    if run is None:
        header(
            QUESTION,
            None
            if busy
            else "A ranking scores genes one by one, and its first genes repeat each other. Here every gene is taken "
            "for what the others do not tell already.",
        )
    else:
        ranking, companions = selection.tables(run)
        header(QUESTION, selection.answer(run, ranking))
    if job is not None:
        job_card(job.id)
    if run is not None:
        place = st.container()
        selection.take_away(run, ranking)
        st.subheader("Chosen genes")
        paper = selection_gene.paper_ranking(run, models)
        gene = selection.genes_of(run, ranking, companions, paper)
        with place:
            selection.curve(run, ranking, gene)
        selection_gene.why(run, data, ranking, companions, paper, gene)
        repeated.section(run)
        elsewhere(run)
    st.subheader("Settings")
    if run is not None:
        choose(runs, run, "Choice shown", selection.describe)
    selection_form.form(data, models, disabled=busy)
    if run is not None:
        how_computed(run, words_of(run).formula)
