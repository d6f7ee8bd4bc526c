"""Prepare a dataset for training: the steps that are asked for, in a fixed order; the result is a new dataset.

The samples pass in blocks, so a dataset may be larger than memory.
"""

from collections import Counter
from collections.abc import Callable

import numpy as np
import pandas as pd

from landmark.analyses.prepare.config import PrepareConfiguration, prepared_title
from landmark.analyses.prepare.results import PrepareResults
from landmark.data.gene_identifiers import symbols_of
from landmark.data.history import describe, identifier_of
from landmark.data.quality import evenly_spaced, sample_quantiles
from landmark.data.split import COLUMN, assign_named, assign_split, rows, training_rows
from landmark.data.steps.duplicates import remove_duplicates
from landmark.data.steps.genes import collapse_probes, without_identical
from landmark.data.steps.missing import all_finite, resolve_missing
from landmark.data.steps.normalise import PAPER_RANGE, log2, quantile_normalise
from landmark.data.steps.stream import Stream, without_values
from landmark.errors import BadData
from landmark.progress import Progress, Report
from landmark.store.request import now
from landmark.workflows.context import Context, Outcome
from landmark.workflows.notes import dataset_notes
from landmark.workflows.sets import l1000_count

NAMES = {
    "log2": "Logarithm",
    "missing": "Missing values",
    "collapse": "One value per gene",
    "identical": "Genes with the same values",
    "quantile": "Quantile normalisation",
    "remove_duplicates": "Near-duplicates removed",
    "split": "Split",
}
"""Step, by its field in the configuration, to its name for people."""

VALUES = 20_000
"""Values drawn at random before and after every step, for densities."""

SAMPLES = 300
"""Evenly spaced samples that are looked at after every step."""

NO_SYMBOL = "no gene symbol, or several, known for it"
LESS_VARIABLE = "another probe of the gene varies more"
SAME_VALUES = "another gene has the same values in every sample"


def run(configuration: PrepareConfiguration, context: Context) -> Outcome:
    """Write steps.parquet, values.parquet, quantiles.parquet, removed_samples.parquet and removed_genes.parquet."""
    context.report(Progress("Opening the dataset"))
    source = context.datasets.get(configuration.dataset)
    stream = source.stream()
    before = stream
    work = _Work(stream, configuration.seed, context.report)
    for name in configuration.steps:
        context.report(Progress(NAMES[name]))
        stream = _STEPS[name](stream, configuration, work)
        work.note(NAMES[name], stream)
    for part in ("train", "test"):
        rows(stream.about, part)  # removing samples may have emptied one
    describe(stream.about, title=configuration.title or prepared_title(source.manifest.title))
    for name, table in work.tables(stream).items():
        context.draft.table(name, table)
    dataset = context.datasets.add(all_finite(stream), now(), context.report)
    about = dataset.manifest
    return Outcome(
        parents={"dataset": dataset.id, "source": source.id},
        results=PrepareResults(
            samples=about.samples,
            genes=about.genes,
            identifier=about.identifier,
            l1000_present=l1000_count(list(stream.about.var_names), about.identifier),
            identifier_before=source.manifest.identifier,
            samples_before=before.samples,
            genes_before=before.genes,
            samples_removed=before.samples - about.samples,
            genes_without_symbol=sum(reason == NO_SYMBOL for _, reason in work.genes),
            steps=[NAMES[name] for name in configuration.steps],
            divided_twins=work.divided_twins,
        ),
        split=about.split,
        seed=configuration.seed,
        notes=(*work.notes(), *dataset_notes(about, map(str, stream.about.var_names))),
    )


class _Work:
    """What the steps leave behind for people to see."""

    def __init__(self, stream: Stream, seed: int, report: Report) -> None:
        self.report = report
        self.seed = seed
        self.genes: list[tuple[str, str]] = []
        self.samples = pd.DataFrame(columns=["sample", "duplicate_of", "distance"])
        self.divided_twins = 0
        self._steps: list[dict[str, object]] = []
        self._values: list[pd.DataFrame] = []
        self._before = self._quantiles(stream, "before")
        self.note("As it was", stream)

    def note(self, step: str, stream: Stream) -> None:
        """Remember sizes and some values after a step."""
        place = len(self._steps)
        self._steps.append({"step": step, "samples": stream.samples, "genes": stream.genes})
        X = stream.rows(evenly_spaced(stream.samples, SAMPLES))
        drawn = np.random.default_rng(self.seed).integers(X.size, size=VALUES)
        self._values.append(pd.DataFrame({"state": place, "value": X.ravel()[drawn]}))

    def note_removed(self, before: Stream, after: Stream, reason: str) -> None:
        """Remember the genes that a step left out."""
        left = set(after.about.var_names)
        self.genes += [(gene, reason) for gene in before.about.var_names if gene not in left]

    def notes(self) -> tuple[str, ...]:
        """Say what was left out, and why."""
        counts = Counter(reason for _, reason in self.genes)
        left_out = [
            f"{count:,} gene name{'s' * (count != 1)} left out: {reason}." for reason, count in counts.items()
        ]
        if len(self.samples):
            left_out.append(
                f"{len(self.samples):,} near-duplicate sample{'s' * (len(self.samples) != 1)} removed."
            )
        if self.divided_twins:
            left_out.append(
                f"{self.divided_twins:,} of them had their twin on the other side of the split, so that training "
                "samples were among the test samples before."
            )
        return tuple(left_out)

    def tables(self, stream: Stream) -> dict[str, pd.DataFrame]:
        """Return the tables of the run."""
        return {
            "steps": pd.DataFrame(self._steps),
            "values": pd.concat(self._values, ignore_index=True),
            "quantiles": pd.concat([self._before, self._quantiles(stream, "after")], ignore_index=True),
            "removed_samples": self.samples,
            "removed_genes": pd.DataFrame(self.genes, columns=["gene", "reason"]),
        }

    def _quantiles(self, stream: Stream, state: str) -> pd.DataFrame:
        chosen = evenly_spaced(stream.samples, SAMPLES)
        names = stream.about.obs_names[chosen].to_numpy(dtype=object)
        return sample_quantiles(stream.rows(chosen), names).assign(state=state)


def _learned_on(stream: Stream, configuration: PrepareConfiguration) -> np.ndarray | None:
    """Tell which samples steps may learn from: those for training, or all where the split is drawn only afterwards."""
    return training_rows(stream.about) if configuration.split == "keep" else None


def _log2(stream: Stream, configuration: PrepareConfiguration, work: _Work) -> Stream:
    return log2(stream, configuration.log2_offset)


def _missing(stream: Stream, configuration: PrepareConfiguration, work: _Work) -> Stream:
    complete = resolve_missing(stream, configuration.missing, work.report, _learned_on(stream, configuration))
    work.note_removed(stream, complete, "has missing values")
    return complete


def _collapse(stream: Stream, configuration: PrepareConfiguration, work: _Work) -> Stream:
    names = list(stream.about.var_names)
    symbols = symbols_of(names, identifier_of(stream.about))
    collapsed = collapse_probes(
        stream,
        configuration.collapse,  # type: ignore[arg-type]
        work.report,
        _learned_on(stream, configuration),
    )
    used = {probe for probes in collapsed.about.var["measured_by"] for probe in probes.split(" ")}
    work.genes += [
        (name, LESS_VARIABLE if symbol else NO_SYMBOL)
        for name, symbol in zip(names, symbols, strict=True)
        if name not in used
    ]
    return collapsed


def _identical(stream: Stream, configuration: PrepareConfiguration, work: _Work) -> Stream:
    left = without_identical(stream, configuration.identical, work.report)  # type: ignore[arg-type]
    work.note_removed(stream, left, SAME_VALUES)
    return left


def _quantile(stream: Stream, configuration: PrepareConfiguration, work: _Work) -> Stream:
    low, high = PAPER_RANGE if configuration.quantile == "4 to 15" else (None, None)
    return quantile_normalise(stream, low, high, work.report, _learned_on(stream, configuration))


def _remove_duplicates(stream: Stream, configuration: PrepareConfiguration, work: _Work) -> Stream:
    part = stream.about.obs[COLUMN].astype(str)
    left, work.samples = remove_duplicates(
        stream, configuration.duplicate_distance, configuration.seed, work.report
    )
    of, twin = (part.loc[work.samples[column]].to_numpy() for column in ("sample", "duplicate_of"))
    work.divided_twins = int((of != twin).sum())
    return left


def _split(stream: Stream, configuration: PrepareConfiguration, work: _Work) -> Stream:
    group = configuration.split_group or None
    if group == COLUMN:
        raise BadData("The split itself is no group to split by. Choose another annotation column.")
    about = without_values(stream.about)
    if group and configuration.test_groups:
        assign_named(about, group, configuration.test_groups)
    else:
        assign_split(about, configuration.held_out, configuration.seed, group)
    return Stream(about, stream.blocks, stream.rows)


_STEPS: dict[str, Callable[[Stream, PrepareConfiguration, _Work], Stream]] = {
    "log2": _log2,
    "missing": _missing,
    "collapse": _collapse,
    "identical": _identical,
    "quantile": _quantile,
    "remove_duplicates": _remove_duplicates,
    "split": _split,
}
