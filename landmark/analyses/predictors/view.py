"""By which predictor samples are inferred best: answer, samples, recall, everything in numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from landmark.analyses.predictors import view_tables
from landmark.analyses.predictors.config import InferConfiguration
from landmark.analyses.predictors.figures import Row, recall_bars, sample_strips
from landmark.analyses.predictors.results import InferResults
from landmark.analyses.predictors.view_tables import predictor_in, rows_of, title
from landmark.evaluation.inferred import GENE_MEANS
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.figure import show
from landmark.ui.page import guarded
from landmark.ui.places import PLACES
from landmark.ui.predictor_choice import choose_covariate
from landmark.ui.result_page import ResultPage, dataset_needed
from landmark.ui.run_form import NETWORKS, RunForm
from landmark.wording import counted, escaped

FORMULA = (
    "Each predictor learns on training samples to predict all other genes from the landmark genes. Per held-out "
    "sample, over its target genes: Pearson and Spearman correlation, mean |x - x'|, overall error |x - x'|₂, in "
    "the unit of the data and of values standardised by the training samples. Recall (Subramanian et al., Cell "
    "2017): R of a gene is the share of a null distribution below its Spearman correlation over held-out samples; "
    "as in Kim et al. (Brief. Bioinform. 26(3) bbaf273, 2025) the null distribution holds the correlations of every"
    " measured gene with the prediction of every other gene, or, on choice, those with shuffled samples (seeded). "
    "The annotation is one column per group of the training samples, 1 or 0, standardised. Intervals redraw the "
    "test samples 1,000 times, groups as wholes where the split keeps groups together. Networks learn from nine "
    "tenths of the training samples and judge their epochs by the rest; ridge regression and nearest neighbours "
    "learn from all. The paper's predictor is D-GEX; the graph network is made after Kim et al. and differs from "
    "theirs as docs/settings.md says."
)
MEASURES = {
    "spearman": "Spearman",
    "pcc": "Pearson",
    "mae": "Error (MAE)",
    "overall_error": "Overall error",
}
STRIPS = 480
"""Width in pixels: two side by side on a wide page, one under the other on a narrow one."""

FEW = 108
"""Landmark genes that Kim et al. get along with."""


def answer(run: Run) -> str:
    """Name the best predictor, how far it is ahead, and what the means of genes would reach."""
    found = InferResults.read(run.manifest.metrics)
    best = found.predictors[found.best]
    means = resources.table(run.id, "overall").set_index("name").loc[GENE_MEANS]
    ahead = _ahead(run)
    return (
        f"From {counted(found.size, 'gene')} of {escaped(found.set)}, **{escaped(title(run, found.best))}** "
        f"infers the {found.targets:,} other genes best: mean correlation per gene **{best.pcc:.3f}**{ahead}. "
        f"Within a held-out sample, genes rank as measured with a correlation of {best.sample_spearman:.3f} (gene "
        f"means alone, the same for every sample: {means['sample_spearman']:.3f}); beyond the gene means, of "
        f"**{best.sample_spearman_standardised:.3f}**."
    )


def _ahead(run: Run) -> str:
    pairs = resources.table(run.id, "pairs")
    overall = resources.table(run.id, "overall")
    if len(overall) < 3:
        return ""
    first, second = overall["name"].iloc[:2]
    own = pairs[(pairs["first"] == first) & (pairs["second"] == second) & (pairs["measure"] == "pcc")].iloc[0]
    clear = "" if own["low"] > 0 else ", no clear difference"
    return f" against {overall['pcc'].iloc[1]:.3f} of {escaped(predictor_in(run, second))}{clear}"


@st.fragment
def explore(run: Run, data: Dataset) -> None:
    """Draw the samples in one measure: as measured, and without the means of the genes."""
    with guarded():
        label = InferResults.read(run.manifest.metrics).label
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            measure = str(
                choosing.segmented_control(
                    "Measure",
                    list(MEASURES),
                    default="spearman",
                    required=True,
                    format_func=MEASURES.__getitem__,
                    key=f"predictors-measure-{run.id}",
                    help="Over the target genes of each held-out sample. Spearman: correlation of ranks; Pearson: of "
                    "values. Overall error: the Euclidean distance between "
                    "measured and inferred values, as in Kim et al.",
                )
            )
            by_group = bool(label) and st.toggle(
                f"Colour samples by {escaped(label)}", key=f"predictors-colour-{run.id}"
            )
        _samples(run, data, measure, by_group)


def _samples(run: Run, data: Dataset, measure: str, by_group: bool) -> None:
    samples = resources.table(run.id, "samples")
    rows = [*rows_of(run), Row(GENE_MEANS, title(run, GENE_MEANS), "")]
    panels = {"As measured": False}
    if measure != "overall_error":
        panels["Beyond the gene means"] = True
    with st.container(horizontal=True):
        for heading, standardised in panels.items():
            with st.container(width=STRIPS if len(panels) > 1 else "stretch"):
                st.subheader(heading, anchor=False)
                figure = sample_strips(
                    samples,
                    rows,
                    measure,
                    standardised=standardised,
                    unit=data.manifest.unit,
                    by_group=by_group,
                )
                show(
                    figure,
                    f"samples-{measure}-{'standardised' if standardised else 'own'}-{run.id}",
                    table=samples,
                    name=f"samples_{measure}",
                    alt=f"{MEASURES[measure]} of every held-out sample by predictor, {heading.lower()}",
                )
    st.caption(
        "Each dot is a held-out sample; circle: median (its value beside the name), bar: the middle half. Some genes "
        "are high in every sample and others low, so even the mean of each gene in the training samples, the same for "
        "everyone, correlates highly. Beyond the gene means, values are standardised per gene by the training samples: "
        "the means alone tell 0 there."
    )
    found = InferResults.read(run.manifest.metrics)
    if identical := found.identical_genes:
        st.caption(
            f"{counted(identical, 'gene')} of this dataset have the same values as another gene in every sample, as "
            "fill values do. A predictor that is given one of them knows all the others."
        )
    if unknown := found.covariate_unknown:
        st.caption(
            f"{counted(unknown, 'held-out sample')} without a {escaped(found.label)} that a training "
            "sample has: to predictors that are given it, such a sample is an average one."
        )


def recalled(run: Run) -> None:
    """Draw which share of the genes each predictor tells better than chance."""
    st.subheader("Genes inferred better than chance")
    table = resources.table(run.id, "recall")
    show(recall_bars(table, rows_of(run)), f"recall-{run.id}", table=table, name="recall")
    null = {
        "other genes": "Chance: the prediction of a gene against the measured values of all other genes. Genes that "
        "are regulated together make that hard to exceed.",
        "permuted samples": "Chance: the prediction of a gene against its own values after the samples were shuffled.",
    }[run.manifest.configuration["null"]]
    st.caption(f"R: the share of what chance gives that a gene's own rank correlation exceeds. {null}")


def fewer_genes() -> None:
    """Lead on to the pages that answer with fewer genes."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("With fewer landmark genes:", width="content")
        for page, text, icon in (
            ("size", "Accuracy by number of genes", "straighten"),
            ("selection", f"Choose {FEW} genes greedily", "checklist"),
        ):
            if st.button(text, key=f"predictors-to-{page}", icon=f":material/{icon}:"):
                st.switch_page(PLACES[page])


def describe(run: Run) -> str:
    """Say what distinguishes a request from another on the same dataset."""
    found = InferResults.read(run.manifest.metrics)
    names: Sequence[str] = [predictor_in(run, name) for name in found.predictors]
    return f"{' / '.join(names)} on {found.set} ({found.size:,} genes)"


def _covariate(data: Dataset, key: str, chosen: Mapping[str, Any]) -> dict[str, Any]:
    covariate = choose_covariate(data, key)
    if covariate:
        st.caption("Each predictor is fitted with it and without it.")
    return {"covariate": covariate}


FORM = RunForm(
    kind="infer",
    configuration=InferConfiguration,
    key="predictors",
    rows=((("set", "size"), ("predictors", "covariate")),),
    more=("null", "seed", NETWORKS),
    labels={"size": "Number of genes (empty: all of the set)", "null": "Chance, for recall"},
    widgets={"covariate": _covariate},
    button="Infer the held-out samples",
    icon="query_stats",
)


PAGE = ResultPage(
    question="How well can a whole sample be inferred, and by which method?",
    kind="infer",
    needs=dataset_needed(
        "From a few landmark genes of a sample, all its other genes are inferred by several predictors."
    ),
    invitation="Not computed yet on this dataset. Linear regression and nearest neighbours take seconds, networks "
    "minutes to hours.",
    answer=answer,
    sections=(
        lambda run: explore(run, resources.dataset_of(run)),
        recalled,
        view_tables.overall,
        lambda run: fewer_genes(),
        view_tables.genes,
    ),
    shown="Predictors shown",
    describe=describe,
    form=lambda data, run, busy: FORM.draw(data, disabled=busy),
    formula=FORMULA,
)
