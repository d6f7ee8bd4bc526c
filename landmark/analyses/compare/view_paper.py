"""Compared with the paper: each figure that it reports, ours on the present data, and what differs.

Nothing here is a reproduction: the paper's matrix of 129,158 samples is not what most users work on, and the panel
says of every line what stands between the two numbers.
"""

from typing import TypeVar

import pandas as pd
import streamlit as st

from landmark.analyses.choices import predictor_name
from landmark.analyses.clusters.results import ClusterResults
from landmark.analyses.compare.results import CompareResults
from landmark.analyses.functions.results import EnrichResults
from landmark.analyses.functions.view import BACKGROUNDS
from landmark.analyses.platform.results import PlatformResults
from landmark.analyses.train.results import TrainResults
from landmark.errors import BadRun
from landmark.results import Results, Text
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.ui.page import guarded
from landmark.ui.tables import column_config, show_table
from landmark.wording import counted, percent

R = TypeVar("R", bound=Results)

SAMPLES, GENES = 111_009, 22_268
NOT_RUN = "not computed here"

_LINES = (
    Text("figure", "What the paper reports."),
    Text("paper", "Its value in the paper."),
    Text("ours", "Its value on the present data.", "", "Here"),
    Text("differs", "What stands between the two values.", "", "What differs"),
)


@st.fragment
def paper_beside_us(dataset: Dataset, comparison: Run | None) -> None:
    """Show the panel, folded away, for a dataset and the comparison on the page, if there is one."""
    with (
        guarded(),
        st.expander(
            "Compared with the paper", icon=":material/menu_book:", key="paper", on_change="rerun"
        ) as panel,
    ):
        if not panel.open:
            return
        st.markdown(
            "Kong et al. (BMC Bioinformatics 22:27, 2021) report these figures on their data; ours are from the "
            f"present data, {dataset.manifest.samples:,} samples × {dataset.manifest.genes:,} genes. **No line claims "
            "to reproduce the paper**: the last column says what differs in data or method."
        )
        table = rows(dataset, comparison)
        show_table(
            table,
            column_config(_LINES, widths={"figure": "medium", "differs": "large"}),
            height=38 + 35 * len(table),
        )


def rows(dataset: Dataset, comparison: Run | None) -> pd.DataFrame:
    """Return figure, paper, ours, differs."""
    about = dataset.manifest
    train, cluster, other, enrich = (
        next(iter(resources.runs(kind, dataset=about.id)), None)
        for kind in ("train", "cluster", "cross-platform", "enrich")
    )
    functions = _read(EnrichResults, enrich)
    kind = str(enrich.manifest.configuration.get("background", "")) if enrich else ""
    background = f"; background: {BACKGROUNDS[kind]}" if kind in BACKGROUNDS else ""
    lines = [
        (
            "Samples × genes",
            f"{SAMPLES:,} × {GENES:,}",
            f"{about.samples:,} × {about.genes:,}",
            "Other data.",
        ),
        *_reconstruction(train),
        *_comparison(comparison),
        *_other_platform(other),
        (
            "Enriched molecular functions of the set",
            "34 of 1,645, none dominates",
            f"{functions.significant} of {functions.tested:,}" if functions else NOT_RUN,
            f"Another edition of GO{background}.",
        ),
        (
            "Clusters of lung samples in the bottleneck",
            "237 samples in 3 groups, shown as a tree",
            _clusters(cluster),
            "Other samples; the paper gives no index of agreement.",
        ),
    ]
    return pd.DataFrame(lines, columns=[column.name for column in _LINES])


def _clusters(run: Run | None) -> str:
    """Name the samples, and how clusters agree with labels where the samples have any."""
    found = _read(ClusterResults, run)
    if found is None:
        return NOT_RUN
    samples = counted(found.samples, "sample")
    if found.adjusted_rand is None:
        return f"{samples} without labels"
    return f"{samples}, adjusted Rand index {found.adjusted_rand:.2f}"


def _reconstruction(train: Run | None) -> list[tuple[str, str, str, str]]:
    found = _read(TrainResults, train)
    network = train.manifest.configuration.get("network", {}) if train else {}
    epochs = network.get("epochs")
    differs = "Other data; MAE in standard deviations of the gene, the paper's scale is not stated."
    if epochs not in (None, 100):
        differs = f"{differs} {epochs} epochs, not 100."
    mae, pcc = (found.reconstruction_mae, found.reconstruction_pcc) if found else (None, None)
    restored = _share(found.significant_genes, found.genes) if found else NOT_RUN
    easier = "The same permutation test; fewer genes to be confused with make it easier."
    return [
        ("Reconstruction, mean MAE per gene", "0.2222", _number(mae), differs),
        ("Reconstruction, mean PCC per gene", "0.7627", _number(pcc), "Other data."),
        ("Genes restored significantly", _share(21_696, GENES), restored, easier),
    ]


def _comparison(run: Run | None) -> list[tuple[str, str, str, str]]:
    lines = [
        ("Overlap of the set with L1000", "129 of 943", NOT_RUN, "Sets of another size."),
        (
            "Common targets",
            "9,163",
            NOT_RUN,
            "The paper's own numbers give 10,463 - 943 - 943 + 129 = 8,706.",
        ),
        ("MAE of the DeepLIFT set, range over targets", "0.0994 to 0.6681", NOT_RUN, ""),
        ("MAE of L1000, range over targets", "0.1129 to 1.0524", NOT_RUN, ""),
        ("PCC of the DeepLIFT set, range over targets", "0.4764 to 0.9905", NOT_RUN, ""),
        ("PCC of L1000, range over targets", "0.0006 to 0.9875", NOT_RUN, ""),
        ("Targets that fail the permutation test, DeepLIFT set", "0", NOT_RUN, ""),
        ("Targets that fail the permutation test, L1000", "44", NOT_RUN, ""),
    ]
    if run is None:
        return lines
    found = CompareResults.read(run.manifest.metrics)
    summary, table = resources.table(run.id, "summary"), resources.table(run.id, "comparison")
    names = {kind: rows["set"].iloc[0] for kind, rows in summary.groupby("kind", sort=False)}
    method = _method(found, run)
    ours: dict[str, str] = {"Common targets": f"{len(table):,} ({found.arithmetic})"}
    if found.overlap is not None and {"ranking", "l1000"} <= set(names):
        size = found.sets[names["ranking"]].size
        ours["Overlap of the set with L1000"] = f"{found.overlap:,} of {size:,}"
    for kind, words in (("ranking", "DeepLIFT set"), ("l1000", "L1000")):
        if kind not in names:
            continue
        for measure in ("mae", "pcc"):
            values = table[f"{measure}_{names[kind]}"].dropna()
            title = "of the DeepLIFT set" if kind == "ranking" else "of L1000"
            ours[f"{measure.upper()} {title}, range over targets"] = (
                f"{values.min():.4f} to {values.max():.4f}"
            )
        if f"significant_{names[kind]}" not in table:
            continue
        failing = int((~table[f"significant_{names[kind]}"].dropna().astype(bool)).sum())
        ours[f"Targets that fail the permutation test, {words}"] = f"{failing:,} of {len(table):,}"
    return [
        (figure, paper, ours.get(figure, now), differs or method) for figure, paper, now, differs in lines
    ]


def _method(found: CompareResults, run: Run) -> str:
    chosen = run.manifest.configuration
    if found.predictor != "dgex":
        return f"Predicted by {predictor_name(found.predictor)} instead of D-GEX; other data."
    dgex = chosen.get("dgex", {})
    return f"D-GEX of {dgex.get('layers')} × {dgex.get('units')} units, the paper does not state which; other data."


def _other_platform(run: Run | None) -> list[tuple[str, str, str, str]]:
    found = None
    if run is not None:
        sets = PlatformResults.read(run.manifest.metrics).sets
        found = next((about for about in sets.values() if about.kind == "ranking"), None)
    significant = percent(found.significant / found.targets) if found else NOT_RUN
    differs = "GTEx RNA-seq of 2,921 samples and 9,520 targets in the paper."
    return [
        ("Other platform, MAE", "0.4590", _number(found.mae if found else None), differs),
        ("Other platform, PCC", "0.7790", _number(found.pcc if found else None), differs),
        ("Other platform, share significant", "92.51%", significant, differs),
    ]


def _share(count: int, of: int) -> str:
    return f"{count:,} of {of:,} ({percent(count / of)})"


def _number(value: float | None) -> str:
    return NOT_RUN if value is None else f"{value:.4f}"


def _read(results: type[R], run: Run | None) -> R | None:
    """Read the figures of a run; None where there is no run, or its figures cannot be read."""
    try:
        return results.read(run.manifest.metrics) if run else None
    except BadRun:
        return None
