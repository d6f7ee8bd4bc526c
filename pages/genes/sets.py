"""Which sets do I have, how do they overlap?"""

import streamlit as st

from landmark.ui.page import guarded, header
from landmark.ui.panels import make_list, sets
from landmark.ui.panels.set_choice import orders_of
from landmark.ui.result_page import dataset_needed

QUESTION = "Which sets do I have, how do they overlap?"

with guarded():
    data = dataset_needed("Gene sets are looked up among the genes that a dataset measures.").subject(
        QUESTION
    )

    head = st.container()
    make_list.saved_note()
    texts = sets.choose_sets(data, orders_of(data))
    made = []
    with guarded():
        made = sets.made(data, texts)
    with head:
        header(QUESTION, sets.answer(data, made))
    if made:
        sets.overlap(made, texts)
    make_list.make_lists(data, made)
