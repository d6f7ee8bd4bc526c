"""Does what was learned on one platform hold on another: answer, densities, tissues, table."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from landmark.analyses.choices import predictor_name
from landmark.analyses.compare.results import PERCENTILE, STANDARD
from landmark.analyses.compare.results import TABLES as COMPARISON
from landmark.analyses.platform.figures import tissue_dots
from landmark.analyses.platform.results import PlatformResults
from landmark.plots.comparison import comparison_densities, random_band
from landmark.results import Number, Text, Whole
from landmark.store.datasets import Dataset, DatasetStore
from landmark.store.runs import Run
from landmark.store.workspace import Workspace
from landmark.ui import choosing, resources
from landmark.ui.figure import once, show
from landmark.ui.genes import gene_table
from landmark.ui.page import guarded
from landmark.ui.predictor_choice import choose_measure
from landmark.ui.result_page import ResultPage, dataset_needed, missing
from landmark.ui.run_form import NETWORKS, RunForm
from landmark.ui.tables import column_config, show_table
from landmark.ui.wording import size
from landmark.wording import counted, escaped, percent
from landmark.workflows.matching import FEWEST, Related, related
from landmark.workflows.notes import no_significance

LABELS = {
    "size": "Genes per set (empty: as many as the smallest set has in both)",
    "normalise": "Joint quantile normalisation",
    "joint_ranks": "Equal values",
    "scaling": "Standardise the other dataset by",
    "label": "Annotation of tissues (empty: one that fits)",
    "random_sets": "Random sets (empty: 20, or 3 with a network)",
}


FORM = RunForm(
    kind="cross-platform",
    rows=("sets", ("predictor", "size")),
    more=("normalise", "joint_ranks", "scaling", "label", "random_sets", "seed", NETWORKS),
    labels=LABELS,
    button="Predict the other dataset",
    icon="swap_horiz",
)


def _form(dataset: Dataset, others: Sequence[Dataset], disabled: bool) -> None:
    """Show the form, and start the prediction on request."""
    other = _choose_other(dataset, others)
    if other is not None:
        FORM.draw(dataset, disabled=disabled, other=other.id)


def _choose_other(dataset: Dataset, others: Sequence[Dataset]) -> Dataset | None:
    """Let a dataset be chosen that can be predicted, at first one of other samples; say what both have in common."""
    common = {other.id: _related(str(resources.here().root), dataset.id, other.id) for other in others}
    known = {
        other.id: other for other in sorted(others, key=lambda other: common[other.id].samples > 0)
        if common[other.id].genes >= FEWEST
    }  # fmt: skip
    left_out = [other for other in others if other.id not in known]
    if left_out:
        names = ", ".join(
            f"{escaped(other.manifest.title)} ({common[other.id].genes:,})" for other in left_out
        )
        st.caption(f"Not offered, with too few genes in common (at least {FEWEST} are needed): {names}.")
    if not known:
        st.info(
            "No other dataset has enough genes in common with this one. Import one whose genes have known names."
        )
        return None
    titles = {name: f"{other.manifest.title}, {size(other)}" for name, other in known.items()}
    chosen = known[
        choosing.selectbox(
            "Dataset to predict",
            choosing.distinct(titles),
            key=f"platform-other-{dataset.id}",
            help="Its samples are predicted from what is learned on the dataset worked on.",
        )
    ]
    found = common[chosen.id]
    st.caption(f"{counted(found.genes, 'gene')} are in both datasets.")
    if found.samples:
        st.warning(
            f"{found.samples:,} of the {chosen.manifest.samples:,} samples of {escaped(chosen.manifest.title)} are "
            "also in the dataset worked on, by their names or values. Those that the prediction is learned from are "
            "left out; what remains is no other platform.",
            icon=":material/content_copy:",
        )
    return chosen


@st.cache_data(max_entries=64, show_spinner="Comparing samples and genes of the datasets ...")
def _related(root: str, first: str, other: str) -> Related:
    store = DatasetStore(Workspace(Path(root)))
    return related(store.get(first), store.get(other))


FORMULA = (
    "Genes are matched by name, or by gene symbol where the two datasets name them differently; probes of one gene "
    "are averaged. Joint quantile normalisation (Chen et al. 2016): the value of rank r in a sample of the other "
    "dataset becomes the mean of the values of rank r over the training samples; equal values, such as the zeros of "
    "RNA-seq, get the mean of the quantiles that they span, or, with dense ranks, what the public code of D-GEX "
    "gives them. Unless chosen otherwise the genes of the other dataset, targets included, are then standardised by "
    "their own means and deviations there, as in that code: errors (MAE) are in these, and smaller than a lone "
    "sample could have. A predictor learns on the training samples of the first dataset and predicts all samples of "
    "the other: MAE = mean |x - x'|, PCC = Pearson correlation over samples. A gene is significant when fewer than 1 "
    "in 100 others correlate better with its prediction. Within a tissue, the correlation is over genes: measured "
    "profile against predicted profile."
)
DENSITIES, TISSUES = 460, 500
"""Widths in pixels: side by side on a wide page, one under the other on a narrow one."""

FEW = 500
"""With fewer matched genes than this a warning stands beside the figures."""


def _kinds_of(run: Run) -> dict[str, str]:
    """Return the kind of each set, which decides its colour."""
    return {name: about.kind for name, about in PlatformResults.read(run.manifest.metrics).sets.items()}


def answer(run: Run) -> str:
    """Say how well each set predicts the other platform, beside its own and beside chance."""
    found = PlatformResults.read(run.manifest.metrics)
    most = max(about.targets for about in found.sets.values())
    unjudged = no_significance(found.other_samples, most, "predicted sample")
    parts = [
        f"**{escaped(name)}** {about.pcc:.3f} (on its own platform {about.home_pcc:.3f})"
        + ("" if unjudged else f", {percent(about.significant / about.targets)} of genes significant")
        for name, about in found.sets.items()
    ]
    chance = (
        f"; random sets of the same size {found.random_pcc:.3f} ± {found.random_pcc_sd:.3f}"
        if found.random_pcc is not None
        else ""
    )
    return (
        f"Learned on {escaped(found.title)}, the mean correlation on {escaped(found.other_title)} is: "
        f"{'; '.join(parts)}{chance}. {unjudged}"
    ).strip()


def _matching(run: Run) -> None:
    """Count the genes that both datasets measure, and the targets."""
    found = PlatformResults.read(run.manifest.metrics)
    st.caption(
        f"{found.matched:,} genes are in both datasets ({found.genes:,} and {found.other_genes:,}). Targets: "
        f"{escaped(found.arithmetic)}. Learned from {run.manifest.split['train']:,} samples; "
        f"{found.other_samples:,} samples of the other dataset are predicted."
    )
    if shared := shared_note(found):
        st.warning(shared, icon=":material/content_copy:")
    if found.matched < FEW:
        st.warning(
            f"Only {counted(found.matched, 'gene')} matched: with so few, differences between sets are mostly "
            "chance."
        )


def shared_note(found: PlatformResults) -> str:
    """Say which samples of another dataset were left out, being training samples; empty where there were none."""
    if found.shared_samples is None:
        return (
            "This run is from an older version, which did not look for samples that both datasets share. If the other "
            "dataset was made from the first, its accuracy is too good; predict it again to be sure."
        )
    parts = []
    if count := found.shared_samples:
        first = found.shared_first or ()
        names = escaped(", ".join(first)) + (", ..." if count > len(first) else "")
        parts.append(
            f"{counted(count, 'sample')} of the other dataset ({names}) {'is' if count == 1 else 'are'} among those "
            f"that the prediction was learned from, and {'was' if count == 1 else 'were'} left out."
        )
    if seen := found.shared_held_out:
        parts.append(
            f"{counted(seen, 'sample')} of those predicted {'is' if seen == 1 else 'are'} in the first dataset too, "
            "among its held-out samples: unseen, but from the same collection."
        )
    return " ".join(parts)


@st.fragment
def _figures(run: Run) -> None:
    """Draw densities over genes, tissues, and the place among random sets, of one measure."""
    with guarded():
        measure = choose_measure("platform-measure")
        platform, kinds = resources.table(run.id, "platform"), _kinds_of(run)
        tissues = resources.table(run.id, "tissues")
        with st.container(horizontal=True):
            with st.container(width=DENSITIES):
                figure = once(
                    lambda: comparison_densities(_side_by_side(platform), list(kinds), measure, kinds),
                    "densities",
                    run.id,
                    measure,
                )
                show(figure, f"platform-{measure}-{run.id}", platform, f"platform_{measure}")
                random = resources.table(run.id, "random")
                figure = random_band(random, _summary(run), measure)
                show(figure, f"chance-{measure}-{run.id}", random, f"platform_random_{measure}")
            with st.container(width=TISSUES):
                figure = tissue_dots(tissues, measure, kinds)
                show(figure, f"tissues-{measure}-{run.id}", tissues, f"tissues_{measure}")


def _side_by_side(platform: pd.DataFrame) -> pd.DataFrame:
    """Return gene, and mae_NAME and pcc_NAME of each set, as comparisons have them."""
    wide = platform.pivot(index="gene", columns="set", values=["mae", "pcc"])
    wide.columns = [f"{measure}_{name}" for measure, name in wide.columns]
    return wide.reset_index()


def _summary(run: Run) -> pd.DataFrame:
    """Return one row per set: set, size, targets, mae, pcc, significant, home_mae, home_pcc, percentile, kind."""
    found = PlatformResults.read(run.manifest.metrics).sets
    return pd.DataFrame([{"set": name, **about.metrics()} for name, about in found.items()])


_SETS = (
    Text("set", "Name of the set."),
    Whole("size", "Its genes.", "", "Genes"),
    Whole("targets", "Genes predicted from it."),
    *(
        Number(f"{home}{measure}", meaning, unit, f"{measure.upper()}, {where} platform", "%.4f")
        for measure, meaning, unit in (
            ("pcc", "Mean correlation over targets.", ""),
            ("mae", "Mean absolute error over targets.", STANDARD),
        )
        for home, where in (("", "other"), ("home_", "own"))
    ),
    Number(
        "share",
        "Share of targets predicted better than chance on the other platform. The paper: 92.51%.",
        heading="Significant",
        format="percent",
    ),
    PERCENTILE,
)


def _sets_table(run: Run) -> None:
    """Show one row per set, on the other platform and on its own."""
    st.subheader("The sets")
    table = _summary(run)
    show_table(table.assign(share=table["significant"] / table["targets"]), column_config(_SETS))
    st.caption(
        "The paper, on GTEx RNA-seq of 2,921 samples: MAE 0.4590, PCC 0.7790, 92.51% of 9,520 genes significant."
    )


def _genes(run: Run) -> None:
    """Show every target gene, with search."""
    st.subheader("All target genes")
    names = [f"{measure}_{name}" for name in _kinds_of(run) for measure in ("pcc", "mae")]
    columns = column_config(COMPARISON["comparison"].pick("gene", *names))
    gene_table(_side_by_side(resources.table(run.id, "platform")), f"platform-{run.id}", columns)


def _describe(run: Run) -> str:
    """Say what distinguishes this prediction from another of the same dataset."""
    found = PlatformResults.read(run.manifest.metrics)
    return f"{' / '.join(found.sets)} on {found.other_title}, {predictor_name(found.predictor)}"


def _others(dataset: Dataset) -> list[Dataset]:
    return [other for other in resources.datasets() if other.id != dataset.id]


def _another_needed(dataset: Dataset) -> None:
    if not _others(dataset):
        missing(
            "There is no other dataset yet",
            "Import the samples of the other platform: RNA-seq, another array. Genes are matched by their symbols.",
            "import",
            "Bring another dataset in",
        )
        st.stop()


PAGE = ResultPage(
    question="Does it hold on another platform?",
    kind="cross-platform",
    needs=dataset_needed(
        "A prediction is learned on one dataset, such as microarrays, and tried on another, such as RNA-seq."
    ),
    invitation="Not tried yet with this dataset: choose another one to predict.",
    answer=answer,
    sections=(_matching, _figures, _sets_table, _genes),
    below=_another_needed,
    shown="Prediction shown",
    describe=_describe,
    form=lambda data, run, busy: _form(data, _others(data), disabled=busy),
    formula=FORMULA,
)
