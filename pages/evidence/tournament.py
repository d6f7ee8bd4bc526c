"""Which way of choosing is best?"""

import streamlit as st

from landmark.ui import resources
from landmark.ui.empty import dataset_needed
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import follow, job_card
from landmark.ui.page import guarded, header
from landmark.ui.panels import tournament, tournament_form, tournament_words
from landmark.ui.panels.choice import choose, chosen
from landmark.ui.panels.tournament_live import so_far
from landmark.ui.state import model

with guarded():
    data = dataset_needed(tournament_words.QUESTION, tournament_words.WHY)

    runs = resources.runs("tournament", dataset=data.id)
    run = chosen(runs)
    job = follow("tournament", dataset=data.id)
    busy = job is not None and job.active
    if run is None:
        header(tournament_words.QUESTION, tournament_words.WORKING if busy else tournament_words.UNKNOWN)
    else:
        header(tournament_words.QUESTION, tournament_words.answer(run))
    if job is not None:
        job_card(job.id, live=so_far)
    if run is not None:
        tournament.explore(run)
        tournament.costs(run)
    st.subheader("Settings")
    if run is not None:
        choose(runs, run, "Tournament shown", tournament.describe)
    tournament_form.form(data, model(), disabled=busy)
    if run is not None:
        how_computed(run, tournament_words.FORMULA)
