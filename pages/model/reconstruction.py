"""What did the network learn?"""

import streamlit as st

from landmark.ui.empty import missing
from landmark.ui.footer import how_computed
from landmark.ui.page import guarded, header
from landmark.ui.panels import one_gene, reconstruction
from landmark.ui.state import dataset, model

QUESTION = "What did the network learn?"

with guarded():
    data, run = dataset(), model()
    if data is None or run is None:
        header(QUESTION, None)
        missing(
            "There is no trained network yet.",
            "What it restores of each gene is measured on held-out samples at the end of its training.",
            "train",
            "Train the network",
        )
        st.stop()

    header(QUESTION, reconstruction.answer(run))
    table = reconstruction.table_of(run)
    one_gene.densities(run, table)
    reconstruction.figures(run, table, data.manifest.unit)
    reconstruction.basis(run)
    one_gene.one_gene(run, table, data.manifest.unit)
    st.subheader("All genes")
    reconstruction.all_genes(run, table)
    how_computed(run, reconstruction.FORMULA)
