"""Which genes matter most to the network?"""

import streamlit as st

from landmark.ui import resources
from landmark.ui.empty import missing
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import follow, job_card
from landmark.ui.page import guarded, header
from landmark.ui.panels import explain, ranking
from landmark.ui.panels.choice import choose, chosen
from landmark.ui.panels.gene_groups import gene_groups
from landmark.ui.panels.other_choices import other_choices
from landmark.ui.panels.other_rankings import other_rankings
from landmark.ui.panels.other_seeds import seeds_at_work
from landmark.ui.panels.own_genes import own_genes
from landmark.ui.panels.trust import trust
from landmark.ui.state import model

QUESTION = "Which genes matter most to the network?"

with guarded():
    network = model()
    if network is None:
        header(QUESTION, None)
        missing(
            "There is no trained network yet.",
            "Genes are ranked by what they contribute to the bottleneck of a trained network.",
            "train",
            "Train the network",
        )
        st.stop()

    runs = resources.runs("rank", train=network.id)
    run = chosen(runs)
    job = follow("rank", model=network.id) or seeds_at_work(network)
    busy = job is not None and job.active
    if run is None:
        header(QUESTION, None if busy else "Nobody has asked this network yet. It takes seconds to minutes.")
        if job is not None:
            job_card(job.id)
        ranking.compute(network, again=False, disabled=busy)
        st.stop()

    table = ranking.table_of(run)
    head = st.container()
    if job is not None:
        job_card(job.id)
    cut, log = ranking.cut_fields(run, len(table))
    with head:
        header(QUESTION, ranking.answer(run, table, cut))
    place = st.container()
    ranking.downloads(run, table, cut)
    trust(run, len(table))
    st.subheader("All genes")
    gene = ranking.genes_of(run, table, cut)
    with place:
        ranking.curve(run, table, cut, gene, log)
    ranking.profile(run, table, gene)
    gene_groups(run, gene)
    explain.link(gene)
    own_genes(run, table, cut)
    other_choices(run)
    other_rankings(run, cut)
    st.subheader("Settings")
    choose(runs, run, "Ranking shown", ranking.describe)
    ranking.compute(network, again=True, disabled=busy)
    how_computed(run, ranking.FORMULA)
