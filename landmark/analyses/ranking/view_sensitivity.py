"""How far the choices that the paper leaves open would move a ranking."""

import streamlit as st

from landmark.analyses.ranking.results import RankResults
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.wording import percent

NAMES = {
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
        f"The choice of the **{worst['choice']}** matters most: {NAMES[worst['value']]} instead of "
        f"{NAMES[made[worst['choice']]]} would keep **{percent(worst['overlap'])}** of the top {found.cut:,}; two "
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
        made=[NAMES[made[choice]] for choice in table["choice"]],
        value=table["value"].map(NAMES),
        choice=table["choice"].str.capitalize(),
        overlap=100 * table["overlap"],
    )
    st.dataframe(
        shown,
        hide_index=True,
        key=f"choices-{run.id}",
        column_order=["choice", "made", "value", "overlap", "rank_correlation"],
        column_config={
            "choice": st.column_config.TextColumn("Choice", pinned=True),
            "made": st.column_config.TextColumn("Made here"),
            "value": st.column_config.TextColumn("Instead"),
            "overlap": st.column_config.NumberColumn(
                f"Overlap at {found.cut:,}",
                format="%.1f%%",
                help=f"Share of the top {found.cut:,} that stays.",
            ),
            "rank_correlation": st.column_config.NumberColumn(
                "Rank correlation",
                format="%.3f",
                help="Spearman's, over all genes. 1: the same order; 0: unrelated.",
            ),
        },
    )
    st.caption(
        f"Each row changes one choice and keeps the others{samples}. The "
        "reference is what contributions are measured from: the mean training sample asks what is unusual in a sample, "
        "zero expression asks what its raw values do, which favours genes that are high everywhere. The paper names "
        "none of the three choices."
    )
