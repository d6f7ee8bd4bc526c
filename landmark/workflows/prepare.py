"""Prepare a dataset for training: the steps that are asked for, in a fixed order; the result is a new dataset."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.errors import BadData
from landmark.expression.duplicates import remove_duplicates
from landmark.expression.history import describe, fact
from landmark.expression.identifiers import symbols_of
from landmark.expression.prepare import PAPER_RANGE, collapse_probes, fill_missing, log2, quantile_normalise
from landmark.expression.sample_quality import sample_quantiles
from landmark.expression.split import COLUMN, assign_split, rows
from landmark.progress import Progress, Report
from landmark.runs.request import now
from landmark.workflows.configuration import PrepareConfiguration
from landmark.workflows.configuration.prepare import prepared_title
from landmark.workflows.context import Context, Outcome
from landmark.workflows.sets import l1000_count

NAMES = {
    "log2": "Logarithm",
    "missing": "Missing values",
    "collapse": "One value per gene",
    "quantile": "Quantile normalisation",
    "remove_duplicates": "Near-duplicates removed",
    "split": "Split",
}
"""Step, by its field in the configuration, to its name for people."""

VALUES = 20_000
"""Values drawn at random before and after every step, for densities."""

SAMPLES = 300
"""Evenly spaced samples whose distributions are kept from before the first and after the last step."""


def run(configuration: PrepareConfiguration, context: Context) -> Outcome:
    """Write steps.parquet, values.parquet, quantiles.parquet, removed_samples.parquet and removed_genes.parquet."""
    context.report(Progress("Reading the dataset"))
    source = context.datasets.get(configuration.dataset)
    matrix = source.load()
    before = matrix.shape
    work = _Work(matrix, configuration.seed, context.report)
    for name in configuration.steps:
        context.report(Progress(NAMES[name]))
        matrix = _STEPS[name](matrix, configuration, work)
        work.note(NAMES[name], matrix)
    for part in ("train", "test"):
        rows(matrix, part)  # removing samples may have emptied one
    describe(matrix, title=configuration.title or prepared_title(source.manifest.title))
    for name, table in work.tables(matrix).items():
        context.draft.table(name, table)
    context.report(Progress("Storing the dataset"))
    dataset = context.datasets.add(matrix, now())
    about = dataset.manifest
    return Outcome(
        parents={"dataset": dataset.id, "source": source.id},
        metrics={
            "samples": about.samples,
            "genes": about.genes,
            "identifier": about.identifier,
            "l1000_present": l1000_count(list(matrix.var_names), about.identifier),
            "identifier_before": source.manifest.identifier,
            "samples_before": before[0],
            "genes_before": before[1],
            "samples_removed": before[0] - about.samples,
            "genes_without_symbol": sum(reason == NO_SYMBOL for _, reason in work.genes),
            "steps": [NAMES[name] for name in configuration.steps],
            "divided_twins": work.divided_twins,
        },
        split=about.split,
        seed=configuration.seed,
    )


NO_SYMBOL = "no gene symbol, or several, known for it"
LESS_VARIABLE = "another probe of the gene varies more"


class _Work:
    """What the steps leave behind for people to see."""

    def __init__(self, matrix: AnnData, seed: int, report: Report) -> None:
        self.report = report
        self.seed = seed
        self.genes: list[tuple[str, str]] = []
        self.samples = pd.DataFrame(columns=["sample", "duplicate_of", "distance"])
        self.divided_twins = 0
        self._steps: list[dict[str, object]] = []
        self._values: list[pd.DataFrame] = []
        self._quantiles = [self._look(matrix, "before")]
        self.note("As it was", matrix)

    def note(self, step: str, matrix: AnnData) -> None:
        """Remember sizes and some values after a step."""
        place = len(self._steps)
        self._steps.append({"step": step, "samples": matrix.n_obs, "genes": matrix.n_vars})
        drawn = np.random.default_rng(self.seed).integers(matrix.X.size, size=min(VALUES, matrix.X.size))
        self._values.append(pd.DataFrame({"state": place, "value": matrix.X.ravel()[drawn]}))

    def tables(self, matrix: AnnData) -> dict[str, pd.DataFrame]:
        """Return the tables of the run."""
        return {
            "steps": pd.DataFrame(self._steps),
            "values": pd.concat(self._values, ignore_index=True),
            "quantiles": pd.concat([*self._quantiles, self._look(matrix, "after")], ignore_index=True),
            "removed_samples": self.samples,
            "removed_genes": pd.DataFrame(self.genes, columns=["gene", "reason"]),
        }

    def _look(self, matrix: AnnData, state: str) -> pd.DataFrame:
        chosen = np.unique(np.linspace(0, matrix.n_obs - 1, min(SAMPLES, matrix.n_obs)).round().astype(int))
        X = np.nan_to_num(matrix.X[chosen], nan=float(np.nanmedian(matrix.X[chosen])))
        table = sample_quantiles(X, matrix.obs_names[chosen].to_numpy(dtype=object), self.report)
        return table.assign(state=state)


def _log2(matrix: AnnData, configuration: PrepareConfiguration, work: _Work) -> AnnData:
    log2(matrix, configuration.log2_offset)
    return matrix


def _missing(matrix: AnnData, configuration: PrepareConfiguration, work: _Work) -> AnnData:
    complete = fill_missing(matrix, configuration.missing)
    left = set(complete.var_names)
    work.genes += [(gene, "has missing values") for gene in matrix.var_names if gene not in left]
    return complete


def _collapse(matrix: AnnData, configuration: PrepareConfiguration, work: _Work) -> AnnData:
    if configuration.collapse == "none":
        return matrix
    names = list(matrix.var_names)
    symbols = symbols_of(names, fact(matrix, "identifier"))  # type: ignore[arg-type]
    collapsed = collapse_probes(matrix, configuration.collapse)
    used = {probe for probes in collapsed.var["measured_by"] for probe in probes.split(" ")}
    work.genes += [
        (name, LESS_VARIABLE if symbol else NO_SYMBOL)
        for name, symbol in zip(names, symbols, strict=True)
        if name not in used
    ]
    return collapsed


def _quantile(matrix: AnnData, configuration: PrepareConfiguration, work: _Work) -> AnnData:
    low, high = PAPER_RANGE if configuration.quantile == "4 to 15" else (None, None)
    quantile_normalise(matrix, low, high, work.report)
    return matrix


def _remove_duplicates(matrix: AnnData, configuration: PrepareConfiguration, work: _Work) -> AnnData:
    part = matrix.obs[COLUMN].astype(str)
    left, work.samples = remove_duplicates(
        matrix, configuration.duplicate_distance, configuration.seed, work.report
    )
    of, twin = (part.loc[work.samples[column]].to_numpy() for column in ("sample", "duplicate_of"))
    work.divided_twins = int((of != twin).sum())
    return left


def _split(matrix: AnnData, configuration: PrepareConfiguration, work: _Work) -> AnnData:
    group = configuration.split_group or None
    if group == COLUMN:
        raise BadData("The split itself is no group to split by. Choose another annotation column.")
    assign_split(matrix, configuration.held_out, configuration.seed, group)
    return matrix


_STEPS: dict[str, Callable[[AnnData, PrepareConfiguration, _Work], AnnData]] = {
    "log2": _log2,
    "missing": _missing,
    "collapse": _collapse,
    "quantile": _quantile,
    "remove_duplicates": _remove_duplicates,
    "split": _split,
}
