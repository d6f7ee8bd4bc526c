"""How far a ranking agrees with the others of its dataset."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from landmark.genesets.standing import agreement
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.wording import percent


@st.cache_data(max_entries=256, show_spinner=False)
def agreement_of(run_id: str, other_id: str, cut: int) -> tuple[float, float]:
    """Return the correlation of all ranks, and the share of the first ``cut`` genes that both rankings name."""
    return agreement(resources.table(run_id, "ranking"), resources.table(other_id, "ranking"), cut)


_MOST = 20
"""So many other rankings are compared, the newest first."""


def other_rankings(run: Run, cut: int) -> None:
    """Compare a ranking with the others of its dataset; nothing where there is none."""
    others = [
        found for found in resources.runs("rank", dataset=run.manifest.parents["dataset"]) if found != run
    ]
    if not others:
        return
    st.subheader("Other rankings of these genes")
    table = compared(run, others[:_MOST], cut)
    least = table["overlap"].min()
    st.markdown(
        f"Each of them names at least {percent(least)} of the top {cut:,} shown here; two sets drawn at random "
        f"would share about {percent(cut / len(resources.table(run.id, 'ranking')))}."
    )
    st.dataframe(
        table.assign(overlap=100 * table["overlap"]),
        hide_index=True,
        key=f"others-{run.id}",
        # The figures first: on a narrow page the columns to the right are out of sight.
        column_order=["run", "overlap", "correlation", "reference", "network", "target", "aggregation"],
        column_config={
            "run": st.column_config.TextColumn("Ranking", pinned=True),
            "network": st.column_config.TextColumn("Network", help="The training whose encoder was asked."),
            "reference": st.column_config.TextColumn("Reference"),
            "target": st.column_config.TextColumn("Target"),
            "aggregation": st.column_config.TextColumn("Aggregation"),
            "correlation": st.column_config.NumberColumn(
                "Rank correlation",
                format="%.3f",
                help="Spearman's, over all genes. 1: the same order; 0: unrelated.",
            ),
            "overlap": st.column_config.NumberColumn(
                f"Overlap at {cut:,}", format="%.1f%%", help=f"Share of the top {cut:,} that both name."
            ),
        },
    )
    if len(others) > _MOST:
        st.caption(f"The newest {_MOST} of {len(others):,} other rankings.")


def compared(run: Run, others: Sequence[Run], cut: int) -> pd.DataFrame:
    """Tabulate choices and agreement: run, network, reference, target, aggregation, correlation, overlap."""
    rows = []
    for other in others:
        correlation, overlap = agreement_of(run.id, other.id, cut)
        made = other.manifest.configuration
        rows.append(
            {
                "run": other.id,
                "network": _network(run, other),
                "reference": reference_of(other),
                "target": made["target"],
                "aggregation": made["aggregation"].replace("_", " "),
                "correlation": correlation,
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
