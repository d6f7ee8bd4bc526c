"""How well networks that differ in their seed alone agree on the ranking."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from landmark.analyses.ranking.config import RankConfiguration
from landmark.analyses.ranking.results import RankResults
from landmark.analyses.ranking.view_agreement import agreement_of
from landmark.jobs.control import submit
from landmark.store.activity import Activity
from landmark.store.runs import Run
from landmark.training.settings import LARGEST_SEED
from landmark.ui import resources
from landmark.ui.jobs import at_work, start
from landmark.wording import counted, percent

MORE = 2
"""So many seeds are trained on request."""

_NOT_THE_NETWORK = {"seed", "checkpoint_every"}


def between_seeds(run: Run, others: list[Run]) -> None:
    """Show the overlap of the top K with the rankings of other seeds, as one figure."""
    cut = RankResults.read(run.manifest.metrics).cut
    shares = [agreement_of(run.id, other.id, cut)[1] for other in others]
    detail = None
    if len(shares) > 1:
        detail = f"{len(shares)} other seeds: {percent(min(shares))} to {percent(max(shares))}"
    elif shares:
        detail = f"seeds {run.manifest.seed} and {others[0].manifest.seed}"
    st.metric(
        "Agreement between seeds",
        percent(sum(shares) / len(shares)) if shares else "not known yet",
        detail,
        delta_color="off",
        delta_arrow="off",
        help="The same network was trained again from other starting weights and in another order of samples, and the "
        f"genes ranked alike: the share of the top {cut:,} that both name. Low means that the set owes much to luck.",
        width="content",
    )


def ask_for_seeds(run: Run) -> None:
    """Offer to make the rankings of other seeds."""
    models = _other_models(run)
    if models:
        if st.button(
            f"Rank the networks of {counted(len(models), 'other seed')} alike",
            key=f"rank-seeds-{run.id}",
            icon=":material/casino:",
            disabled=any(at_work("rank", model=model.id) for model in models),
            help="They are trained already; ranking takes seconds to minutes for each.",
        ):
            for model in models:
                submit(resources.here(), "rank", {**_choices(run), "model": model.id})
            st.rerun()
        return
    dataset = run.manifest.parents["dataset"]
    if st.button(
        f"Train {MORE} more seeds, to see how far luck moves it",
        key=f"train-seeds-{run.id}",
        icon=":material/casino:",
        disabled=seeds_at_work(run) is not None,
        help=f"Trains, ranks and compares {MORE} times over; takes as long as the whole path, {MORE} times.",
    ):
        seed = int(run.manifest.seed or 0)
        wanted = {"dataset": dataset, "network": {**_network(run), "seed": 0}, "seeds": MORE}
        start("seeds", {**wanted, "first_seed": seed + 1 if seed < LARGEST_SEED - 100 else 0})


def seeds_at_work(run: Run) -> Activity | None:
    """Return the repetition with several seeds that is at work on the dataset of a run, if there is one."""
    return at_work("seeds", dataset=run.manifest.parents["dataset"])


def of_other_seeds(run: Run) -> list[Run]:
    """Return the newest ranking by the same choices from each other seed of the same network."""
    seeds = {model.id: model.manifest.seed for model in _other_models(run)}
    newest: dict[int | None, Run] = {}
    for other in resources.runs("rank", dataset=run.manifest.parents["dataset"]):
        model = other.manifest.parents["train"]
        if model in seeds and _choices(other) == _choices(run):
            newest.setdefault(seeds[model], other)
    return list(newest.values())


def _other_models(run: Run) -> list[Run]:
    """Return the newest training of the same network on the same data for each other seed."""
    newest: dict[int | None, Run] = {}
    for model in resources.runs("train", dataset=run.manifest.parents["dataset"]):
        if model.manifest.seed != run.manifest.seed and _settings(model) == _settings(_model(run)):
            newest.setdefault(model.manifest.seed, model)
    return list(newest.values())


def _model(run: Run) -> Run | None:
    return resources.run(run.manifest.parents["train"])


def _network(run: Run) -> Mapping[str, Any]:
    model = _model(run)
    return dict(model.manifest.configuration["network"]) if model else {}


def _settings(model: Run | None) -> dict[str, Any]:
    """Return what makes the network, but for the seed."""
    network = model.manifest.configuration["network"] if model else {}
    return {name: value for name, value in network.items() if name not in _NOT_THE_NETWORK}


def _choices(run: Run) -> dict[str, Any]:
    """Return the choices of a ranking but for its model, also of one that an older version made."""
    made = RankConfiguration.parse(run.manifest.configuration)
    return made.model_dump(mode="json", exclude={"model"})
