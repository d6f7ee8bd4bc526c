"""What to repeat with several seeds, and what it will cost."""

from typing import Any

import streamlit as st

from landmark.analyses.replicates.config import SeedsConfiguration
from landmark.models.settings import AutoencoderConfiguration
from landmark.runs.datasets import Dataset
from landmark.runs.store import Run
from landmark.ui import resources
from landmark.ui.clock import duration
from landmark.ui.form import fields
from landmark.ui.jobs import start
from landmark.ui.panels.estimate import check, estimate
from landmark.ui.panels.network_choice import paper_or_own


def form(dataset: Dataset, model: Run | None, disabled: bool) -> None:
    """Choose the number of seeds and the network, say what it will cost, and start it on request."""
    with st.container(key="seeds-form", width=520):
        values = fields(
            SeedsConfiguration,
            ["seeds", "first_seed", "predictor", "random_sets"],
            "seeds",
            {"seeds": "Number of seeds", "random_sets": "Random sets per seed"},
        )
        network = paper_or_own(model, "seeds-network")
    runs = int(values["seeds"])
    st.markdown("**Training them all**")
    fits = estimate(dataset, AutoencoderConfiguration.parse(network), runs)
    st.caption(everything(dataset, network, runs))
    if st.button(
        "Repeat everything with several seeds",
        type="primary",
        icon=":material/casino:",
        disabled=disabled or not fits,
        help="Such a request is at work on this dataset; cancel it first." if disabled else None,
    ):
        check(dataset, AutoencoderConfiguration.parse(network), runs)
        start("seeds", {"dataset": dataset.id, "network": network, **values})


def everything(dataset: Dataset, network: dict[str, Any], seeds: int) -> str:
    """Say how long all steps will take by the time that an earlier training of this kind and its steps took."""
    for model in resources.runs("train", dataset=dataset.id):
        if dict(model.manifest.configuration["network"]) | {"seed": 0} != network:
            continue
        made = [resources.runs("rank", train=model.id), resources.runs("cluster", train=model.id)]
        made.append(resources.runs("compare", dataset=dataset.id))
        seconds = model.manifest.seconds + sum(runs[0].manifest.seconds for runs in made if runs)
        return f"All steps: about {duration(seeds * seconds)} for {seeds} seeds, by the time that {model.id} took."
    return "Ranking, comparing and clustering come on top; the time left is shown while it runs."
