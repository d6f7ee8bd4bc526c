"""Prepare a dataset for training: the steps that are asked for, in a fixed order; the result is a new dataset.

The samples pass in blocks, so a dataset may be larger than memory.
"""

from collections import Counter
from dataclasses import replace
from typing import cast

import numpy as np
import pandas as pd

from landmark.analyses.prepare.config import PrepareConfiguration, prepared_title
from landmark.analyses.prepare.results import PrepareResults
from landmark.data.gene_identifiers import symbols_of
from landmark.data.history import describe, history, identifier_of
from landmark.data.quality import sample_quantiles
from landmark.data.split import COLUMN, assign, rows, training_rows
from landmark.data.steps.duplicates import remove_duplicates
from landmark.data.steps.genes import Collapse, Identical, collapse_probes, without_identical
from landmark.data.steps.missing import all_finite, resolve_missing
from landmark.data.steps.normalise import PAPER_RANGE, log2, quantile_normalise
from landmark.data.steps.outlying import treat_outlying
from landmark.data.steps.stream import Stream, evenly_spaced, without_values
from landmark.errors import BadData
from landmark.progress import Progress, Report
from landmark.store.request import now
from landmark.wording import counted
from landmark.workflows.context import Context, Outcome
from landmark.workflows.notes import dataset_notes, split_notes
from landmark.workflows.sets import l1000_count

NAMES = {
    "split": "Split",
    "log2": "Logarithm",
    "outlying": "Outlying values",
    "missing": "Missing values",
    "collapse": "One value per gene",
    "identical": "Genes with the same values",
    "quantile": "Quantile normalisation",
    "remove_duplicates": "Near-duplicates removed",
}
"""Step, by its field in the configuration, to its name for people."""

BECAME = {"nearest": "set to the nearest ordinary value of the gene", "missing": "taken for missing"}
"""What becomes of outlying values, by the choice."""

VALUES = 20_000  # values drawn at random before and after every step, for densities
SAMPLES = 300  # evenly spaced samples that are looked at after every step
NO_SYMBOL = "no gene symbol, or several, known for it"
LESS_VARIABLE = "another probe of the gene varies more"
SAME_VALUES = "another gene has the same values in every sample"


def run(configuration: PrepareConfiguration, context: Context) -> Outcome:
    """Write steps.parquet, values.parquet, quantiles.parquet, removed_samples.parquet and removed_genes.parquet."""
    context.report(Progress("Opening the dataset"))
    source = context.datasets.get(configuration.dataset)
    before = stream = source.stream()
    work = _Preparation(configuration, stream, context.report)
    for name in configuration.steps:
        context.report(Progress(NAMES[name]))
        stream = getattr(work, name)(stream)
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
            genes_without_symbol=sum(reason == NO_SYMBOL for _, reason in work.removed_genes),
            steps=[NAMES[name] for name in configuration.steps],
            outlying_values=work.outlying_values,
            divided_twins=work.divided_twins,
        ),
        split=about.split,
        seed=configuration.seed,
        notes=(
            *work.notes(),
            *split_notes(stream.about),
            *dataset_notes(about, map(str, stream.about.var_names)),
        ),
    )


class _Preparation:
    """The steps, one method each under its field's name, and what they leave behind for people to see."""

    def __init__(self, configuration: PrepareConfiguration, stream: Stream, report: Report) -> None:
        self._asked, self._report = configuration, report
        self._part = stream.about.obs[COLUMN].astype(str)  # of the dataset to start from
        self.removed_genes: list[tuple[str, str]] = []
        self.divided_twins = 0
        self.outlying_values: int | None = None
        self._removed_samples = pd.DataFrame(columns=["sample", "duplicate_of", "distance"])
        self._steps: list[dict[str, object]] = []
        self._values: list[pd.DataFrame] = []
        self._before = _quantiles(stream, "before")
        self.note("As it was", stream)

    def split(self, stream: Stream) -> Stream:
        group = self._asked.split_group
        if group == COLUMN:
            raise BadData("The split itself is no group to split by. Choose another annotation column.")
        about = without_values(stream.about)
        assign(
            about,
            self._asked.held_out,
            self._asked.seed,
            group,
            names=self._asked.test_groups,
            number=self._asked.test_group_count,
        )
        return replace(stream, about=about)

    def log2(self, stream: Stream) -> Stream:
        return log2(stream, self._asked.log2_offset)

    def outlying(self, stream: Stream) -> Stream:
        treated = treat_outlying(
            stream,
            self._asked.outlying,
            self._asked.outlying_threshold,
            self._report,
            training_rows(stream.about),
        )
        self.outlying_values = history(treated.about)[-1]["values"]
        return treated

    def missing(self, stream: Stream) -> Stream:
        complete = resolve_missing(stream, self._asked.missing, self._report, training_rows(stream.about))
        return self._noted(stream, complete, "has missing values")

    def collapse(self, stream: Stream) -> Stream:
        names = list(stream.about.var_names)
        symbols = symbols_of(names, identifier_of(stream.about))
        keep = cast(Collapse, self._asked.collapse)
        collapsed = collapse_probes(stream, keep, self._report, training_rows(stream.about))
        used = {probe for probes in collapsed.about.var["measured_by"] for probe in probes.split(" ")}
        self.removed_genes += [
            (name, LESS_VARIABLE if symbol else NO_SYMBOL)
            for name, symbol in zip(names, symbols, strict=True)
            if name not in used
        ]
        return collapsed

    def identical(self, stream: Stream) -> Stream:
        left = without_identical(stream, cast(Identical, self._asked.identical), self._report)
        return self._noted(stream, left, SAME_VALUES)

    def quantile(self, stream: Stream) -> Stream:
        low, high = PAPER_RANGE if self._asked.quantile == "4 to 15" else (None, None)
        return quantile_normalise(stream, low, high, self._report, training_rows(stream.about))

    def remove_duplicates(self, stream: Stream) -> Stream:
        distance, seed = self._asked.duplicate_distance, self._asked.seed
        left, removed = remove_duplicates(stream, distance, seed, self._report)
        of, twin = (self._part.loc[removed[column]].to_numpy() for column in ("sample", "duplicate_of"))
        self._removed_samples, self.divided_twins = removed, int((of != twin).sum())
        return left

    def _noted(self, before: Stream, after: Stream, reason: str) -> Stream:
        """Remember the genes that a step left out."""
        left = set(after.about.var_names)
        self.removed_genes += [(gene, reason) for gene in before.about.var_names if gene not in left]
        return after

    def note(self, step: str, stream: Stream) -> None:
        """Remember sizes and some values after a step."""
        place = len(self._steps)
        self._steps.append({"step": step, "samples": stream.samples, "genes": stream.genes})
        X = stream.rows(evenly_spaced(stream.samples, SAMPLES))
        drawn = np.random.default_rng(self._asked.seed).integers(X.size, size=VALUES)
        self._values.append(pd.DataFrame({"state": place, "value": X.ravel()[drawn]}))

    def notes(self) -> tuple[str, ...]:
        """Say what was left out, and why."""
        counts = Counter(reason for _, reason in self.removed_genes)
        left_out = [f"{counted(count, 'gene name')} left out: {reason}." for reason, count in counts.items()]
        if values := self.outlying_values:
            left_out.append(f"{counted(values, 'outlying value')} {BECAME[self._asked.outlying]}.")
        if removed := len(self._removed_samples):
            left_out.append(f"{counted(removed, 'near-duplicate sample')} removed.")
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
            "quantiles": pd.concat([self._before, _quantiles(stream, "after")], ignore_index=True),
            "removed_samples": self._removed_samples,
            "removed_genes": pd.DataFrame(self.removed_genes, columns=["gene", "reason"]),
        }


def _quantiles(stream: Stream, state: str) -> pd.DataFrame:
    chosen = evenly_spaced(stream.samples, SAMPLES)
    names = stream.about.obs_names[chosen].to_numpy(dtype=object)
    return sample_quantiles(stream.rows(chosen), names).assign(state=state)
