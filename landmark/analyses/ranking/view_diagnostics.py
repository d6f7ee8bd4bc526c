"""How far a ranking can be trusted, in figures with their plain meaning."""

import streamlit as st

from landmark.analyses.ranking.results import RankResults
from landmark.analyses.ranking.view_replicates import ask_for_seeds, between_seeds, of_other_seeds
from landmark.analyses.ranking.view_sensitivity import gravest
from landmark.store.runs import Run
from landmark.wording import percent


def trust(run: Run, genes: int) -> None:
    """Show what would move the ranking most, stability, agreement with two other ways to choose, and exactness."""
    found = RankResults.read(run.manifest.metrics)
    cut, present = found.cut, found.l1000_present
    st.subheader("How far can it be trusted?")
    others = of_other_seeds(run)
    if caution := gravest(run):
        st.markdown(caution)
    with st.container(horizontal=True, gap="medium"):
        st.metric(
            "Same network, half of the samples each",
            percent(found.overlap_halves),
            f"rank correlation {found.correlation_halves:.3f}",
            delta_color="off",
            delta_arrow="off",
            help=f"The network, which has learned from all training samples, was asked about either half of them: the "
            f"share of the top {cut:,} that both name. It says how steady the average over samples is, not whether a "
            "network trained on other samples would choose alike.",
            width="content",
        )
        if found.overlap_retrained is not None and found.correlation_retrained is not None:
            st.metric(
                "Trained anew, half of the samples each",
                percent(found.overlap_retrained),
                f"rank correlation {found.correlation_retrained:.3f}",
                delta_color="off",
                delta_arrow="off",
                help=f"Two networks, each trained on one half of the samples alone, ranked the genes: the share of the "
                f"top {cut:,} that both name. Low means that other samples would give another set; that half the "
                "samples make poorer networks is part of it.",
                width="content",
            )
        between_seeds(run, others)
        st.metric(
            "Overlap, gradient x input",
            percent(found.overlap_gradient),
            help=f"Share of the top {cut:,} that the simpler score, gradient times input, also names. Near 100% means "
            "that DeepLIFT adds little here.",
            width="content",
        )
        st.metric(
            "Overlap, L1000",
            f"{found.overlap_l1000:,} of {cut:,}"
            if found.overlap_l1000 is not None
            else "no L1000 gene here",
            f"chance: about {cut * present / genes:,.0f}" if present else None,
            delta_color="off",
            delta_arrow="off",
            help="Genes of the set that are also landmark genes of L1000. The paper: 129 of 943.",
            width="content",
        )
        if found.driver_auc is not None:
            st.metric(
                "Known drivers found (AUC)",
                f"{found.driver_auc:.3f}",
                help="This dataset is simulated, so the genes that drive it are known. 1: they all lead the ranking; "
                "0.5: they stand anywhere.",
                width="content",
            )
        st.metric(
            "Sum-to-delta residual",
            f"{found.residual_worst:.1e}",
            f"mean {found.residual_mean:.1e}",
            delta_color="off",
            delta_arrow="off",
            help="All contributions to a unit must add up to the change of that unit from its reference. This is the "
            "largest gap found, as a share of the largest change. Near 1e-5 it is rounding; near 1 the "
            "scores would be wrong.",
            width="content",
        )
    if not others:
        ask_for_seeds(run)
