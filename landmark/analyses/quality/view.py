"""The samples of a dataset: where they lie, how they are distributed, which resemble each other."""

import pandas as pd
import streamlit as st

from landmark.analyses.quality.figures import (
    FEW,
    correlation_heat,
    explained_bars,
    explained_heat,
    outlier_plane,
    sample_boxes,
)
from landmark.analyses.quality.results import TABLES, QualityResults
from landmark.data.steps.stream import evenly_spaced
from landmark.plots.distributions import sample_distributions
from landmark.plots.samples import sample_scatter
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.figure import show
from landmark.ui.page import PLACES
from landmark.ui.result_page import ResultPage, dataset_needed
from landmark.ui.run_form import RunForm
from landmark.ui.tables import column_config, show_table
from landmark.wording import counted, escaped

STRONG = 0.5  # from this association on, two annotations are said to go together
SPLIT = "split"  # name of the column that says which samples are for training and which for the test


def _outliers(run: Run, samples: pd.DataFrame, obs: pd.DataFrame) -> None:
    """Show how far every sample is from the others, and name the outliers."""
    st.subheader("Which samples are outliers", anchor=False)
    threshold = float(run.manifest.configuration["threshold"])
    columns = [
        "sample",
        "outlier",
        "reason",
        "median_correlation",
        "correlation_deviation",
        "distance_deviation",
    ]
    table = samples[columns].sort_values(["outlier", "distance_deviation"], ascending=False)
    figure = outlier_plane(samples, threshold)
    show(figure, f"outliers-{run.id}", table, "outliers", alt="How far every sample is from the others")
    flagged = table[table["outlier"]].drop(columns="outlier")
    if flagged.empty:
        st.markdown(f"No sample is more than {threshold:g} deviations away from the others.")
        return
    # an annotation may have the name of one of our columns
    shown = flagged.join(obs.drop(columns=SPLIT, errors="ignore"), on="sample", rsuffix=" (annotation)")
    st.dataframe(
        shown.rename(columns=lambda name: str(name).replace("_", " ")), hide_index=True, alt="Outliers"
    )
    st.caption(
        f"{counted(len(flagged), 'sample')} beyond {threshold:g} deviations. A small group of another tissue "
        "stands out too: look at the annotations before leaving samples out."
    )


def _outlying(run: Run) -> None:
    """Count the values that are too extreme to be expression, list them, and lead to where they can be treated."""
    found = QualityResults.read(run.manifest.metrics)
    if found.outlying_values is None:  # a run of an older version
        return
    st.subheader("Values too extreme to be expression", anchor=False)
    threshold = float(run.manifest.configuration["outlying"])
    if not found.outlying_values:
        st.markdown(
            f"No value is outlying: none lies {threshold:g} deviations from its gene and beyond the samples' ends."
        )
        return
    st.warning(
        f"{counted(found.outlying_values, 'value')} in {counted(found.outlying_genes or 0, 'gene')} and "
        f"{counted(found.outlying_samples or 0, 'sample')}, such as {escaped('; '.join(found.outlying_examples))}. "
        "They lie far from the others of their gene and beyond what any gene reaches in most samples: corrections of "
        "batches leave such values, and slips. Models learn from them as from any other.",
        icon=":material/rule:",
    )
    if st.button("Treat them in Prepare", icon=":material/tune:"):
        st.switch_page(PLACES["prepare"])
    table = resources.table(run.id, "outlying")
    columns = column_config(TABLES["outlying"].columns)
    show_table(table, columns, alt="Outlying values, the furthest first")
    if len(table) < found.outlying_values:
        st.caption(f"The furthest {len(table):,} of them.")


def _batches(run: Run) -> None:
    """Show what annotations explain, overall and per component."""
    st.subheader("What sets samples apart: biology or batch", anchor=False)
    overall, table = (
        resources.table(run.id, name).replace({"annotation": {SPLIT: "training or test"}})
        for name in ("overall", "explained")
    )
    show(
        explained_bars(overall),
        f"explained-{run.id}",
        overall,
        "explained",
        alt="Variance explained by annotation",
    )
    st.caption(
        "A batch, plate or study high up here is a batch effect: samples differ by where they were measured. "
        "Annotations that go together, such as a batch of tumours only, cannot be told apart."
    )
    _confounded(run)
    if not table.empty:
        figure = explained_heat(table, overall["annotation"].tolist())
        show(
            figure,
            f"components-{run.id}",
            table,
            "explained-by-component",
            alt="Variance explained per component",
        )


def _confounded(run: Run) -> None:
    """Name the annotations that cannot be told apart."""
    if "associated" not in run.tables():  # a run of an older version
        return
    table = resources.table(run.id, "associated")
    together = table[table["association"] >= STRONG]
    if together.empty:
        return
    with st.expander(
        f"{counted(len(together), 'pair')} of annotations that go together",
        icon=":material/link:",
        key="confounded",
    ):
        columns = column_config(TABLES["associated"].columns)
        show_table(together, columns, alt="Pairs of annotations that divide the samples alike")
        st.caption(
            "Cramér's V, corrected for chance: 1 where one annotation determines the other, 0 where they have "
            "nothing to do with each other. Where a batch goes with a disease, a difference can come from either."
        )


FORMULA = (
    "Principal components of the most variable genes, centred and not scaled. Correlation: Pearson, over the same "
    "genes. Outlier: the median correlation of a sample with the others is more than the threshold below that of "
    "most samples, or its distance from the middle in the first 5 components (root mean square of deviations from "
    "the median, in median absolute deviations) is more than the threshold above that of most; both in median "
    "absolute deviations x 1.4826. Outlying value: more than its own threshold, in such deviations, both from the "
    "median of its gene and from the median of the largest (or smallest) values of samples; learned from training "
    "samples, a deviation at least the median one of genes. Variance explained: between-group over total sum of "
    "squares per component (numbers: squared correlation), averaged over the components by their share of the variance."
)
NONE = "none"
MOST_GROUPS = 100
MOST_BANDS = 2000  # more samples than pixels across a page are not drawn
MUCH = 0.1  # so much more than chance of what separates samples is worth a word


def _answer(dataset: Dataset, run: Run) -> str:
    """Say how many samples are outliers and what separates samples."""
    found = QualityResults.read(run.manifest.metrics)
    title = escaped(dataset.manifest.title)
    if found.outliers:
        names = ", ".join(escaped(name) for name in found.outlier_names)
        more = " and more" if found.outliers > len(found.outlier_names) else ""
        verb = "is an outlier" if found.outliers == 1 else "are outliers"
        text = f"{found.outliers:,} of {found.samples:,} samples of **{title}** {verb} ({names}{more})"
    else:
        text = f"None of the {found.samples:,} samples of **{title}** is an outlier"
    odd = ""
    if found.outlying_values:
        verb = "is" if found.outlying_values == 1 else "are"
        odd = f" {counted(found.outlying_values, 'value')} {verb} too extreme to be expression."
    if found.annotation_r2 - found.annotation_by_chance < MUCH:
        return f"{text}; no annotation explains much of how samples differ.{odd}"
    return (
        f"{text}; **{escaped(found.annotation)}** explains {100 * found.annotation_r2:.0f}% of how samples "
        f"differ (chance: {100 * found.annotation_by_chance:.0f}%).{odd}"
    )


def _choose_label(dataset: Dataset, run: Run) -> str:
    """Let the annotation be chosen by which samples are coloured; the most telling one first."""
    table = resources.table(run.id, "overall")
    grouped = table.loc[table["groups"] > 0, "annotation"].tolist()
    others = [
        name
        for name, count in dataset.manifest.labels.items()
        if count <= MOST_GROUPS and name not in grouped
    ]
    options = [name for name in grouped if name != SPLIT] + others + [SPLIT, NONE]
    return choosing.selectbox(
        "Colour by",
        options,
        format_func=lambda name: {SPLIT: "training or test", NONE: "nothing"}.get(name, name),
        key=f"quality-label-{dataset.id}",
        persist_state="session",
        help="Annotations in the order of how much they explain.",
    )


def _labels_of(obs: pd.DataFrame, label: str, samples: pd.Series) -> pd.Series | None:
    """Return the label of every sample by its name, whole numbers without a point; None where none is chosen."""
    if label == NONE or label not in obs:
        return None
    values = obs.loc[samples, label]
    if pd.api.types.is_float_dtype(values) and (values.dropna() % 1 == 0).all():
        values = values.astype("Int64")
    return values.astype(object).where(values.notna(), None)


def _plane(run: Run, samples: pd.DataFrame, labels: pd.Series | None, label: str) -> None:
    """Draw two principal components."""
    shares = resources.table(run.id, "components")["share"]
    names = [f"PC {i + 1} ({100 * share:.1f}% of variance)" for i, share in enumerate(shares)]
    across, up = 0, min(1, len(names) - 1)
    if len(names) > 2:
        left, right = st.columns(2)
        options = list(range(len(names)))
        across = choosing.selectbox(
            "Across", options, 0, format_func=names.__getitem__, key=f"quality-across-{run.id}", where=left
        )
        up = choosing.selectbox(
            "Up", options, 1, format_func=names.__getitem__, key=f"quality-up-{run.id}", where=right
        )
    table = samples[["sample", f"pc_{across + 1}", f"pc_{up + 1}"]].loc[:, lambda t: ~t.columns.duplicated()]
    column = None
    if labels is not None:
        column = "label"
        table = table.assign(label=labels.to_numpy())
    figure = sample_scatter(table, f"pc_{across + 1}", f"pc_{up + 1}", column, names[across], names[up])
    show(
        figure, f"pca-{run.id}", table, "pca", alt=f"Samples by two principal components, coloured by {label}"
    )


def _distributions(run: Run, samples: pd.DataFrame, labels: pd.Series | None, unit: str) -> None:
    """Draw the distribution of every sample: boxes for few, bands for many."""
    st.subheader("Distribution of every sample", anchor=False)
    quantiles = samples[["sample", "q05", "q25", "q50", "q75", "q95"]]
    if len(quantiles) <= FEW:
        figure = sample_boxes(quantiles, labels, unit)
        said = "A box holds the middle half of a sample's genes, its whiskers the middle 90%."
    else:
        drawn = quantiles.sort_values("q50").iloc[evenly_spaced(len(quantiles), MOST_BANDS)]
        figure = sample_distributions(drawn, unit)
        part = f"{len(drawn):,} of" if len(drawn) < len(quantiles) else "All"
        said = f"{part} {len(quantiles):,} samples, evenly spaced in order of their median."
    show(figure, f"distributions-{run.id}", quantiles, "distributions", alt="Quantiles of every sample")
    st.caption(said)


def _correlations(run: Run, labels: pd.Series | None) -> None:
    """Draw the correlations of samples."""
    st.subheader("Which samples resemble each other", anchor=False)
    table = resources.table(run.id, "correlation")
    figure = correlation_heat(table, labels)
    named = table.set_axis(["sample", *table["sample"]], axis="columns")
    show(figure, f"correlation-{run.id}", named, "correlation", alt="Correlations of samples, clustered")
    everything = QualityResults.read(run.manifest.metrics).samples
    drawn = (
        f"{len(table):,} of {everything:,} samples, drawn at random with seed {run.manifest.seed}"
        if len(table) < everything
        else "All samples"
    )
    st.caption(f"{drawn}; similar ones side by side (average linkage of 1 - correlation).")


def _describe(run: Run) -> str:
    """Say what distinguishes a look at the samples from another of the same dataset."""
    made = run.manifest.configuration
    return f"{made['genes']:,} genes, threshold {made['threshold']:g}"


def _results(run: Run) -> None:
    data = resources.dataset_of(run)
    samples, obs = resources.table(run.id, "samples"), resources.annotations(data)
    label = _choose_label(data, run)
    labels = _labels_of(obs, label, samples["sample"])
    _plane(run, samples, labels, label)
    _batches(run)
    _outliers(run, samples, obs)
    _outlying(run)
    _distributions(run, samples, labels, data.manifest.unit or "expression, unit not stated")
    _correlations(run, labels)


FORM = RunForm(
    kind="quality",
    rows=(),
    more=((("genes", "threshold", "seed"), ("components", "outlying", "shown")),),
    fold="Change the settings",
    labels={
        "genes": "Most variable genes",
        "components": "Principal components",
        "threshold": "Outlier from (deviations)",
        "outlying": "Outlying value from (deviations)",
        "shown": "Most samples in the heat map",
        "seed": "Seed of drawn samples",
    },
    button="Look at the samples",
    again="Look again",
    icon="troubleshoot",
)


PAGE = ResultPage(
    question="Can I trust these samples?",
    kind="quality",
    needs=dataset_needed("Samples are looked at one by one and beside each other."),
    invitation="These samples have not been looked at yet. It takes seconds.",
    answer=lambda run: _answer(resources.dataset_of(run), run),
    sections=(_results,),
    shown="Look shown",
    describe=_describe,
    form=lambda data, run, busy: FORM.draw(data, busy, first=run is None),
    formula=FORMULA,
)
