"""Import a matrix: read or fetch it, prepare as asked, split, store under the hash of its content."""

from pathlib import Path

from anndata import AnnData

from landmark.expression.examples import example
from landmark.expression.history import describe
from landmark.expression.prepare import collapse_probes, log2
from landmark.expression.reading import read
from landmark.expression.split import assign_split
from landmark.progress import Progress
from landmark.runs.request import now
from landmark.workflows.configuration import ImportConfiguration
from landmark.workflows.context import Context, Outcome
from landmark.workflows.sets import l1000_count


def run(configuration: ImportConfiguration, context: Context) -> Outcome:
    """Store the dataset; the run itself has no tables."""
    if configuration.example:
        matrix = example(configuration.example, context.report, configuration.seed)
    else:
        matrix = _file(configuration, context)
    if configuration.title:
        describe(matrix, title=configuration.title)
    if configuration.log2:
        log2(matrix)
    if configuration.collapse != "none":
        matrix = collapse_probes(matrix, configuration.collapse)
    assign_split(matrix, configuration.held_out, configuration.seed)
    context.report(Progress("Storing the dataset"))
    dataset = context.datasets.add(matrix, now())
    about = dataset.manifest
    return Outcome(
        parents={"dataset": dataset.id},
        metrics={
            "samples": about.samples,
            "genes": about.genes,
            "identifier": about.identifier,
            "l1000_present": l1000_count(list(matrix.var_names), about.identifier),
        },
        split=about.split,
        seed=configuration.seed,
    )


def _file(configuration: ImportConfiguration, context: Context) -> AnnData:
    path = Path(configuration.path)
    context.report(Progress(f"Reading {path.name}"))
    return read(path)
