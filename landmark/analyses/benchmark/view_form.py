"""Who competes in a benchmark of ways of choosing genes, by what rules, and what it will take."""

from typing import Any

import streamlit as st

from landmark.analyses.benchmark.config import BenchmarkConfiguration
from landmark.analyses.benchmark.figures import style_of
from landmark.analyses.choices import FORWARD, STRATEGIES
from landmark.errors import BadConfiguration
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.estimate import check, estimate
from landmark.ui.jobs import start
from landmark.ui.run_form import NETWORKS, Chosen, RunForm
from landmark.ui.wording import duration

HELP = (
    "Every one chooses anew in every fold. L1000 always takes part where the dataset has its genes. Greedy: gene after "
    "gene, each for what the others leave unexplained. Clusters of genes: one gene for each, as the L1000 genes were "
    "found. geneBasis: gene after gene, each for what the nearest samples do not say. Principal components: one gene "
    "for each. The concrete autoencoder trains a network for every size."
)
AT_RANDOM, BALANCED, GROUPED = "random", "balance", "groups"


def _strategies(dataset: Dataset, key: str, chosen: Chosen) -> dict[str, Any]:
    strategies = choosing.multiselect(
        "Ways of choosing",
        STRATEGIES,
        default=list(BenchmarkConfiguration.model_fields["strategies"].default),
        format_func=lambda name: style_of(name).name,
        key=f"{key}-strategies",
        persist_state="session",
        help=HELP,
    )
    return {"strategies": strategies}


def _sizes(dataset: Dataset, key: str, chosen: Chosen) -> dict[str, Any]:
    sizes = st.text_input(
        "Genes per set",
        key=f"{key}-sizes",
        placeholder="as many as L1000 has, half and a quarter",
        help=f"Such as 100, 250, 500. {BenchmarkConfiguration.model_fields['sizes'].description}",
        persist_state="session",
    )
    return {"sizes": sizes}


def _division(dataset: Dataset, key: str, chosen: Chosen) -> dict[str, Any]:
    """Choose how samples are divided into folds."""
    columns = list(dataset.manifest.labels)
    if not columns:
        return {}
    options = [(AT_RANDOM, "")] + [(how, column) for column in columns for how in (BALANCED, GROUPED)]
    words = {
        AT_RANDOM: "At random, groups that the split keeps together as wholes",
        BALANCED: "Every fold with its share of every {}",
        GROUPED: "Every {} as a whole: do the genes carry over to another one?",
    }
    how, column = choosing.selectbox(
        "How samples are divided",
        options,
        format_func=lambda option: words[option[0]].format(option[1]),
        key=f"{key}-division-{dataset.id}",
        persist_state="session",
    )
    return {} if how == AT_RANDOM else {how: column}


def _one_by_one(chosen: Chosen) -> bool:
    return not set(FORWARD).isdisjoint(chosen["strategies"])


def _cost(dataset: Dataset, chosen: Chosen) -> bool:
    """Show what the trainings take, and the rest where an earlier benchmark is known; return whether they fit."""
    try:
        wanted = BenchmarkConfiguration.parse({"dataset": dataset.id, **chosen})
    except BadConfiguration as error:
        st.warning(str(error))
        return False
    fits = True
    if wanted.trainings:
        st.markdown(f"**Training {wanted.trainings} autoencoders**")
        fits = estimate(dataset, wanted.network, wanted.trainings)
    st.caption(_rest(dataset, wanted, wanted.folds * wanted.seeds))
    return fits


FORM = RunForm(
    kind="tournament",
    rows=("strategies", (("sizes", "folds"), ("predictors", "seeds")), "division"),
    more=(
        "random_sets",
        "models",
        "penalty",
        "reconstruction",
        "first_seed",
        "strict",
        "network",
        "concrete",
        NETWORKS,
    ),
    labels={
        "concrete": "Concrete autoencoder",
        "seeds": "Repetitions",
        "random_sets": "Random sets per fold",
        "models": "Autoencoders per fold",
        "penalty": "Penalty of the greedy choice, per training sample",
        "reconstruction": "Share of the reconstruction in the blend",
    },
    widgets={"strategies": _strategies, "sizes": _sizes, "division": _division},
    when={
        "penalty": _one_by_one,
        "reconstruction": _one_by_one,
        "concrete": lambda chosen: "concrete" in chosen["strategies"],
    },
    beside=_cost,
    button="Start the benchmark",
    icon="trophy",
)


def form(dataset: Dataset, run: Run | None, busy: bool) -> None:
    """Choose who competes, say what it will take, and start it on request."""
    asked = FORM.ask(dataset, busy)
    if asked is not None:
        wanted = BenchmarkConfiguration.parse(asked)
        if wanted.trainings:
            check(dataset, wanted.network, wanted.trainings)
        start("tournament", asked)


def _rest(dataset: Dataset, wanted: BenchmarkConfiguration, folds: int) -> str:
    """Say what choosing and predicting take, by an earlier benchmark of this dataset."""
    for run in resources.runs("tournament", dataset=dataset.id):
        made = run.manifest.configuration
        same = tuple(made["predictors"]) == wanted.predictors and tuple(made["sizes"]) == wanted.sizes
        if same and set(wanted.strategies) <= set(made["strategies"]):
            costs = resources.table(run.id, "costs")
            training = costs.loc[costs["strategy"] == "models", "seconds"].sum()
            per_fold = (run.manifest.seconds - training) / (made["folds"] * made["seeds"])
            return (
                f"Choosing and predicting: at most about {duration(folds * max(per_fold, 0.0))} more, by the time that "
                f"{run.id} took."
            )
    return "Choosing and predicting come on top. Finished folds are kept."
