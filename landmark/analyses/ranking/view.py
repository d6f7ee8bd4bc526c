"""The ranking of genes by their contribution to the bottleneck: curve, trust, table, one gene, genes of one's own."""

import pandas as pd
import streamlit as st

from landmark.analyses.explain import view as explain_view
from landmark.analyses.ranking.config import RankConfiguration
from landmark.analyses.ranking.figures import gene_profile, group_profile, importance_curve
from landmark.analyses.ranking.results import TABLES, RankResults
from landmark.analyses.ranking.view_agreement import (
    ask_for_seeds,
    between_seeds,
    gravest,
    of_other_seeds,
    other_choices,
    other_rankings,
    reference_of,
    seeds_at_work,
)
from landmark.analyses.train.results import TrainResults
from landmark.genesets.gmt import write_gmt
from landmark.genesets.sources import top
from landmark.genesets.stability import positions
from landmark.genesets.text import Triage, triage
from landmark.results import Truth
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.ui.download import csv, file_button
from landmark.ui.figure import metric, show
from landmark.ui.form import fields
from landmark.ui.genes import GENE, gene_among, gene_table, names_field
from landmark.ui.jobs import follow, start
from landmark.ui.page import guarded
from landmark.ui.predictor_choice import reference_group
from landmark.ui.result_page import ResultPage, network_needed
from landmark.ui.state import parameter, set_parameter
from landmark.ui.tables import column_config, show_table
from landmark.ui.wording import duration
from landmark.wording import counted, escaped, gene, listed, percent


def _trust(run: Run, genes: int) -> None:
    """Show what would move the ranking most, stability, agreement with two other ways to choose, and exactness."""
    found = RankResults.read(run.manifest.metrics)
    cut, present = found.cut, found.l1000_present
    st.subheader("How far can it be trusted?")
    others = of_other_seeds(run)
    if caution := gravest(run):
        st.markdown(caution)
    with st.container(horizontal=True, gap="medium"):
        metric(
            "Same network, half of the samples each",
            percent(found.overlap_halves),
            f"rank correlation {found.correlation_halves:.3f}",
            help=f"The network, which has learned from all training samples, was asked about either half of them: the "
            f"share of the top {cut:,} that both name. It says how steady the average over samples is, not whether a "
            "network trained on other samples would choose alike.",
        )
        if found.overlap_retrained is not None and found.correlation_retrained is not None:
            metric(
                "Trained anew, half of the samples each",
                percent(found.overlap_retrained),
                f"rank correlation {found.correlation_retrained:.3f}",
                help=f"Two networks, each trained on one half of the samples alone, ranked the genes: the share of the "
                f"top {cut:,} that both name. Low means that other samples would give another set; that half the "
                "samples make poorer networks is part of it.",
            )
        between_seeds(run, others)
        metric(
            "Overlap, gradient x input",
            percent(found.overlap_gradient),
            help=f"Share of the top {cut:,} that the simpler score, gradient times input, also names. Near 100% means "
            "that DeepLIFT adds little here.",
        )
        metric(
            "Overlap, L1000",
            f"{found.overlap_l1000:,} of {cut:,}"
            if found.overlap_l1000 is not None
            else "no L1000 gene here",
            f"chance: about {cut * present / genes:,.0f}" if present else None,
            help="Genes of the set that are also landmark genes of L1000. The paper: 129 of 943.",
        )
        if found.driver_auc is not None:
            metric(
                "Known drivers found (AUC)",
                f"{found.driver_auc:.3f}",
                help="This dataset is simulated, so the genes that drive it are known. 1: they all lead the ranking; "
                "0.5: they stand anywhere.",
            )
        metric(
            "Sum-to-delta residual",
            f"{found.residual_worst:.1e}",
            f"mean {found.residual_mean:.1e}",
            help="All contributions to a unit must add up to the change of that unit from its reference. This is the "
            "largest gap found, as a share of the largest change. Near 1e-5 it is rounding; near 1 the "
            "scores would be wrong.",
        )
    if not others:
        ask_for_seeds(run)


def _own_genes(run: Run, ranking: pd.DataFrame, cut: int) -> None:
    """Take a list of genes and show their ranks."""
    with st.expander("Where do my own genes stand?", icon=":material/playlist_add_check:"):
        text = names_field("own")
        if text.strip():
            _own_answer(run, ranking, cut, triage(text, list(ranking["gene"])))


def _own_answer(run: Run, ranking: pd.DataFrame, cut: int, sorted_names: Triage) -> None:
    found = positions(ranking, sorted_names.used, cut)
    if found.empty:
        st.warning(
            "None of these names is a gene of this ranking. Check that they are the same kind of identifier."
        )
    else:
        st.markdown(
            f"{counted(len(found), 'gene')} of the list found; "
            f"**{int(found['chosen'].sum()):,} among the top {cut:,}** "
            f"(chance: about {len(found) * cut / len(ranking):.1f}). "
            f"Median rank {found['rank'].median():,.0f} of {len(ranking):,}."
        )
        show_table(found, _COLUMNS, height=min(420, 38 + 35 * len(found)))
        file_button("Their ranks (CSV)", csv(found), f"own_genes_{run.id}.csv")
    _names("Genes that are not in this dataset", sorted_names.absent)
    _names("Names that are no gene we know of", sorted_names.unknown)


def _names(what: str, names: tuple[str, ...]) -> None:
    if names:
        st.caption(f"{what} ({len(names):,}): {escaped(listed(names, 30, ' and {:,} more'))}.")


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


_FORMULA = (
    "DeepLIFT, rescale rule (Shrikumar et al., ICML 2017): contribution of gene i to unit k of sample n, "
    "C[n,i,k] = (x - x0)[n,i] x multiplier, where the multiplier of an activation is (f(z) - f(z0)) / (z - z0). "
    "Score of a gene = mean of |C| over training samples and bottleneck units; rank 1 is the largest."
)
_CHOICES = ["reference", "target", "aggregation"]
_CUT = "k"

_COLUMNS = column_config(
    TABLES["ranking"].pick(
        *("rank", "gene", "score"),
        Truth("chosen", "Whether it is among the first K.", "", "In the set"),
    )
)


def _answer(run: Run) -> str:
    """Name the genes at the top, and how many of the set are L1000 genes."""
    table = table_of(run)
    cut = _cut_of(run, len(table))
    found = RankResults.read(run.manifest.metrics)
    first = ", ".join(gene(name) for name in table["gene"].head(3))
    text = f"{first} lead the ranking of {len(table):,} genes"
    if cut == found.cut and found.overlap_l1000 is not None:
        return (
            f"{text}; of the top {cut:,}, {found.overlap_l1000:,} are among the {found.l1000_present:,} "
            f"L1000 genes measured here (chance: about {cut * found.l1000_present / len(table):,.0f})."
        )
    return f"{text}; the set holds the first {cut:,}."


def _compute(model: Run, again: bool, disabled: bool) -> None:
    """Offer the choices that the paper leaves open, and start the ranking on request."""
    with st.expander("Choices", expanded=not again, icon=":material/tune:"):
        values = fields(RankConfiguration, _CHOICES, "rank")
        if fields(RankConfiguration, ["retrain_halves"], "rank")["retrain_halves"]:
            values["retrain_halves"] = True
            seconds = TrainResults.read(model.manifest.metrics).training_seconds
            st.caption(f"Trains two more networks, about {duration(seconds)} here, as long as this one took.")
        needs_group = values["reference"] == "group mean"
        group = reference_group(model) if needs_group else {}
    if st.button(
        "Rank the genes again" if again else "Rank the genes",
        type="secondary" if again else "primary",
        icon=":material/leaderboard:",
        disabled=disabled or (needs_group and not group),
    ):
        start("rank", {"model": model.id, **values, **group})


def _cut_of(run: Run, genes: int) -> int:
    """Return the cut K that the reader has set, else that of the address, else that of the run."""
    given = parameter(_CUT, "")
    start = (
        min(max(int(given), 1), genes) if given.isdecimal() else RankResults.read(run.manifest.metrics).cut
    )
    return int(st.session_state.get(f"cut-{run.id}", start))


def _cut_fields(run: Run, genes: int) -> tuple[int, bool]:
    """Let the reader move the cut K, which goes into the address, and stretch the axis of ranks."""
    default = RankResults.read(run.manifest.metrics).cut
    key = f"cut-{run.id}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        cut = st.number_input(
            "Cut K: size of the set",
            min_value=1,
            max_value=genes,
            value=_cut_of(run, genes),
            step=10,
            key=key,
            width=220,
            on_change=guarded()(lambda: set_parameter(_CUT, str(st.session_state[key]))),
            help=f"The paper takes 943, as many as D-GEX has landmark genes. Proposed here: {default:,}, as many "
            "as this dataset has of them, so that both sets are of one size.",
        )
        log = st.toggle("Logarithmic ranks", key="ranking-log", help="Opens up the top of the ranking.")
    return int(cut), log


def _genes_of(run: Run, table: pd.DataFrame, cut: int) -> str:
    """Show the table; return the gene to look at: the picked one, that of the address, or the first."""
    shown = table.assign(chosen=table["rank"] <= cut)
    picked = gene_table(shown, f"ranking-{run.id}", _COLUMNS)
    if picked:
        set_parameter(GENE, picked)
        return picked
    return gene_among(list(table["gene"]))


def contributions_to_units(run: Run, table: pd.DataFrame, name: str) -> None:
    """Say where a gene stands in a ranking, and draw what it contributes to every bottleneck unit."""
    row = table.loc[table["gene"] == name].iloc[0]
    contributions = resources.table(run.id, "contributions")
    units = contributions.loc[contributions["gene"] == name].iloc[0]
    values = units.filter(like="unit_").astype(float)
    half = int((values.sort_values(ascending=False).cumsum() < values.sum() / 2).sum()) + 1
    st.markdown(
        f"Rank {int(row['rank']):,} of {len(table):,}, score {row['score']:.4g}. Half of its contribution goes "
        f"to {counted(half, 'unit')} of {len(values)}."
    )
    long = values.rename_axis("unit").rename("mean_absolute_contribution").reset_index()
    show(gene_profile(units), f"profile-{run.id}-{name}", table=long, name=f"profile_{name}")


def _downloads(run: Run, table: pd.DataFrame, cut: int) -> None:
    """Offer the ranking and the set in the formats other programs read."""
    chosen = top(table, cut, origin=f"the first {cut} genes of {run.id}")
    with st.container(horizontal=True):
        file_button("Whole ranking (CSV)", csv(table), "ranking.csv")
        file_button(f"{chosen.name} (GMT)", write_gmt([chosen]), f"{chosen.name}.gmt")
        file_button(f"{chosen.name} (list)", "\n".join(chosen.genes) + "\n", f"{chosen.name}.txt")


def _describe(run: Run) -> str:
    """Say what distinguishes a ranking from another of the same model."""
    made = run.manifest.configuration
    choices = (reference_of(run), made["target"], made["aggregation"].replace("_", " "))
    return ", ".join(map(escaped, choices))


def table_of(run: Run) -> pd.DataFrame:
    """Read the ranking, the most important gene first."""
    return resources.table(run.id, "ranking").sort_values("rank")


def _results(run: Run) -> None:
    table = table_of(run)
    cut, log = _cut_fields(run, len(table))
    place = st.container()
    _downloads(run, table, cut)
    _trust(run, len(table))
    st.subheader("All genes")
    name = _genes_of(run, table, cut)
    with place:
        figure = importance_curve(table, cut, (name,), log)
        show(figure, f"importance-{run.id}", table=table, name="ranking")
    st.subheader(f"One gene: {gene(name)}")
    contributions_to_units(run, table, name)
    gene_groups(run, name)
    explain_view.link(name)
    _own_genes(run, table, cut)
    other_choices(run)
    other_rankings(run, cut)


PAGE = ResultPage(
    question="Which genes matter most to the network?",
    kind="rank",
    needs=network_needed("Genes are ranked by what they contribute to the bottleneck of a trained network."),
    invitation="Not computed yet for this network. It takes seconds to minutes.",
    job=lambda network: follow("rank", model=network.id) or seeds_at_work(network),
    answer=_answer,
    sections=(_results,),
    headings=("", "Settings"),
    shown="Ranking shown",
    describe=_describe,
    form=lambda network, run, busy: _compute(network, again=run is not None, disabled=busy),
    formula=_FORMULA,
)
