"""Which sets do I have, how do they overlap?"""

import streamlit as st

from landmark.ui import gene_sets
from landmark.ui.gene_set_choice import orders_of
from landmark.ui.page import guarded, header
from landmark.ui.result_page import dataset_needed

QUESTION = "Which sets do I have, how do they overlap?"

with guarded():
    data = dataset_needed("Gene sets are looked up among the genes that a dataset measures.").subject(
        QUESTION
    )

    head = st.container()
    gene_sets.saved_note()
    texts = gene_sets.choose_sets(data, orders_of(data))
    made = []
    with guarded():
        made = gene_sets.made(data, texts)
    with head:
        header(QUESTION, gene_sets.answer(data, made))
    if made:
        gene_sets.overlap(made, texts)
    gene_sets.make_lists(data, made)
