"""How a tournament stands while it is at work; drawn inside its job card."""

import pandas as pd
import streamlit as st

from landmark.analyses.benchmark.config import TournamentConfiguration
from landmark.analyses.choices import PREDICTORS
from landmark.evaluation.tournament_standing import standing
from landmark.figures.tournament import style_of
from landmark.runs.activity import Activity
from landmark.wording import counted
from landmark.workflows.tournament_store import FoldStore


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
