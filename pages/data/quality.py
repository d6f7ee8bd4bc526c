"""Can I trust these samples?"""

import streamlit as st

from landmark.ui import resources
from landmark.ui.empty import dataset_needed
from landmark.ui.footer import how_computed
from landmark.ui.jobcard import follow, job_card
from landmark.ui.page import guarded, header
from landmark.ui.panels import quality, quality_apart, quality_form
from landmark.ui.panels.choice import choose, chosen

QUESTION = "Can I trust these samples?"

with guarded():
    data = dataset_needed(
        QUESTION,
        "Samples are looked at one by one and beside each other.",
    )

    runs = resources.runs("quality", dataset=data.id)
    run = chosen(runs)
    job = follow("quality", dataset=data.id)
    busy = job is not None and job.active
    if run is None:
        header(QUESTION, "Nobody has looked at these samples yet. It takes seconds." if not busy else None)
    else:
        header(QUESTION, quality.answer(data, run))
    if job is not None:
        job_card(job.id)
    if run is not None:
        samples, obs = resources.table(run.id, "samples"), quality.annotations(data)
        label = quality.choose_label(data, run)
        labels = quality.labels_of(obs, label, samples["sample"])
        quality.plane(run, samples, labels, label)
        quality_apart.batches(run)
        quality_apart.stand_apart(run, samples, obs)
        quality.distributions(run, samples, labels, data.manifest.unit or "expression, unit not stated")
        quality.correlations(run, labels)
    st.subheader("Settings")
    if run is not None:
        choose(runs, run, "Look shown", quality.describe)
    quality_form.form(data, first=run is None, disabled=busy)
    if run is not None:
        how_computed(run, quality.FORMULA)
