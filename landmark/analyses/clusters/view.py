"""Samples by their bottleneck values: the answer, agreement with what is known of them, downloads."""

from typing import Any

import pandas as pd
import streamlit as st

from landmark.analyses.clusters import view_figures
from landmark.analyses.clusters.figures import agreement_bars
from landmark.analyses.clusters.results import MEASURES, ClusterResults
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.download import csv, file_button, h5ad
from landmark.ui.figure import metric, show
from landmark.ui.jobs import at_work
from landmark.ui.result_page import ResultPage, network_needed
from landmark.ui.run_form import Chosen, RunForm
from landmark.wording import counted, escaped

_MOST_GROUPS = 50


_ANOTHER = "**Samples of another dataset**"


def _samples(model: Run, key: str, chosen: Chosen) -> dict[str, Any]:
    """Choose whose samples are embedded; empty for those that the network was trained on."""
    dataset = resources.dataset_of(model)
    known = {item.id: item for item in resources.datasets()}
    titles = choosing.distinct({name: _title(item, dataset) for name, item in known.items()})
    wanted = choosing.selectbox(
        "Samples of",
        titles,
        index=list(known).index(dataset.id),
        key=f"{key}-dataset-{dataset.id}",
        help="Any dataset can be embedded with this network, if it measures most of its genes.",
    )
    return {"dataset": wanted if wanted != dataset.id else ""}


def _title(item: Dataset, own: Dataset) -> str:
    return f"{item.manifest.title} (what I work on)" if item.id == own.id else item.manifest.title


def _label(model: Run, key: str, chosen: Chosen) -> dict[str, Any]:
    """Choose the annotation that clusters are compared with, and those of its groups that are taken."""
    known = {item.id: item for item in resources.datasets()}
    dataset = known[chosen["dataset"]] if chosen["dataset"] else resources.dataset_of(model)
    labels = [name for name, values in dataset.manifest.labels.items() if 2 <= values <= _MOST_GROUPS]
    label = choosing.selectbox(
        "Label to compare clusters with",
        ["", *labels],
        format_func=lambda name: name or "propose one",
        key=f"{key}-label-{dataset.id}",
        persist_state="session",
        help=f"Annotations with 2 to {_MOST_GROUPS} different values. The paper: normal lung, adenocarcinoma, "
        "squamous cell carcinoma.",
    )
    if not label:
        return {"label": "", "groups": []}
    counts = resources.group_sizes(dataset, label)
    groups = choosing.multiselect(
        "Groups",
        list(counts),
        format_func=lambda name: f"{name} ({counts[name]:,})",
        placeholder="propose the largest",
        key=f"{key}-groups-{dataset.id}-{label}",
        help="Samples of other groups are left out.",
    )
    return {"label": label, "groups": groups}


def _of_another(chosen: Chosen) -> bool:
    return bool(chosen["dataset"])


FORM = RunForm(
    kind="cluster",
    role="model",
    rows=("dataset", "label"),
    more=(_ANOTHER, "most_missing", "scaling", "linkage", "distance", "clusters", "seed"),
    fold="Way of clustering",
    unfolded=_of_another,
    labels={
        "most_missing": "Most missing genes (share)",
        "scaling": "Scale genes by",
        "clusters": "Number of clusters (0: automatic)",
    },
    widgets={"dataset": _samples, "label": _label},
    when=dict.fromkeys((_ANOTHER, "most_missing", "scaling"), _of_another),
    button="Cluster the samples",
    again="Cluster again",
    icon="bubble_chart",
)


_FORMULA = (
    "Each sample is its values in the bottleneck. Hierarchical clustering (average linkage of 1 - Pearson correlation "
    "unless chosen otherwise; the paper leaves both open), cut into as many clusters as there are groups. Adjusted "
    "Rand index: Hubert and Arabie 1985. Mutual information: normalised by the mean entropy. Silhouette: Rousseeuw "
    "1987. UMAP: McInnes et al. 2018. Intervals: 95% of 500 resamples of the samples, groups as wholes where the "
    "split keeps groups together, with the clusters as they are; of permuted labels, 95% of 100 permutations. Genes "
    "that drive a cluster: DeepLIFT (rescale rule) of its samples with the mean of all other samples as reference, "
    "summed over the ten units that set it apart most, in standard deviations of the unit."
)


def _answer(run: Run) -> str:
    """Say how well clusters agree with labels, beside PCA, all genes and chance."""
    found = ClusterResults.read(run.manifest.metrics)
    clusters = f"{found.clusters} clusters of {found.samples:,} samples"
    if found.adjusted_rand is None:
        best = f" The silhouette proposes {_proposed(run)}." if "cuts" in run.manifest.files else ""
        return f"The samples have no labels to compare with; {clusters} are shown.{best}"
    agreement = resources.table(run.id, "agreement")
    others = [
        f"{escaped(row.representation)} {row.adjusted_rand:z.2f}"
        for row in agreement.itertuples()
        if row.representation != "bottleneck"
    ]
    among = (
        f", {found.held_out_samples:,} of them held out from the training" if found.held_out_samples else ""
    )
    alone = (
        f" The held-out samples clustered by themselves: {found.held_out_adjusted_rand:z.2f}."
        if found.held_out_adjusted_rand is not None
        else ""
    )
    return (
        f"{clusters}{among}, agree with **{escaped(found.label)}** by an adjusted Rand index of "
        f"**{found.adjusted_rand:z.2f}** (1: the same groups, 0: chance). The same by {', '.join(others)}.{alone}"
    )


def _contingency(run: Run, embedding: pd.DataFrame) -> None:
    """Show how many samples of each label are in each cluster, which label has no cluster, and who takes part."""
    found = ClusterResults.read(run.manifest.metrics)
    st.caption(_taking_part(run))
    if not found.label:
        return
    st.subheader("Which labels are in which cluster?", anchor=False)
    table = contingency_table(embedding)
    st.markdown(found_labels(table))
    st.dataframe(
        table.rename(columns=lambda cluster: f"Cluster {cluster}").reset_index(),
        hide_index=True,
        height="content",
        column_config={"label": st.column_config.TextColumn(found.label, pinned=True)},
        key=f"contingency-{run.id}",
    )


def contingency_table(embedding: pd.DataFrame) -> pd.DataFrame:
    """Count samples by label and cluster: one row per label, one column per cluster."""
    labels = embedding["label"].astype(str).replace("", "not labelled")
    return pd.crosstab(labels, embedding["cluster"]).rename_axis(index="label", columns=None)


def found_labels(table: pd.DataFrame) -> str:
    """Say which labels are the most frequent of no cluster."""
    leading = set(table.idxmax(axis=0))
    lost = [str(label) for label in table.index if label not in leading]
    if not lost:
        return "Every label is the most frequent one of some cluster."
    parts = []
    for label in lost:
        row = table.loc[label]
        parts.append(
            f"**{escaped(label)}** ({counted(int(row.sum()), 'sample')}, {int(row.max()):,} of them in cluster "
            f"{row.idxmax()}, most of which are {escaped(table[row.idxmax()].idxmax())})"
        )
    return f"No cluster stands for {' or '.join(parts)}."


def _data(run: Run) -> Dataset | None:
    """Return the dataset of the samples, unless it was deleted."""
    return next((d for d in resources.datasets() if d.id == run.manifest.parents["dataset"]), None)


def _taking_part(run: Run) -> str:
    """Say how many samples of the dataset are shown, and why not all."""
    found, data = ClusterResults.read(run.manifest.metrics), _data(run)
    samples, rest = found.samples, "are shown"
    if found.drawn_from:
        samples = found.drawn_from
        rest = f"take part, of which {found.samples:,}, drawn at random, are shown: a tree of more could not be read"
    if data is None or not found.label:
        return f"{counted(samples, 'sample')} {rest}."
    if samples == data.manifest.samples:
        return f"All {samples:,} samples {rest}."
    chosen = run.manifest.configuration.get("groups")
    why = "as chosen" if chosen else "chosen by the program; others can be chosen in the settings"
    return (
        f"{samples:,} of the {data.manifest.samples:,} samples, those whose {escaped(found.label)} is "
        f"{escaped(', '.join(map(str, found.groups)))} ({why}), {rest}."
    )


def _proposed(run: Run) -> str:
    cuts = resources.table(run.id, "cuts")
    return (
        counted(int(cuts["clusters"].iloc[cuts["silhouette"].argmax()]), "cluster") if len(cuts) else "none"
    )


def _warnings(run: Run) -> None:
    """Say what stands between the samples and the network: missing genes, another unit."""
    found = ClusterResults.read(run.manifest.metrics)
    if found.missing_genes and found.genes is not None:
        named = ", ".join(found.missing_first)
        more = ", ..." if found.missing_genes > len(found.missing_first) else ""
        st.info(
            f"The dataset lacks {found.missing_genes:,} of the {found.genes:,} genes of the network; they were "
            f"filled with the mean of the training samples: {escaped(named)}{more}.",
            icon=":material/info:",
        )
    if shared := found.shared_samples:
        st.warning(
            f"{counted(shared, 'sample')} of this dataset {'is' if shared == 1 else 'are'} also in the dataset that "
            "the network was trained on, by name or values: what it does with them is no proof on new samples.",
            icon=":material/content_copy:",
        )
    unit, trained = found.unit, found.unit_trained
    if unit != trained and run.manifest.configuration["scaling"] == "model":
        st.warning(
            f"The samples are in {escaped(unit) or 'an unknown unit'}, the network was trained on "
            f"{escaped(trained) or 'an unknown unit'}. Cluster again with the dataset's own scaling (in the settings).",
            icon=":material/warning:",
        )


def _agreement(run: Run) -> None:
    """Show the agreement with labels, with its words explained."""
    found = ClusterResults.read(run.manifest.metrics)
    if found.adjusted_rand is None:
        return
    table = resources.table(run.id, "agreement")
    st.subheader(f"Agreement with {escaped(found.label)}", anchor=False)
    with st.container(horizontal=True, gap="large"):
        for column in MEASURES:
            value = getattr(found, column.name)
            if value is not None:
                # beside it, by principal components
                beside = f"{escaped(table['representation'][1])}: {table[column.name][1]:z.2f}"
                metric(column.title, f"{value:z.2f}", beside, help=column.meaning)
    show(
        agreement_bars(table),
        f"agreement-{run.id}",
        table=table,
        name="agreement",
        alt="Agreement of clusters and neighbours with the labels, beside PCA, all genes and permuted labels",
    )
    if "silhouette_low" in table:
        st.caption("Whiskers: 95% of resamples of the samples; of permuted labels, 95% of permutations.")


def _downloads(run: Run) -> None:
    """Offer the embedding for other programs."""
    with st.container(horizontal=True):
        file_button(
            "Coordinates and clusters (CSV)", csv(resources.table(run.id, "embedding")), "embedding.csv"
        )
        file_button("Bottleneck values (CSV)", csv(resources.table(run.id, "bottleneck")), "bottleneck.csv")
        file_button(
            "For Scanpy and cellxgene (h5ad)",
            h5ad(run),
            f"{run.id}.h5ad",
            help="Expression, labels and clusters of these samples with X_autoencoder, X_umap and X_pca, "
            "and, where the genes have been ranked, their scores. On the command line: runs export.",
        )


def _describe(run: Run) -> str:
    """Say what distinguishes a clustering from another of the same model."""
    made, found = run.manifest.configuration, ClusterResults.read(run.manifest.metrics)
    data = _data(run)
    other = f"{data.manifest.title}, " if made.get("dataset") and data is not None else ""
    number = counted(found.clusters, "cluster")
    return f"{other}{found.label or 'no labels'}, {made['linkage']} linkage, {made['distance']}, {number}"


def _results(run: Run) -> None:
    shown = view_figures.cut_fields(run)
    selected = view_figures.figures(run, shown)
    _contingency(run, shown.embedding)
    busy = at_work("cluster", model=run.manifest.parents["train"]) is not None
    view_figures.look_into(run, shown, selected, disabled=busy)
    view_figures.heat(run, shown)
    view_figures.cuts(run, shown)


PAGE = ResultPage(
    question="Does the bottleneck keep the biology?",
    kind="cluster",
    needs=network_needed("Samples are clustered by their values in the bottleneck of a trained network."),
    invitation="The samples have not been clustered yet. It takes seconds to minutes.",
    answer=_answer,
    sections=(_warnings, _results, _agreement, _downloads),
    shown="Clustering shown",
    describe=_describe,
    form=lambda model, run, busy: FORM.draw(model, busy, first=run is None),
    formula=_FORMULA,
)
