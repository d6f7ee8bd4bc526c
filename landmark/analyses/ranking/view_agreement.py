"""How far a ranking agrees with others: of the same dataset, of other seeds, of other choices."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from landmark.analyses.ranking.config import RankConfiguration
from landmark.analyses.ranking.results import TABLES, RankResults
from landmark.genesets.stability import agreement
from landmark.jobs.control import submit
from landmark.results import Column, Text
from landmark.store.activity import Activity
from landmark.store.runs import Run
from landmark.training.settings import LARGEST_SEED
from landmark.ui import resources
from landmark.ui.figure import metric
from landmark.ui.jobs import at_work, start
from landmark.ui.tables import column_config, show_table
from landmark.wording import counted, percent


@st.cache_data(max_entries=256, show_spinner=False)
def _agreement_of(run_id: str, other_id: str, cut: int) -> tuple[float, float]:
    """Return the correlation of all ranks, and the share of the first ``cut`` genes that both rankings name."""
    return agreement(resources.table(run_id, "ranking"), resources.table(other_id, "ranking"), cut)


_MOST = 20
"""So many other rankings are compared, the newest first."""

_CHOICES = TABLES["choices"]
_OTHERS = (
    Text("reference", "What contributions are measured from."),
    Text("network", "The training whose encoder was asked."),
    Text("target", "What is explained."),
    Text("aggregation", "How contributions become a score."),
)


def _overlap(cut: int) -> Column:
    return replace(_CHOICES.column("overlap"), heading=f"Overlap at {cut:,}")


def other_rankings(run: Run, cut: int) -> None:
    """Compare a ranking with the others of its dataset; nothing where there is none."""
    others = [
        found for found in resources.runs("rank", dataset=run.manifest.parents["dataset"]) if found != run
    ]
    if not others:
        return
    st.subheader("Other rankings of these genes")
    table = _compared(run, others[:_MOST], cut)
    least = table["overlap"].min()
    st.markdown(
        f"Each of them names at least {percent(least)} of the top {cut:,} shown here; two sets drawn at random "
        f"would share about {percent(cut / len(resources.table(run.id, 'ranking')))}."
    )
    name = Text("run", "The other ranking.", "", "Ranking")
    # The figures first: on a narrow page the columns to the right are out of sight.
    columns = column_config(_CHOICES.pick(name, _overlap(cut), "rank_correlation", *_OTHERS))
    show_table(table, columns, key=f"others-{run.id}")
    if len(others) > _MOST:
        st.caption(f"The newest {_MOST} of {len(others):,} other rankings.")


def _compared(run: Run, others: Sequence[Run], cut: int) -> pd.DataFrame:
    """Tabulate choices and agreement: run, network, reference, target, aggregation, rank_correlation, overlap."""
    rows = []
    for other in others:
        correlation, overlap = _agreement_of(run.id, other.id, cut)
        made = other.manifest.configuration
        rows.append(
            {
                "run": other.id,
                "network": _network(run, other),
                "reference": reference_of(other),
                "target": made["target"],
                "aggregation": made["aggregation"].replace("_", " "),
                "rank_correlation": correlation,
                "overlap": overlap,
            }
        )
    return pd.DataFrame(rows)


def reference_of(run: Run) -> str:
    """Name the reference of a ranking, with its group where it is the mean of one."""
    made = run.manifest.configuration
    group = made.get("reference_group", "")
    return f"{made['reference']} ({group})" if group else str(made["reference"])


def _network(run: Run, other: Run) -> str:
    model = other.manifest.parents["train"]
    return "the same" if model == run.manifest.parents["train"] else f"{model}, seed {other.manifest.seed}"


_MORE = 2
"""So many seeds are trained on request."""

_NOT_THE_NETWORK = {"seed", "checkpoint_every"}


def between_seeds(run: Run, others: list[Run]) -> None:
    """Show the overlap of the top K with the rankings of other seeds, as one figure."""
    cut = RankResults.read(run.manifest.metrics).cut
    shares = [_agreement_of(run.id, other.id, cut)[1] for other in others]
    detail = None
    if len(shares) > 1:
        detail = f"{len(shares)} other seeds: {percent(min(shares))} to {percent(max(shares))}"
    elif shares:
        detail = f"seeds {run.manifest.seed} and {others[0].manifest.seed}"
    metric(
        "Agreement between seeds",
        percent(sum(shares) / len(shares)) if shares else "not known yet",
        detail,
        help="The same network was trained again from other starting weights and in another order of samples, and the "
        f"genes ranked alike: the share of the top {cut:,} that both name. Low means that the set owes much to luck.",
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
        f"Train {_MORE} more seeds, to see how far luck moves it",
        key=f"train-seeds-{run.id}",
        icon=":material/casino:",
        disabled=seeds_at_work(run) is not None,
        help=f"Trains, ranks and compares {_MORE} times over; takes as long as the whole path, {_MORE} times.",
    ):
        seed = int(run.manifest.seed or 0)
        wanted = {"dataset": dataset, "network": {**_network_asked(_model(run)), "seed": 0}, "seeds": _MORE}
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


def _network_asked(model: Run | None) -> dict[str, Any]:
    return dict(model.manifest.configuration["network"]) if model else {}


def _settings(model: Run | None) -> dict[str, Any]:
    """Return what makes the network, but for the seed."""
    network = _network_asked(model)
    return {name: value for name, value in network.items() if name not in _NOT_THE_NETWORK}


def _choices(run: Run) -> dict[str, Any]:
    """Return the choices of a ranking but for its model, also of one that an older version made."""
    made = RankConfiguration.parse(run.manifest.configuration)
    return made.model_dump(mode="json", exclude={"model"})


_NAMES = {
    "training mean": "the mean training sample",
    "zero": "zero expression",
    "group mean": "the mean of a group",
    "pre": "before the sigmoid",
    "post": "after the sigmoid",
    "mean_absolute": "mean of |contribution|",
    "absolute_mean": "|mean of contributions|",
}
"""Values of the choices, for people."""


def gravest(run: Run) -> str:
    """Say which other choice would move the ranking most, and how far; empty where none was tried."""
    if "choices" not in run.tables():
        return ""
    found, made = RankResults.read(run.manifest.metrics), run.manifest.configuration
    table, genes = resources.table(run.id, "choices"), len(resources.table(run.id, "ranking"))
    worst = table.loc[table["overlap"].idxmin()]
    return (
        f"The choice of the **{worst['choice']}** matters most: {_NAMES[worst['value']]} instead of "
        f"{_NAMES[made[worst['choice']]]} would keep **{percent(worst['overlap'])}** of the top {found.cut:,}; two "
        f"sets drawn at random would share about {percent(found.cut / genes)}."
    )


def other_choices(run: Run) -> None:
    """Show what each other choice would change, as it was computed with the ranking."""
    st.subheader("How much would another choice move it?")
    if "choices" not in run.tables():
        st.caption(
            "This ranking was made before its choices were compared. Rank again to see how far they move it."
        )
        return
    found, made = RankResults.read(run.manifest.metrics), run.manifest.configuration
    samples = f", on {found.choices_samples:,} training samples" if found.choices_samples else ""
    table = resources.table(run.id, "choices")
    st.markdown(gravest(run))
    shown = table.assign(
        made=[_NAMES[made[choice]] for choice in table["choice"]],
        value=table["value"].map(_NAMES),
        choice=table["choice"].str.capitalize(),
    )
    here = Text("made", "What this ranking takes.", "", "Made here")
    columns = column_config(_CHOICES.pick("choice", here, "value", _overlap(found.cut), "rank_correlation"))
    show_table(shown, columns, key=f"choices-{run.id}")
    st.caption(
        f"Each row changes one choice and keeps the others{samples}. The "
        "reference is what contributions are measured from: the mean training sample asks what is unusual in a sample, "
        "zero expression asks what its raw values do, which favours genes that are high everywhere. The paper names "
        "none of the three choices."
    )
