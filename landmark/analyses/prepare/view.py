"""What was done to a dataset before training, and what it changed."""

import pandas as pd
import streamlit as st

from landmark.analyses.naming import IDENTIFIERS
from landmark.analyses.prepare.results import TABLES, PrepareResults
from landmark.analyses.prepare.view_form import form, offer_start, preview, proposed
from landmark.plots.distributions import before_and_after, sample_distributions
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.ui.download import folded_table
from landmark.ui.figure import once, show
from landmark.ui.page import PLACES, offer_dataset
from landmark.ui.result_page import ResultPage, dataset_needed
from landmark.ui.tables import column_config, show_table
from landmark.ui.wording import size
from landmark.wording import counted, escaped

FORMULA = (
    "Steps are done in this order: split, so that all that follows learns from training samples; log2(x + offset); "
    "outlying values (more than the threshold, in robust deviations, both from the median of the gene and from the "
    "ends of most samples); missing values; one value per gene symbol; genes with the same values in every sample; "
    "quantile normalisation (Bolstad et al. 2003; ties get the mean of their quantiles, as in qnorm), stretched "
    "linearly to 4-15; near-duplicates, as in D-GEX (Chen et al. 2016): k-means divides the samples, and a later "
    "sample closer than the Euclidean distance to an earlier one is dropped, also across the borders of clusters. "
    "Genes are standardised at training, with means and deviations of training samples only."
)
ACTIONS = {
    "split": "keep samples of one person on one side of the split",
    "log2": "take logarithms",
    "outlying": "treat values too extreme to be expression",
    "missing": "decide about missing values",
    "collapse": "make one gene of its probes",
    "identical": "drop genes that copy others",
    "quantile": "give all samples one distribution",
    "remove_duplicates": "look for samples that are there twice",
}
"""Step, by its field in the configuration, as something to do."""

CHANGES_VALUES = (
    "Logarithm",
    "Outlying values",
    "Missing values",
    "One value per gene",
    "Quantile normalisation",
)


def _answer(dataset: Dataset, run: Run) -> str:
    """Say what was done."""
    found = PrepareResults.read(run.manifest.metrics)
    parts = []
    if found.genes != found.genes_before:
        names = IDENTIFIERS.get(found.identifier_before, "genes")
        parts.append(f"{found.genes_before:,} {names} became {found.genes:,} genes")
    if "Near-duplicates removed" in found.steps:
        count = len(resources.table(run.id, "removed_samples"))
        dropped = f"{counted(count, 'near-duplicate')} dropped" if count else "no near-duplicate was found"
        parts.append(dropped + (f", {found.divided_twins:,} of them across the split" if count else ""))
    if found.outlying_values is not None:
        parts.append(f"{counted(found.outlying_values, 'outlying value')} treated")
    others = [
        step.lower() for step in found.steps if step in ("Logarithm", "Quantile normalisation", "Split")
    ]
    parts += [f"{' and '.join(others)} done"] if others else []
    return f"**{escaped(dataset.manifest.title)}** is ready, {size(dataset)}: {'; '.join(parts) or 'done'}."


def _steps(run: Run, dataset: Dataset) -> None:
    """Show what every step changed, and what was removed."""
    steps, values = resources.table(run.id, "steps"), resources.table(run.id, "values")
    changing = [place for place, name in enumerate(steps["step"]) if name in CHANGES_VALUES]
    if changing:
        st.subheader("Before and after, step by step", anchor=False)
        tabs = st.tabs([steps["step"][place] for place in changing])
        for tab, place in zip(tabs, changing, strict=True):
            with tab:
                _step(run, values, place, str(steps["step"][place]), dataset.manifest.unit)
    st.subheader("Sample by sample", anchor=False)
    quantiles = resources.table(run.id, "quantiles")
    for column, stage in zip(st.columns(2), ("before", "after"), strict=True):
        with column:
            st.markdown(f"**{stage.capitalize()}**")
            part = quantiles[quantiles["state"] == stage]
            unit = dataset.manifest.unit if stage == "after" else ""
            figure = sample_distributions(part, unit or "expression")
            figure.update_xaxes(title_text="Samples")
            show(
                figure,
                f"{stage}-{run.id}",
                part,
                f"samples-{stage}",
                alt=f"Quantiles of every sample {stage} the preparation",
            )
    st.subheader("What was removed", anchor=False)
    _sizes(steps)
    for what in ("sample", "gene"):
        if not folded_table(run, f"removed_{what}s", what, f"Each removed {what}", "removed"):
            st.markdown(f"No {what} was removed.")


def _step(run: Run, values: pd.DataFrame, place: int, name: str, unit: str) -> None:
    before, after = (values.loc[values["state"] == state, "value"] for state in (place - 1, place))
    table = pd.DataFrame({"before": before.to_numpy(), "after": after.to_numpy()})
    show(
        once(
            lambda: before_and_after(
                table["before"].to_numpy(), table["after"].to_numpy(), unit or "expression"
            ),
            "before and after",
            run.id,
            place,
        ),
        f"step-{place}-{run.id}",
        table,
        name.lower().replace(" ", "-"),
        alt=f"Density of the values before and after: {name}",
    )


def _sizes(steps: pd.DataFrame) -> None:
    columns = column_config(TABLES["steps"].columns)
    show_table(steps, columns, alt="Samples and genes after every step")


def _earlier(dataset: Dataset) -> None:
    """Lead to the datasets that were prepared from this one before."""
    known = {item.id: item for item in resources.datasets()}
    runs = resources.runs("prepare", source=dataset.id)
    for run in [run for run in runs if run.manifest.parents["dataset"] in known][:5]:
        item = known[run.manifest.parents["dataset"]]
        done = ", ".join(PrepareResults.read(run.manifest.metrics).steps).lower()
        text = (
            f":material/subdirectory_arrow_right: **{escaped(item.manifest.title)}** was made of it: {done}."
        )
        offer_dataset(item, text, f"adopt-{run.id}")


def _results(run: Run) -> None:
    """Lead to what usually comes next, and show what every step changed, and what was removed."""
    with st.container(horizontal=True):
        if st.button("Look at its samples", icon=":material/troubleshoot:"):
            st.switch_page(PLACES["quality"])
        if st.button("Train the autoencoder on it", type="primary", icon=":material/arrow_forward:"):
            st.switch_page(PLACES["train"])
    _steps(run, resources.dataset_of(run))


def _form(dataset: Dataset, run: Run | None, busy: bool) -> None:
    _earlier(dataset)
    place = st.container()
    choices = form(dataset, proposed(dataset))
    offer_start(dataset, choices, disabled=busy)
    if run is None:
        with place:
            preview(dataset, choices)


def _proposal(dataset: Dataset) -> str:
    """Say which steps the data call for."""
    title = escaped(dataset.manifest.title)
    wanted = [ACTIONS[name] for name, answer in proposed(dataset).items() if answer.proposed]
    if not wanted:
        return f"**{title}** can be trained as it is: no step is called for."
    verb = "is" if len(wanted) == 1 else "are"
    return f"{counted(len(wanted), 'step')} {verb} proposed for **{title}**: {', '.join(wanted)}."


PAGE = ResultPage(
    question="What should be done before training?",
    kind="prepare",
    needs=dataset_needed("What a dataset needs before training is read from its values and names."),
    invitation=_proposal,
    working=_proposal,
    answer=lambda run: _answer(resources.dataset_of(run), run),
    sections=(_results,),
    headings=("", "Prepare it further"),
    form=_form,
    formula=FORMULA,
)
