"""A simulated collection in which it is known which genes drive the others.

The model: a tissue sets how active each regulatory program is; a program's driver genes follow its activity; every
target gene answers one to three programs through a saturating, a repressed or a joint response, and is measured with
more noise than the drivers; the remaining genes answer to nothing. A ranking that finds influential genes should put
the drivers on top.

The gene symbols are real ones, so that gene pages work, but they are borrowed labels: which symbol becomes a driver is
drawn at random and says nothing about that gene.
"""

import numpy as np
import pandas as pd
from anndata import AnnData
from pydantic import Field

from landmark.configuration import Configuration
from landmark.data import gene_identifiers
from landmark.data.history import describe, record
from landmark.errors import BadConfiguration
from landmark.progress import Progress, Report, silent

LOWEST, HIGHEST = 4.0, 15.0  # the log2 range to which Kong et al. normalise
SAMPLES_AT_A_TIME = 500


class SimulationConfiguration(Configuration):
    """Sizes and noise of the simulation."""

    samples: int = Field(2000, ge=10, le=200_000, description="Number of samples.")
    genes: int = Field(2000, ge=20, le=20_000, description="Number of genes.")
    tissues: int = Field(
        8, ge=1, le=100, description="Number of tissues, each with its own program activities."
    )
    programs: int = Field(10, ge=1, le=500, description="Number of regulatory programs.")
    drivers: int = Field(10, ge=1, le=100, description="Driver genes of each program.")
    undriven: float = Field(0.2, ge=0, le=0.9, description="Share of genes that answer to no program.")
    driver_noise: float = Field(
        0.1, ge=0, le=10, description="Standard deviation of the noise of drivers, in log2 units."
    )
    target_noise: float = Field(
        1.0, ge=0, le=10, description="Standard deviation of the noise of all other genes, in log2 units."
    )
    seed: int = Field(0, ge=0, description="Seed of all random draws.")


def simulate(configuration: SimulationConfiguration | None = None, report: Report = silent) -> AnnData:
    """Simulate a collection: X float32 [samples, genes], log2 expression from 4 to 15.

    ``obs["tissue"]``; ``var["driver"]`` (bool) and ``var["program"]`` (int, the program a driver belongs to,
    -1 for all other genes) are the truth. BadConfiguration: the drivers leave no room for targets.
    """
    c = configuration or SimulationConfiguration()
    n_drivers = c.programs * c.drivers
    n_targets = c.genes - n_drivers - int(c.undriven * c.genes)
    if n_targets < 1:
        raise BadConfiguration(
            f"genes = {c.genes}: {c.programs} programs of {c.drivers} drivers and {c.undriven:.0%} "
            "undriven genes leave no target genes. Raise the number of genes or lower the others."
        )
    random = np.random.default_rng(c.seed)
    program = np.repeat(np.arange(c.programs), c.drivers)
    tissue = random.integers(c.tissues, size=c.samples)
    tissue_activity = random.normal(0, 1, (c.tissues, c.programs))
    respond = _Targets(random, n_targets, c)
    base = random.uniform(6, 10, c.genes)
    amplitude = random.uniform(0.8, 1.6, n_drivers)

    X = np.empty((c.samples, c.genes), dtype=np.float32)
    for start in range(0, c.samples, SAMPLES_AT_A_TIME):
        report(Progress("Simulating", start, c.samples, "sample"))
        rows = slice(start, min(start + SAMPLES_AT_A_TIME, c.samples))
        n = rows.stop - start
        activity = tissue_activity[tissue[rows]] + random.normal(0, 0.7, (n, c.programs))
        drivers = activity[:, program] + random.normal(0, 0.5, (n, n_drivers))
        X[rows, :n_drivers] = (
            base[:n_drivers] + amplitude * drivers + random.normal(0, c.driver_noise, drivers.shape)
        )
        X[rows, n_drivers:] = base[n_drivers:] + random.normal(0, c.target_noise, (n, c.genes - n_drivers))
        X[rows, n_drivers : n_drivers + n_targets] += respond(drivers)
    np.clip(X, LOWEST, HIGHEST, out=X)

    symbols = _symbols(random, c.genes)
    place = random.permutation(c.genes)  # drivers stand anywhere among the genes
    truth = np.full(c.genes, -1)
    truth[:n_drivers] = program
    adata = AnnData(
        np.ascontiguousarray(X[:, place]),
        obs=pd.DataFrame(
            {"tissue": pd.Categorical([f"tissue {t + 1}" for t in tissue])},
            index=[f"sample {i + 1}" for i in range(c.samples)],
        ),
        var=pd.DataFrame({"driver": truth[place] >= 0, "program": truth[place]}, index=symbols),
    )
    describe(
        adata,
        title="Simulated regulatory programs",
        source="Simulated; gene symbols are borrowed labels",
        unit="log2 expression",
        identifier="symbol",
    )
    record(adata, "Simulated", **c.model_dump())
    report(Progress("Simulating", c.samples, c.samples, "sample"))
    return adata


class _Targets:
    """How target genes answer to the drivers: drawn once, then applied to any samples."""

    def __init__(self, random: np.random.Generator, targets: int, c: SimulationConfiguration) -> None:
        most = min(3, c.programs)
        self.count = random.integers(1, most + 1, targets)
        self.programs = np.stack([random.permutation(c.programs)[:most] for _ in range(targets)])
        self.weights = random.dirichlet(np.ones(c.drivers), (targets, most))
        self.sign = random.choice([-1.0, 1.0], (targets, most), p=[0.3, 0.7])
        self.slope = random.uniform(1.0, 3.0, (targets, most))
        self.threshold = random.normal(0, 0.5, (targets, most))
        self.joint = random.random(targets) < 0.3
        self.amplitude = random.uniform(1.0, 3.0, targets)
        self.drivers = c.drivers

    def __call__(self, drivers: np.ndarray) -> np.ndarray:
        """Answer of every target, float64 [samples, targets], in log2 units.

        One program: a sigmoid of the weighted activity of its drivers. Several: the mean of such sigmoids, or their
        product where a target needs all of them at once.
        """
        answer = np.empty((len(drivers), len(self.count)))
        for j, count in enumerate(self.count):
            total, product = 0.0, 1.0
            for k in range(count):
                first = self.programs[j, k] * self.drivers
                signal = drivers[:, first : first + self.drivers] @ self.weights[j, k]
                response = 1 / (
                    1 + np.exp(-self.sign[j, k] * self.slope[j, k] * (signal - self.threshold[j, k]))
                )
                total, product = total + response / count, product * response
            answer[:, j] = self.amplitude[j] * 2 * ((product if self.joint[j] else total) - 0.5)
        return answer


def _symbols(random: np.random.Generator, count: int) -> list[str]:
    """Draw gene symbols to borrow: L1000 genes for up to a quarter, others of HG-U133A for the rest."""
    landmarks = sorted(gene_identifiers.landmark_symbols())
    others = sorted({s for s in gene_identifiers.probe_symbols().values() if s} - set(landmarks))
    of_landmarks = min(count // 4, len(landmarks))
    return [
        str(symbol)
        for symbol in random.permutation(
            np.concatenate(
                [
                    random.choice(landmarks, of_landmarks, replace=False),
                    random.choice(others, count - of_landmarks, replace=False),
                ]
            )
        )
    ]
