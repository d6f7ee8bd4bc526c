"""Which landmark genes drive the prediction of a gene: bars, heat map, trust, table, form."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from landmark.analyses.choices import predictor_name
from landmark.analyses.explain.config import MOST_TARGETS, ExplainConfiguration
from landmark.analyses.explain.figures import driver_bars, driver_groups
from landmark.analyses.explain.results import TABLES, ExplainResults
from landmark.store.activity import Activity
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.figure import metric, show
from landmark.ui.form import fields
from landmark.ui.genes import GENE, choose_gene, explanation, gene_among, gene_link, gene_table
from landmark.ui.jobs import follow, start
from landmark.ui.page import PLACES
from landmark.ui.predictor_choice import TIMES, choose_predictor, describe_fit, reference_group
from landmark.ui.result_page import PARAMETER, ResultPage, dataset_needed
from landmark.ui.run_form import NETWORKS, RunForm
from landmark.ui.state import parameter, set_parameter
from landmark.ui.tables import column_config
from landmark.wording import counted, escaped, gene, percent

_FORMULA = (
    "DeepLIFT, rescale rule (Shrikumar et al., ICML 2017), on the fitted predictor: the contributions of all landmark "
    "genes to a sample's prediction sum to its difference from the prediction at the reference. For a linear "
    "predictor a contribution is weight times difference. All genes are standardised by the training samples."
)
_SHOWN = 20
"""Landmark genes in the figures."""

_COLUMNS = column_config(TABLES["contributions"].pick("gene", "mean_absolute", "slope", "mean"))


def _targets_of(run: Run) -> tuple[str, ...]:
    """Return the target genes that a run explains."""
    return ExplainResults.read(run.manifest.metrics).targets


def _invitation(fits: Sequence[Run]) -> str:
    """Say what to do where there is no explanation to show."""
    if not fits:
        return "First fit a predictor, for instance the paper's D-GEX on the L1000 genes."
    wanted = parameter(GENE, "")
    subject = f"The prediction of {gene(wanted)} has not" if wanted else "No prediction has"
    return f"{subject} been explained yet: choose a predictor and a gene. It takes seconds."


def link(name: str) -> None:
    """Offer the way from a gene to what drives its prediction."""
    if st.button(f"Which genes predict {escaped(name)}?", icon=":material/account_tree:", key="explain-link"):
        st.switch_page(PLACES["explain"], query_params={GENE: name})


def _job_of(data: Dataset, fits: Sequence[Run]) -> Activity | None:
    """Return the unfinished fit or explanation on this dataset, if there is one."""
    jobs = [follow("explain", fit=run.id) for run in fits]
    return next((job for job in jobs if job is not None), None) or follow("fit", dataset=data.id)


def _contributions_of(run: Run, target: str) -> pd.DataFrame:
    """Read what all landmark genes contribute to a target, the largest first."""
    table = resources.table(run.id, "contributions")
    return table[table["target"] == target].drop(columns="target").reset_index(drop=True)


def _answer(run: Run) -> str:
    """Name the landmark genes that say most, and how well the gene is predicted."""
    target = gene_among(_targets_of(run))
    table = _contributions_of(run, target)
    first = [
        f"{gene(row.gene)} ({'raises' if row.slope >= 0 else 'lowers'} it)"
        for row in table.head(3).itertuples()
    ]
    names = " and ".join([", ".join(first[:-1]), first[-1]] if len(first) > 1 else first)
    share = table["mean_absolute"].head(_SHOWN).sum() / table["mean_absolute"].sum()
    pcc = _accuracy(run, target)["pcc"]
    return (
        f"{names} drive the prediction of {gene(target)} most. The first {min(_SHOWN, len(table))} of "
        f"{counted(len(table), 'landmark gene')} make up {percent(share)} of all contributions; in held-out samples "
        f"the prediction correlates with the measurement by {pcc:.3f}."
    )


def _figures(run: Run, target: str, table: pd.DataFrame) -> None:
    """Draw the first landmark genes, and what they contribute in every group of samples."""
    show(driver_bars(table, target, _SHOWN), f"drivers-{run.id}-{target}", table, f"drivers_{target}")
    found = ExplainResults.read(run.manifest.metrics)
    if not found.group_label:
        st.caption(f"No contributions by sample group: {escaped(found.groups_missing)}")
        return
    st.subheader(f"By {escaped(found.group_label)}")
    groups = resources.table(run.id, "groups")
    groups = groups[groups["target"] == target].drop(columns="target")
    genes = table["gene"].head(_SHOWN).astype(str).tolist()
    show(driver_groups(groups, genes, target), f"groups-{run.id}-{target}", groups, f"groups_{target}")
    reference = escaped(run.manifest.configuration["reference"])
    st.caption(
        f"Mean contribution over the training samples of a group: by how much the landmark gene moves the prediction "
        f"of {gene(target)} there, from its value at the reference ({reference}). "
        f"The {counted(len(found.group_sizes), 'largest group')}, the largest on the left."
    )


def _trust(run: Run, target: str) -> None:
    """Show exactness and how well the gene is predicted at all."""
    found, accuracy = ExplainResults.read(run.manifest.metrics), _accuracy(run, target)
    with st.container(horizontal=True, gap="medium"):
        metric(
            "Sum-to-delta residual",
            f"{found.residual_worst:.1e}",
            f"mean {found.residual_mean:.1e}",
            help="Contributions must add up to the difference of the prediction from that at the reference. This is "
            "the largest gap, as a share of the largest difference. Near 1e-6 it is rounding.",
        )
        metric(
            "Correlation in held-out samples",
            f"{accuracy['pcc']:.3f}",
            help="Of predicted and measured values. What is predicted badly is not worth explaining.",
        )
        metric(
            "Mean absolute error",
            f"{accuracy['mae']:.3f}",
            help="In standard deviations of the gene, in held-out samples.",
        )


def _genes(run: Run, table: pd.DataFrame) -> None:
    """Show all landmark genes, with search."""
    st.subheader("All landmark genes")
    gene_link(gene_table(table, f"explain-{run.id}", _COLUMNS), "explain")


def _form(data: Dataset, fits: Sequence[Run], disabled: bool, first: bool) -> None:
    """Ask which genes of which predictor to explain, and start it."""
    known = {run.id: run for run in fits}
    fitted = known[
        choosing.selectbox(
            "Predictor",
            list(known),
            format_func=lambda name: describe_fit(known[name]),
            key="explain-fit",
            help="Fitted on this dataset, here or for a comparison.",
        )
    ]
    offered = resources.table(fitted.id, "accuracy")["gene"].astype(str).tolist()
    wanted = parameter(GENE, "")
    targets = choosing.multiselect(
        "Target genes",
        offered,
        default=[wanted] if wanted in offered else [],
        max_selections=MOST_TARGETS,
        key=f"explain-targets-{fitted.id}-{wanted}",
        placeholder="Type a part of the name",
        help=f"Genes that the predictor predicts, up to {MOST_TARGETS}. The landmark genes themselves are measured.",
    )
    if wanted and wanted not in offered:
        st.info(
            f"{escaped(wanted)} is not predicted here: it is a landmark gene itself, or not in this dataset."
        )
    with st.expander("Choices", icon=":material/tune:"):
        values = fields(ExplainConfiguration, ["reference"], "explain")
        needs_group = values["reference"] == "group mean"
        group = reference_group(fitted, "explain") if needs_group else {}
        values["label"] = choosing.selectbox(
            "Annotation of the sample groups",
            ["", *(name for name, kinds in data.manifest.labels.items() if kinds > 1)],
            format_func=lambda name: name or "the clearest one",
            key=f"explain-label-{data.id}",
            help="Contributions are shown for each of its largest groups.",
        )
    if st.button(
        "Explain",
        type="primary" if first else "secondary",
        icon=":material/account_tree:",
        disabled=disabled or not targets or (needs_group and not group),
    ):
        set_parameter(GENE, targets[0])
        set_parameter(PARAMETER, "")  # the run that was looked at gives way to the new one
        start("explain", {"fit": fitted.id, "targets": targets, **values, **group})


def _describe(run: Run) -> str:
    """Say what distinguishes an explanation from another."""
    found = ExplainResults.read(run.manifest.metrics)
    more = f" and {len(found.targets) - 1} more" if len(found.targets) > 1 else ""
    return f"{found.targets[0]}{more}, {predictor_name(found.predictor)} on {found.set}"


def _accuracy(run: Run, target: str) -> pd.Series:
    return resources.table(run.id, "targets").set_index("gene").loc[target]


def _fits(data: Dataset) -> list[Run]:
    """Return fitted predictors that can be explained: SampleLASSO has no weights of genes."""
    return [
        run
        for run in resources.runs("fit", dataset=data.id)
        if run.manifest.configuration["predictor"] != "sample_lasso"
    ]


def _results(run: Run) -> None:
    target = gene_among(_targets_of(run))
    table = _contributions_of(run, target)
    choose_gene("Target gene", _targets_of(run), target, f"explain-target-{run.id}")
    _figures(run, target, table)
    _trust(run, target)
    _genes(run, table)


def _forms(data: Dataset, run: Run | None, busy: bool) -> None:
    fits = _fits(data)
    if not fits:
        _FIT.draw(data, disabled=busy)
        return
    _form(data, fits, disabled=busy, first=run is None)
    with st.expander("Fit another predictor", icon=":material/function:"):
        _FIT.draw(data, disabled=busy, first=False)


_NETWORKS_FIRST = {name: TIMES[name] for name in ("dgex", "graph", "kernel", "ensemble", "ridge", "knn")}
"""Networks are those whose predictions ask for an explanation."""

_FIT = RunForm(
    kind="fit",
    rows=(("set", "predictor"),),
    more=("size", "seed", "covariate", NETWORKS),
    labels={"size": "Number of genes"},
    widgets={"predictor": lambda data, key, _: {"predictor": choose_predictor(key, _NETWORKS_FIRST)}},
    button="Fit this predictor",
    icon="function",
)


PAGE = ResultPage(
    question="Which landmark genes drive the prediction of a gene?",
    kind="explain",
    needs=dataset_needed("A predictor learns from a dataset to predict all genes from a few landmark genes."),
    invitation=lambda data: _invitation(_fits(data)),
    pick=lambda runs: explanation(runs, _targets_of),
    job=lambda data: _job_of(data, _fits(data)),
    answer=_answer,
    sections=(_results,),
    headings=("", "Settings"),
    shown="Explanation shown",
    describe=_describe,
    form=_forms,
    formula=_FORMULA,
)
