"""Data to try everything with: a registry of examples, each with its source."""

from collections.abc import Callable
from dataclasses import dataclass

from anndata import AnnData

from landmark.errors import BadConfiguration
from landmark.expression import gdsc as cell_lines
from landmark.expression import geo_lung
from landmark.expression.simulate import SimulationConfiguration, simulate
from landmark.expression.streamed.identical import without_identical
from landmark.expression.streamed.stream import from_memory, in_memory
from landmark.progress import Report, silent


@dataclass(frozen=True)
class Example:
    """A dataset that anyone can have.

    Attributes
    ----------
    name
        Short name, as the command line takes it.
    title
        For people.
    description
        What it is and what it is good for, one or two sentences.
    source
        Where the data are from.
    needs_network
        Whether the first use downloads something.
    fetch
        Called with a report and a seed; gives the expression matrix. Real data do not depend on the seed.
    """

    name: str
    title: str
    description: str
    source: str
    needs_network: bool
    fetch: Callable[[Report, int], AnnData]


def _gdsc(report: Report, seed: int) -> AnnData:
    return cell_lines.gdsc(report)


def _simulated(report: Report, seed: int) -> AnnData:
    return simulate(SimulationConfiguration(seed=seed), report)


def _simulated_small(report: Report, seed: int) -> AnnData:
    return simulate(SimulationConfiguration(samples=600, genes=300, programs=4, drivers=8, seed=seed), report)


def _lung(report: Report, seed: int) -> AnnData:
    return geo_lung.lung(report)


SIMULATION_SOURCE = "Simulated on this machine; the gene symbols are borrowed labels."

EXAMPLES: dict[str, Example] = {
    example.name: example
    for example in (
        Example(
            "gdsc",
            "GDSC cancer cell lines",
            "Real data: 975 cancer cell lines of 19 tissues, 5,778 genes. Of the 6,163 published, 385 that carry "
            "the values of another gene in every line, as fill values do, are left out. A smaller relative of the "
            "paper's collection, for every question on these pages.",
            cell_lines.SOURCE + ".",
            True,
            _gdsc,
        ),
        Example(
            "lung",
            "Lung: normal, adenocarcinoma, squamous",
            "Real data, the samples that the paper clusters: 237 of normal lung (49), adenocarcinoma (58) and "
            "squamous cell carcinoma (130), 22,283 probes. All squamous samples come from one of the two "
            "series, so part of what sets them apart is the laboratory.",
            geo_lung.SOURCE + ".",
            True,
            _lung,
        ),
        Example(
            "simulated",
            "Simulated regulatory programs",
            "2,000 samples of 8 tissues, 2,000 genes, of which 100 are known to drive the others: shows "
            "whether a ranking finds the influential genes.",
            SIMULATION_SOURCE,
            False,
            _simulated,
        ),
        Example(
            "simulated-small",
            "Simulated regulatory programs, small",
            "600 samples of 8 tissues, 300 genes, of which 32 drive the others: runs through the whole "
            "path in a minute.",
            SIMULATION_SOURCE,
            False,
            _simulated_small,
        ),
    )
}


def example(name: str, report: Report = silent, seed: int = 0) -> AnnData:
    """Fetch an example by name, without genes that carry the values of another in every sample, as fill values do.

    Raises
    ------
    BadConfiguration
        There is no example of this name.
    BadData
        It must be downloaded and cannot be.
    """
    if name not in EXAMPLES:
        raise BadConfiguration(f"{name!r} is no example; there are {', '.join(EXAMPLES)}")
    return without_copies(EXAMPLES[name].fetch(report, seed))


def without_copies(adata: AnnData) -> AnnData:
    """Leave out all genes that carry the values of another one; the history says so. Itself where there are none."""
    left = without_identical(from_memory(adata), "drop")
    return adata if left.genes == adata.n_vars else in_memory(left)
