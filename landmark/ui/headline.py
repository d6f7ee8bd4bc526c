"""What a run found, in one line."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from landmark.analyses.benchmark.results import TournamentResults
from landmark.analyses.choices import predictor_name
from landmark.analyses.clusters.results import ClusterResults
from landmark.analyses.compare.results import CompareResults
from landmark.analyses.deepchrome.results import DeepchromeResults
from landmark.analyses.explain.results import ExplainResults
from landmark.analyses.fit.results import FitResults
from landmark.analyses.functions.results import EnrichResults
from landmark.analyses.histones.results import HistonesResults
from landmark.analyses.import_data.results import ImportResults
from landmark.analyses.marks.results import MarksResults
from landmark.analyses.merge.results import MergeResults
from landmark.analyses.overview.results import PathResults
from landmark.analyses.platform.results import PlatformResults
from landmark.analyses.predictors.results import InferResults
from landmark.analyses.prepare.results import PrepareResults
from landmark.analyses.quality.results import QualityResults
from landmark.analyses.ranking.results import RankResults
from landmark.analyses.replicates.results import SeedsResults
from landmark.analyses.selection.results import SelectResults
from landmark.analyses.size.results import SizeResults
from landmark.analyses.stability.results import StabilityResults
from landmark.analyses.train.results import TrainResults
from landmark.errors import BadRun
from landmark.genesets.sources import l1000
from landmark.results import Results
from landmark.runs.datasets import Dataset
from landmark.runs.store import Run
from landmark.wording import capital, counted, plus_minus, without_nan

KINDS = {
    "import": "Import",
    "prepare": "Preparation",
    "quality": "Quality of samples",
    "merge": "Merge",
    "train": "Autoencoder",
    "rank": "Gene ranking",
    "fit": "Predictor",
    "explain": "Explained predictions",
    "compare": "Comparison",
    "infer": "Predictors compared",
    "size": "Accuracy by size",
    "cross-platform": "Other platform",
    "cluster": "Clusters",
    "enrich": "Functions",
    "path": "Whole path",
    "seeds": "Several seeds",
    "tournament": "Tournament",
    "select": "Chosen genes",
    "stability": "Stability of a choice",
    "histones": "Histone profiles",
    "deepchrome": "DeepChrome",
    "marks": "Marks of genes",
}
"""Kind of run to its name for people."""

IDENTIFIERS = {
    "symbol": "gene symbols",
    "hgu133a_probe": "HG-U133A probes",
    "entrez": "Entrez identifiers",
    "ensembl": "Ensembl identifiers",
    "unknown": "names of no known kind",
}


@cache
def l1000_size() -> int:
    """Return how many landmark genes the paper's L1000 set has."""
    return len(l1000(dgex=True).genes)


def size(dataset: Dataset) -> str:
    """Return the size of a dataset: "975 samples × 17,391 genes"."""
    noun = "probes" if dataset.manifest.identifier == "hgu133a_probe" else "genes"
    return f"{dataset.manifest.samples:,} samples × {dataset.manifest.genes:,} {noun}"


def kind_name(kind: str) -> str:
    """Return the name of a kind of run for people."""
    return KINDS.get(kind, kind.capitalize())


def headline(run: Run) -> str:
    """Return the main figure of a run as one line without a full stop."""
    return headline_of(run.kind, run.manifest.metrics)


def headline_of(kind: str, metrics: Mapping[str, Any]) -> str:
    """Return the main figure of metrics of a kind; empty where they hold none."""
    if kind not in _WRITERS:
        return ""
    results, writer = _WRITERS[kind]
    try:
        return without_nan(writer(results.read(metrics)))
    except BadRun:  # a run of an older version without this figure
        return ""


def _import(m: ImportResults | PrepareResults | MergeResults) -> str:
    kind = IDENTIFIERS.get(m.identifier, m.identifier)
    return f"{m.samples:,} samples × {m.genes:,} {kind}, {m.l1000_present:,} of {l1000_size()} L1000 genes"


def _prepare(m: PrepareResults) -> str:
    return f"{_import(m)}; {', '.join(m.steps).lower()}"


def _quality(m: QualityResults) -> str:
    annotation = f"; {m.annotation} explains {100 * m.annotation_r2:.0f}% of what sets samples apart"
    return f"{m.outliers:,} of {m.samples:,} samples are outliers{annotation if m.annotation else ''}"


def _merge(m: MergeResults) -> str:
    return f"{len(m.datasets)} datasets: {_import(m)}"


def _train(m: TrainResults) -> str:
    return (
        f"held-out samples are restored with a mean correlation of {m.reconstruction_pcc:.3f} per gene "
        f"(PCA: {m.pca_pcc:.3f})"
    )


def _rank(m: RankResults) -> str:
    return f"top {m.cut:,} genes{_of_l1000(m)}"


def _of_l1000(m: RankResults | SelectResults) -> str:
    if not m.l1000_present or m.overlap_l1000 is None:
        return ""
    return f", of which {m.overlap_l1000:,} are L1000 genes"


def _fit(m: FitResults) -> str:
    method = capital(predictor_name(m.predictor, m.covariate))
    return (
        f"{method} on {m.set} ({m.size:,} genes) predicts {m.targets:,} others with a mean correlation of "
        f"{m.pcc:.3f}"
    )


def _explain(m: ExplainResults) -> str:
    target = m.targets[0]
    more = f" and {len(m.targets) - 1} more genes" if len(m.targets) > 1 else ""
    method = predictor_name(m.predictor)
    return f"{m.first[target]} drives the prediction of {target} most, by {method} on {m.set}{more}"


def _compare(m: CompareResults) -> str:
    parts = [f"{name} {found.pcc:.3f}" for name, found in m.sets.items()]
    if m.random_pcc is not None:
        parts.append(f"random sets {m.random_pcc:.3f} ± {m.random_pcc_sd or 0:.3f}")
    return f"mean correlation of the predicted genes: {', '.join(parts)}"


def _infer(m: InferResults) -> str:
    best = m.predictors[m.best]
    others = [
        f"{predictor_name(about.predictor, about.covariate)} {about.pcc:.3f}"
        for name, about in m.predictors.items()
        if name != m.best
    ]
    method = capital(predictor_name(best.predictor, best.covariate))
    return (
        f"{method} infers {m.targets:,} genes from {m.size:,} of {m.set} best, with a mean correlation of "
        f"{best.pcc:.3f}{'; ' if others else ''}{', '.join(others)}"
    )


def _size(m: SizeResults) -> str:
    parts = [f"{name} {found.pcc:.3f} with {found.largest:,}" for name, found in m.sets.items()]
    return f"mean correlation of the predicted genes at the largest size: {', '.join(parts)}"


def _cross_platform(m: PlatformResults) -> str:
    parts = [f"{name} {found.pcc:.3f}" for name, found in m.sets.items()]
    return f"mean correlation on {m.other_title}, {m.matched:,} genes matched: {', '.join(parts)}"


def _cluster(m: ClusterResults) -> str:
    samples = f"{m.clusters} clusters of {m.samples:,} samples"
    if m.adjusted_rand is None:
        return f"{samples} without labels"
    return f"{samples} agree with {m.label} by an adjusted Rand index of {m.adjusted_rand:z.2f}"


def _enrich(m: EnrichResults) -> str:
    best = f", first {m.best_term}" if m.significant else ""
    return f"{m.significant:,} terms of {m.source} are over-represented in {m.set}{best}"


def _path(m: PathResults) -> str:
    return _compare(m.compare)


def _seeds(m: SeedsResults) -> str:
    parts = [
        f"{name} {plus_minus(found.mean, found.standard_deviation)}"
        for name, figure in ((m.first, "set_pcc"), ("L1000", "l1000_pcc"))
        if (found := m.figures.get(figure))
    ]
    return (
        f"{len(m.seeds)} seeds, mean correlation of the predicted genes: {', '.join(parts)}; two seeds share "
        f"{100 * m.overlap:.0f}% of the top {m.cut:,}"
    )


def _histones(m: HistonesResults) -> str:
    return f"{counted(m.cell_types, 'cell type')} with {counted(m.genes, 'gene')}: {m.title}"


def _deepchrome(m: DeepchromeResults) -> str:
    return (
        f"expressed genes of {counted(m.cell_types, 'cell type')} are told by their histone marks with a mean AUC "
        f"of {m.auc_mean:.3f} (logistic regression: {m.logistic_mean:.3f})"
    )


def _marks(m: MarksResults) -> str:
    return f"marks and bins that decide for {counted(len(m.genes), 'gene')} of {m.cell_type}"


def _select(m: SelectResults) -> str:
    return f"{m.cut:,} genes chosen{_of_l1000(m)}"


def _stability(m: StabilityResults) -> str:
    parts = [
        f"{words} share {100 * m.kinds[kind].shared:.0f}%"
        for kind, words in (("seeds", "two seeds"), ("halves", "two halves of the samples"))
        if kind in m.kinds
    ]
    return f"{', '.join(parts)} of {m.cut:,} genes (by chance {100 * m.by_chance:.0f}%)"


def _tournament(m: TournamentResults) -> str:
    l1000 = f" (L1000: {m.mae_l1000:.4f})" if m.mae_l1000 is not None else ""
    ways = f"{len(m.strategies)} ways of choosing {m.size:,} genes"
    return f"{m.best} is best of {ways}: mean error {m.mae:.4f}{l1000}"


_WRITERS: Mapping[str, tuple[type[Results], Callable[[Any], str]]] = {
    "import": (ImportResults, _import),
    "prepare": (PrepareResults, _prepare),
    "quality": (QualityResults, _quality),
    "merge": (MergeResults, _merge),
    "train": (TrainResults, _train),
    "rank": (RankResults, _rank),
    "fit": (FitResults, _fit),
    "explain": (ExplainResults, _explain),
    "compare": (CompareResults, _compare),
    "infer": (InferResults, _infer),
    "size": (SizeResults, _size),
    "cross-platform": (PlatformResults, _cross_platform),
    "cluster": (ClusterResults, _cluster),
    "enrich": (EnrichResults, _enrich),
    "path": (PathResults, _path),
    "seeds": (SeedsResults, _seeds),
    "tournament": (TournamentResults, _tournament),
    "select": (SelectResults, _select),
    "stability": (StabilityResults, _stability),
    "histones": (HistonesResults, _histones),
    "deepchrome": (DeepchromeResults, _deepchrome),
    "marks": (MarksResults, _marks),
}
