"""Published figures of gene expression inference, and ours on the scale of each, where the data allow it.

Nothing here is called comparable: the published figures are from other data, whatever the scale.
"""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from landmark.analyses.choices import predictor_name
from landmark.analyses.clusters.results import ClusterResults
from landmark.analyses.compare.results import CompareResults
from landmark.analyses.functions.results import EnrichResults
from landmark.analyses.platform.results import PlatformResults
from landmark.analyses.predictors.results import PredictorsResults
from landmark.analyses.train.results import TrainResults
from landmark.data.gene_identifiers import ASSETS
from landmark.data.scaling import STANDARD_DEVIATION_FLOOR
from landmark.errors import BadRun
from landmark.results import Number, Results, Table, Text
from landmark.store.datasets import Dataset, DatasetManifest
from landmark.store.runs import Run
from landmark.training.data import learn_scaling
from landmark.wording import counted, percent
from landmark.workflows.samples import split_samples

R = TypeVar("R", bound=Results)

STANDARD, UNIT, WIDE, GENE_RANGE, UNSTATED = (
    "standardised",
    "unit of the dataset",
    "4 to 15",
    "min-max",
    "not stated",
)
SCALES = {
    STANDARD: "standard deviations",
    UNIT: "unit of the dataset",
    WIDE: "values from 4 to 15",
    GENE_RANGE: "0 to 1 per gene",
}
"""What errors are measured in: as it is called in the table of published figures, and after a number."""

MEASURES = {
    "mae": "Mean absolute error",
    "pcc": "Correlation per gene",
    "sample_pcc": "Correlation per sample",
    "sample_spearman": "Rank correlation per sample",
    "ratio": "Error against linear regression",
}
"""Of those figures that can be drawn."""

PUBLISHED = Table(
    "One published figure.",
    Text("paper", "Who published it.", "", "Published by"),
    Text("source", "Where it was published."),
    Text("figure", "What was measured."),
    Text("method", "What predicted it."),
    Text("published", "The figure as published."),
    Number("value", "The same as a number; missing where it is none or a range."),
    Text("measure", f"{', '.join(MEASURES)}, or empty."),
    Text("scale", "What errors are measured in; empty where the figure has no unit.", "", "Scale"),
    Text("data", "The data behind it.", "", "On which data"),
    Text("ours", "What of ours stands beside it."),
    Text("differs", "What stands between the two figures, beside the data.", "", "What differs"),
)


@functools.cache
def published() -> pd.DataFrame:
    """Read the published figures, columns as in ``PUBLISHED``; not to be changed."""
    texts = {column.name: str for column in PUBLISHED.columns if isinstance(column, Text)}
    return pd.read_csv(
        ASSETS / "published_figures.csv", dtype=texts, keep_default_na=False, na_values={"value": [""]}
    )


@dataclass(frozen=True)
class Spread:
    """How far each gene spreads over the training samples: a table of ``deviation`` and ``range`` by gene.

    ``whole`` is the range of all values together. All are in the unit of the dataset.
    """

    genes: pd.DataFrame
    whole: float

    @classmethod
    def of(cls, dataset: Dataset) -> "Spread":
        """Read the training samples twice, some hundreds at a time."""
        data = split_samples(dataset)
        deviation = learn_scaling(data.train, "standardise").scale
        extremes = learn_scaling(data.train, "unit")
        whole = float((extremes.shift + extremes.scale).max() - extremes.shift.min())
        genes = pd.DataFrame({"deviation": deviation, "range": extremes.scale}, index=data.genes, dtype=float)
        return cls(genes, max(whole, STANDARD_DEVIATION_FLOOR))

    def errors(self, standardised: pd.Series) -> dict[str, float]:
        """Mean over genes of errors in standard deviations, by gene, on every scale of ``SCALES``."""
        known = standardised.dropna()
        about = self.genes.loc[known.index]
        own = known * about["deviation"]
        found = {
            STANDARD: known,
            UNIT: own,
            WIDE: own * (15 - 4) / self.whole,
            GENE_RANGE: own / about["range"],
        }
        return {scale: float(values.mean()) for scale, values in found.items()}


@dataclass(frozen=True)
class Ours:
    """A figure of ours: as text, or errors by gene in standard deviations, or a number by measure; and its origin.

    Errors can be brought to other scales by the spread of the genes, a mean error among the numbers cannot.
    """

    origin: str = ""
    text: str = ""
    errors: pd.Series | None = None
    values: Mapping[str, float] = field(default_factory=dict)


def beside(dataset: Dataset | None, runs: Sequence[Run], spread: Spread | None) -> pd.DataFrame:
    """Put ours beside the published figures.

    Parameters
    ----------
    dataset, runs
        What is worked on, if there is anything, and its runs, the newest first.
    spread
        Of its genes; without it errors are given in standard deviations alone.

    Returns
    -------
    DataFrame
        The columns of ``published``, and: here, our figure as text, empty where there is none; here_values, by scale
        for errors, else under the empty text; origin; agrees. ``differs`` begins with the data and the predictor.
    """
    ours = _ours(dataset.manifest, runs) if dataset else {}
    lines = published().copy()
    shown = [_shown(line, ours.get(line.ours), spread) for line in lines.itertuples()]
    lines["here"] = [text for text, _ in shown]
    lines["here_values"] = [values for _, values in shown]
    lines["origin"] = [ours[line.ours].origin if line.here else "" for line in lines.itertuples()]
    lines["agrees"] = [_agrees(line) for line in lines.itertuples()]
    lines["differs"] = [
        f"Other data. {_predicted_otherwise(line)}{line.differs}" for line in lines.itertuples()
    ]
    return lines


def _agrees(line: Any) -> str:
    """Say in what a figure of ours agrees with the published one: never in the data."""
    if not line.here or not (line.measure or line.scale):
        return ""
    return f"Measure{_SCALE_AGREES.get(line.scale, '')}"


def _predicted_otherwise(line: Any) -> str:
    """Say where the published figure is D-GEX's and ours is another predictor's."""
    predictor = line.origin.partition(";")[0].partition(" from ")[0]
    if line.method != "D-GEX" or not predictor or predictor == line.method:
        return ""
    return f"Predicted by D-GEX there, by {predictor} here. "


_SCALE_AGREES = {
    STANDARD: " and scale",
    GENE_RANGE: "; scale perhaps",
    UNSTATED: "; scale not stated",
}


def _shown(line: Any, ours: Ours | None, spread: Spread | None) -> tuple[str, dict[str, float]]:
    """Write our figure on the scale of a published one; its numbers by scale."""
    if ours is None:
        return "", {}
    if line.measure == "mae" and ours.errors is not None:
        found = spread.errors(ours.errors) if spread else {STANDARD: float(ours.errors.mean())}
        wanted = (STANDARD, UNIT, WIDE) if line.scale == UNSTATED else (line.scale,)
        found = {scale: found[scale] for scale in wanted if scale in found}
        return "; ".join(f"{value:.4f} {SCALES[scale]}" for scale, value in found.items()), found
    if line.measure not in ours.values:
        return ours.text, {}
    value = ours.values[line.measure]
    if np.isnan(value):
        return "cannot be computed", {}
    if line.measure == "mae":
        return f"{value:.4f} {SCALES[STANDARD]}", {STANDARD: value}
    if line.measure == "ratio":
        return f"{abs(value):.2%} {'lower' if value < 0 else 'higher'}", {"": value}
    return f"{value:.4f}", {"": value}


def _ours(about: DatasetManifest, runs: Sequence[Run]) -> dict[str, Ours]:
    """Find what stands beside the published figures, by the names that ``ours`` has in their table."""
    newest: dict[str, Run] = {}
    for run in runs:
        newest.setdefault(run.kind, run)
    learned = f"{about.split.get('train', 0):,} samples to learn from"
    found = {"samples": Ours(text=f"{about.samples:,} × {about.genes:,}", origin=about.title)}
    for kind, read in _READERS.items():
        if kind in newest:
            try:
                found |= read(newest[kind], learned)
            except BadRun:  # of an older version, or damaged: the line stays empty
                continue
    return found | _predicted(runs, learned)


def _read(results: type[R], run: Run) -> R:
    return results.read(run.manifest.metrics)


def _errors(table: pd.DataFrame, column: str = "mae") -> pd.Series:
    return table.set_index("gene")[column].dropna()


def _reconstruction(run: Run, learned: str) -> dict[str, Ours]:
    found = _read(TrainResults, run)
    network = run.manifest.configuration.get("network", {})
    scale = "" if network.get("input", "scaled") == "scaled" else ", genes as measured"
    origin = f"{counted(found.epochs, 'epoch')}{scale}; {learned}"
    share = percent(found.significant_genes / found.genes)
    return {
        "reconstruction": Ours(
            origin, errors=_errors(run.table("reconstruction")), values={"pcc": found.reconstruction_pcc}
        ),
        "restored": Ours(origin, f"{found.significant_genes:,} of {found.genes:,} ({share})"),
    }


def _comparison(run: Run, learned: str) -> dict[str, Ours]:
    found = _read(CompareResults, run)
    summary, table = run.table("summary"), run.table("comparison")
    names = {str(kind): str(rows["set"].iloc[0]) for kind, rows in summary.groupby("kind", sort=False)}
    origin = f"{predictor_name(found.predictor)}; {learned}"
    ours = {"targets": Ours(origin, f"{len(table):,} ({found.arithmetic})")}
    if found.overlap is not None and {"ranking", "l1000"} <= set(names):
        ours["overlap"] = Ours(origin, f"{found.overlap:,} of {found.sets[names['ranking']].size:,}")
    for kind in {"ranking", "l1000"} & set(names):
        for measure, unit in (("mae", f" {SCALES[STANDARD]}"), ("pcc", "")):
            values = table[f"{measure}_{names[kind]}"].dropna()
            ours[f"{measure} {kind}"] = Ours(origin, f"{values.min():.4f} to {values.max():.4f}{unit}")
        if (column := f"significant_{names[kind]}") in table:
            failing = int((~table[column].dropna().astype(bool)).sum())
            ours[f"failing {kind}"] = Ours(origin, f"{failing:,} of {len(table):,}")
    return ours


def _platform(run: Run, learned: str) -> dict[str, Ours]:
    found = _read(PlatformResults, run)
    name = next((name for name, about in found.sets.items() if about.kind == "ranking"), None)
    if name is None:
        return {}
    about = found.sets[name]
    origin = (
        f"{predictor_name(found.predictor)}; {counted(found.other_samples, 'sample')} of {found.other_title}"
    )
    return {
        "platform": Ours(origin, values={"mae": about.mae, "pcc": about.pcc}),
        "platform significant": Ours(origin, percent(about.significant / about.targets)),
    }


def _functions(run: Run, learned: str) -> dict[str, Ours]:
    found = _read(EnrichResults, run)
    origin = f"{found.set}; {counted(found.background_genes, 'gene')} as background"
    return {"functions": Ours(origin, f"{found.significant:,} of {found.tested:,}")}


def _clusters(run: Run, learned: str) -> dict[str, Ours]:
    found = _read(ClusterResults, run)
    agreement = (
        "without labels" if found.adjusted_rand is None else f"adjusted Rand index {found.adjusted_rand:.2f}"
    )
    return {"clusters": Ours("all samples", f"{counted(found.samples, 'sample')}, {agreement}")}


_READERS: Mapping[str, Callable[[Run, str], dict[str, Ours]]] = {
    "train": _reconstruction,
    "compare": _comparison,
    "cross-platform": _platform,
    "enrich": _functions,
    "cluster": _clusters,
}


def _predicted(runs: Sequence[Run], learned: str) -> dict[str, Ours]:
    """Find how well L1000 genes predict all others, by predictor: the newest run that says it, of predictors first."""
    ours: dict[str, Ours] = {}
    best: tuple[float, str] | None = None
    for run in (run for kind in _PREDICTED for run in runs if run.kind == kind):
        try:
            found = dict(_PREDICTED[run.kind](run, learned))
        except BadRun:
            continue
        if {"dgex", "ridge"} <= set(found) and "dgex ratio" not in ours:
            dgex, ridge = (found[name].errors for name in ("dgex", "ridge"))
            ratio = float(dgex.mean() / ridge.mean() - 1)  # type: ignore[union-attr]
            ours["dgex ratio"] = Ours(found["dgex"].origin, values={"ratio": ratio})
        for name, one in found.items():
            of_samples = one.values.get("sample_pcc")
            if of_samples is not None and (best is None or of_samples > best[0]):
                best = of_samples, name
            ours.setdefault(name, one)
    if best is not None:
        ours["profile"] = ours[best[1]]
    return ours


def _of_predictors(run: Run, learned: str) -> Iterator[tuple[str, Ours]]:
    found = _read(PredictorsResults, run)
    if not found.set.startswith("L1000"):
        return
    genes = run.table("genes")
    for name, one in found.predictors.items():
        if not one.covariate:
            yield (
                one.predictor,
                Ours(
                    f"{predictor_name(one.predictor)} from {counted(found.size, 'gene')} of L1000; {learned}",
                    errors=_errors(genes[genes["name"] == name]),
                    values={
                        "pcc": one.pcc,
                        "sample_pcc": one.sample_pcc,
                        "sample_spearman": one.sample_spearman,
                    },
                ),
            )


def _of_comparison(run: Run, learned: str) -> Iterator[tuple[str, Ours]]:
    found = _read(CompareResults, run)
    summary = run.table("summary")
    names = summary.loc[summary["kind"] == "l1000", "set"].astype(str)
    if len(names) and not run.manifest.configuration.get("covariate"):
        name = names.iloc[0]
        yield (
            found.predictor,
            Ours(
                f"{predictor_name(found.predictor)} from {counted(found.sets[name].size, 'gene')} of L1000; {learned}",
                errors=_errors(run.table("comparison"), f"mae_{name}"),
                values={"pcc": found.sets[name].pcc},
            ),
        )


_PREDICTED: Mapping[str, Callable[[Run, str], Iterator[tuple[str, Ours]]]] = {
    "infer": _of_predictors,
    "compare": _of_comparison,
}
