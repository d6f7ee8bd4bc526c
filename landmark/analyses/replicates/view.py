"""Every headline figure over several seeds, and the genes that all seeds name."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from landmark.analyses.replicates.config import SeedsConfiguration
from landmark.analyses.replicates.figures import network_strips, prediction_strips
from landmark.analyses.replicates.results import TABLES, SeedsResults, Spread
from landmark.errors import BadRun
from landmark.models.settings import AutoencoderConfiguration
from landmark.store.activity import Activity
from landmark.store.datasets import Dataset
from landmark.store.files import read_json
from landmark.store.request import STEPS
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.ui.estimate import check, estimate
from landmark.ui.figure import show
from landmark.ui.genes import gene_link, gene_table
from landmark.ui.jobs import start
from landmark.ui.result_page import ResultPage, dataset_needed
from landmark.ui.run_form import Chosen, RunForm
from landmark.ui.tables import column_config, show_table
from landmark.ui.wording import duration
from landmark.wording import counted, escaped, percent, plus_minus


def _cost(dataset: Dataset, chosen: Chosen) -> bool:
    """Say what all trainings and steps will take; return whether they fit."""
    st.markdown("**Training them all**")
    fits = estimate(dataset, AutoencoderConfiguration.parse(chosen["network"]), chosen["seeds"])
    st.caption(_everything(dataset, chosen["network"], chosen["seeds"]))
    return fits


def _everything(dataset: Dataset, network: dict[str, Any], seeds: int) -> str:
    """Say how long all steps will take by the time that an earlier training of this kind and its steps took."""
    for model in resources.runs("train", dataset=dataset.id):
        if dict(model.manifest.configuration["network"]) | {"seed": 0} != network:
            continue
        made = [resources.runs("rank", train=model.id), resources.runs("cluster", train=model.id)]
        made.append(resources.runs("compare", dataset=dataset.id))
        seconds = model.manifest.seconds + sum(runs[0].manifest.seconds for runs in made if runs)
        return f"All steps: about {duration(seeds * seconds)} for {seeds} seeds, by the time that {model.id} took."
    return "Ranking, comparing and clustering come on top."


FORM = RunForm(
    kind="seeds",
    rows=(("seeds", "predictor"), ("first_seed", "random_sets"), "network"),
    labels={"seeds": "Number of seeds", "random_sets": "Random sets per seed"},
    beside=_cost,
    button="Repeat everything with several seeds",
    icon="casino",
)


def _form(dataset: Dataset, run: Run | None, busy: bool) -> None:
    asked = FORM.ask(dataset, busy)
    if asked is not None:
        check(dataset, AutoencoderConfiguration.parse(asked["network"]), asked["seeds"])
        start("seeds", asked)


FORMULA = (
    "For every seed a network is trained, its genes are ranked, the top of the ranking is set against L1000, and the "
    "samples are clustered, each as a run of its own. Mean and standard deviation over seeds, n - 1 in the "
    "denominator. Overlap: the share of the top genes that two seeds have in common, averaged over all pairs; by "
    "chance it is the size of the set over the number of genes. Rank correlation: Spearman's, of all genes' scores."
)
SAME_SPLIT = (
    "A seed decides starting weights, order of samples, dropout, random sets and UMAP. The samples held out for "
    "testing are the same for all seeds, so the luck of that split is not part of this spread."
)
UNKNOWN = (
    "Not known yet: a single training may have been lucky. Repeat everything with several seeds here, and see how far "
    "each figure moves."
)
WORKING = (
    "It is being found out: each seed trains a network of its own and walks the rest of the path with it."
)
STRIPS = 480  # width in pixels: two side by side on a wide page, one under the other on a narrow one
WORK = {"train": "training", "rank": "ranking", "compare": "comparing", "cluster": "clustering"}


def _names(first: str, cut: int) -> dict[str, str]:
    """Return the name of every figure for people, in the order of the table."""
    chosen, genes = escaped(first), f"top {cut:,}"
    return {
        "set_pcc": f"Prediction from {chosen}, correlation",
        "l1000_pcc": "Prediction from L1000, correlation",
        "random_pcc": "Prediction from random sets, correlation",
        "pcc_difference": f"Difference in correlation, {chosen} - L1000",
        "set_mae": f"Prediction from {chosen}, error",
        "l1000_mae": "Prediction from L1000, error",
        "random_mae": "Prediction from random sets, error",
        "mae_difference": f"Difference in error, {chosen} - L1000",
        "wins": f"Share of genes that {chosen} predicts better",
        "reconstruction_pcc": "Reconstruction, correlation",
        "reconstruction_mae": "Reconstruction, error",
        "adjusted_rand": "Clusters, adjusted Rand index",
        "silhouette": "Labels, silhouette",
        "neighbour_accuracy": "Labels, neighbour accuracy",
        "overlap_l1000": f"L1000 genes among the {genes}",
        "overlap_halves": f"Overlap of the {genes}, same network asked on two halves of the samples",
        "overlap_gradient": f"Overlap of the {genes}, gradient x input",
        "driver_auc": "Known drivers found (AUC)",
        "residual_worst": "Sum-to-delta residual, worst",
    }


def answer(run: Run) -> str:
    """Say how far the figures move, whether that decides the verdict, and how many genes stay."""
    found = SeedsResults.read(run.manifest.metrics)
    others = [
        f"{name} {_plus_minus(found.figures[figure])}"
        for name, figure in (("L1000 reaches", "l1000_pcc"), ("random sets reach", "random_pcc"))
        if figure in found.figures
    ]
    sentences = [
        f"Over {len(found.seeds)} seeds, {escaped(found.first)} predicts the other genes with a mean correlation "
        f"of **{_plus_minus(found.figures['set_pcc'])}**" + (f"; {', '.join(others)}" if others else ""),
        *_verdict(run),
        f"Two seeds share **{percent(found.overlap)}** of their top {found.cut:,} genes (by chance: "
        f"{percent(found.overlap_by_chance)}); {counted(found.genes_in_all, 'gene')} "
        f"{'is' if found.genes_in_all == 1 else 'are'} in the set of every seed",
    ]
    return ". ".join(sentences) + "."


def _verdict(run: Run) -> list[str]:
    """Say whether the better set is the same with every seed; nothing where there is one set only."""
    values = resources.table(run.id, "seeds")
    differences = values.loc[values["figure"] == "pcc_difference", "value"]
    if differences.empty:
        return []
    ahead, count = int((differences > 0).sum()), len(differences)
    first = escaped(SeedsResults.read(run.manifest.metrics).first)
    if ahead == count:
        return [f"{first} is ahead of L1000 with every one of them"]
    if not ahead:
        return [f"L1000 is ahead of {first} with every one of them"]
    return [f"Which of the two is ahead is luck: {first} with {ahead} of {count}"]


def _plus_minus(about: Spread) -> str:
    return plus_minus(about.mean, about.standard_deviation)


def _figures(run: Run) -> None:
    """Draw every figure as a strip of seeds, and say what is left out."""
    found = SeedsResults.read(run.manifest.metrics)
    values, overlaps = resources.table(run.id, "seeds"), resources.table(run.id, "overlaps")
    sets = prediction_strips(values, found.first, overlaps, found.cut, found.overlap_by_chance)
    about = f"of {len(found.seeds)} seeds, each a dot, with mean and range"
    with st.container(horizontal=True):
        for name, strips, what in (
            ("prediction", sets, "Genes in common and accuracy of prediction"),
            ("network", network_strips(values), "Reconstruction and agreement with labels"),
        ):
            with st.container(width=STRIPS):
                show(strips, f"{name}-{run.id}", values, f"seeds_{name}", alt=f"{what} {about}")
    st.caption(f"Dotted line: what chance gives, or no difference. {SAME_SPLIT}")
    for part, reason in found.left_out.items():
        st.info(f"Left out, {escaped(part)}: {escaped(reason)}")


def _summary(run: Run) -> None:
    """Show mean, standard deviation and range of every figure."""
    found = SeedsResults.read(run.manifest.metrics)
    table = resources.table(run.id, "spread").set_index("figure")
    names = _names(found.first, found.cut)
    shown = table.loc[[name for name in names if name in table.index]].reset_index()
    shown["figure"] = shown["figure"].map(names)
    st.subheader("All figures")
    show_table(
        pd.concat([_pairs(run), shown]),
        column_config(TABLES["spread"].columns, widths={"figure": 300}),
        height="content",
        alt="Mean, standard deviation, lowest and highest value of every figure",
    )


def _pairs(run: Run) -> pd.DataFrame:
    """Return rows of the same form for what is measured on pairs of seeds."""
    table = resources.table(run.id, "overlaps")
    names = {
        "overlap": f"Overlap of the top {SeedsResults.read(run.manifest.metrics).cut:,}, two seeds",
        "rank_correlation": "Rank correlation of all genes, two seeds",
    }
    rows = [(name, *table[column].agg(["mean", "std", "min", "max"])) for column, name in names.items()]
    return pd.DataFrame(rows, columns=TABLES["spread"].names)


def _genes(run: Run) -> None:
    """Show which genes the seeds agree on."""
    found = SeedsResults.read(run.manifest.metrics)
    count, cut = len(found.seeds), found.cut
    st.subheader("Genes the seeds agree on")
    st.markdown(
        f"{found.genes_in_any:,} genes are in the top {cut:,} of at least one seed, "
        f"{found.genes_in_all:,} in that of all {count}."
    )
    table = resources.table(run.id, "genes")
    times = replace(
        TABLES["genes"].column("times"),
        heading=f"Seeds of {count} with it in the top {cut:,}",
        format="%d",
        bar=(0, count),
    )
    columns = column_config(TABLES["genes"].pick("gene", times, "mean_rank", "best_rank", "worst_rank"))
    gene_link(gene_table(table, f"seeds-{run.id}", columns), "seeds")


def _running_seed(item: Activity) -> None:
    """Say which seed is at work and with what; drawn inside the job card."""
    if not item.active:
        return
    try:
        kind, _, seed = list(read_json(item.folder / STEPS))[-1].partition(" ")
    except BadRun:  # no step has been started yet
        return
    seeds = SeedsConfiguration.parse(item.request.configuration).all_seeds
    st.markdown(f"Seed {seed} ({seeds.index(int(seed)) + 1} of {len(seeds)}): **{WORK[kind]}**")


def _describe(run: Run) -> str:
    """Say what distinguishes a request from another on the same dataset."""
    seeds = SeedsResults.read(run.manifest.metrics).seeds
    network = run.manifest.configuration["network"]
    return (
        f"{counted(len(seeds), 'seed')} from {seeds[0]}, {network['hidden']}-{network['bottleneck']} units, "
        f"{network['epochs']} epochs"
    )


PAGE = ResultPage(
    question="How much of this is luck?",
    kind="seeds",
    needs=dataset_needed(
        "Training starts from random weights; several seeds show how far each figure moves because of that."
    ),
    invitation=UNKNOWN,
    working=WORKING,
    answer=answer,
    sections=(_figures, _summary, _genes),
    live=_running_seed,
    shown="Request shown",
    describe=_describe,
    form=_form,
    formula=FORMULA,
)
