"""Who competes and by what rules: the one form of the tournament, and what it will take."""

from typing import Any

import pandas as pd
import streamlit as st

from landmark.analyses.benchmark.config import TournamentConfiguration
from landmark.analyses.benchmark.figures import style_of
from landmark.analyses.benchmark.store import FoldStore
from landmark.analyses.choices import FORWARD, PREDICTORS, STRATEGIES
from landmark.errors import BadConfiguration
from landmark.metrics.cross_validation import standing
from landmark.store.activity import Activity
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.estimate import check, estimate
from landmark.ui.jobs import start
from landmark.ui.run_form import NETWORKS, Chosen, RunForm
from landmark.ui.wording import duration
from landmark.wording import counted

HELP = (
    "Every one chooses anew in every fold. L1000 always takes part where the dataset has its genes. Greedy: gene after "
    "gene, each for what the others leave unexplained. The concrete autoencoder trains a network for every size."
)
AT_RANDOM, BALANCED, GROUPED = "random", "balance", "groups"


def _strategies(dataset: Dataset, key: str, chosen: Chosen) -> dict[str, Any]:
    strategies = choosing.multiselect(
        "Ways of choosing",
        STRATEGIES,
        default=list(TournamentConfiguration.model_fields["strategies"].default),
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
        help=f"Such as 100, 250, 500. {TournamentConfiguration.model_fields['sizes'].description}",
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
        AT_RANDOM: "Samples at random",
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
    """Show what the trainings take, and the rest where an earlier tournament is known; return whether they fit."""
    try:
        wanted = TournamentConfiguration.parse({"dataset": dataset.id, **chosen})
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
    configuration=TournamentConfiguration,
    key="tournament",
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
    button="Start the tournament",
    icon="trophy",
)


def form(dataset: Dataset, run: Run | None, busy: bool) -> None:
    """Choose who competes, say what it will take, and start it on request."""
    asked = FORM.ask(dataset, busy)
    if asked is not None:
        wanted = TournamentConfiguration.parse(asked)
        if wanted.trainings:
            check(dataset, wanted.network, wanted.trainings)
        start("tournament", asked)


def _rest(dataset: Dataset, wanted: TournamentConfiguration, folds: int) -> str:
    """Say what choosing and predicting take, by an earlier tournament of this dataset."""
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
    return (
        "Choosing and predicting come on top; the time left is shown while it runs. Finished folds are kept."
    )


def so_far(item: Activity) -> None:
    """Show the error of every strategy over the folds that are finished, the best first."""
    store = FoldStore(item.folder)
    count = store.count()
    if not count:
        return
    wanted = TournamentConfiguration.parse(item.request.configuration)
    table = _standing(store, item.id, count, 1 / (wanted.folds - 1))
    size, predictor = table["size"].max(), wanted.predictors[0]
    rows = table[
        (table["size"] == size)
        & (table["predictor"] == predictor)
        & (table["scope"] == "common")
        & (table["measure"] == "mae")
    ]
    st.markdown(
        f"After {counted(count, 'fold')}, {size:,} genes, {PREDICTORS[predictor]}: mean error (MAE) of the "
        "genes in no set"
    )
    with st.container(horizontal=True, gap="medium"):
        for _, row in rows.iterrows():
            st.metric(style_of(row["strategy"]).name, f"{row['mean']:.4f}", width="content")


@st.cache_data(max_entries=8, show_spinner=False)
def _standing(_store: FoldStore, run_id: str, count: int, test_to_train: float) -> pd.DataFrame:
    """Read finished folds again only when there is one more."""
    return standing(_store.table("results"), _store.table("duels"), test_to_train)
