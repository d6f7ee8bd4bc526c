"""What the selected gene contributes in each group of samples."""

import streamlit as st

from landmark.analyses.ranking.results import RankResults
from landmark.figures.sample_groups import group_profile
from landmark.runs.store import Run
from landmark.ui import resources
from landmark.ui.figure import show
from landmark.wording import counted, escaped, gene


def gene_groups(run: Run, name: str) -> None:
    """Show the groups of training samples that a gene sets apart, or say why there are none."""
    found = RankResults.read(run.manifest.metrics)
    if not found.group_label:
        st.caption(f"No contributions by sample group: {escaped(found.groups_missing)}")
        return
    table = resources.table(run.id, "groups")
    shown = table[table["gene"] == name].drop(columns="gene").sort_values("contribution", ascending=False)
    shown = shown.assign(samples=shown["group"].astype(str).map(found.group_sizes))
    first, last = shown.iloc[0], shown.iloc[-1]
    st.markdown(
        f"Of {counted(len(shown), 'group')} of **{escaped(found.group_label)}**, {gene(name)} contributes most in "
        f"{escaped(first['group'])} and least in {escaped(last['group'])}."
    )
    show(group_profile(shown, name), f"groups-{run.id}-{name}", table=shown, name=f"groups_{name}")
    st.caption(
        "Contributions are averaged over the training samples of a group with their signs, then taken without sign and "
        "averaged over units. Long: the gene tells this group from the reference. The mean of few samples is less "
        "certain, which makes it look larger."
    )
