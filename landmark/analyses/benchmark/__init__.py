"""Ways of choosing genes, compared in nested cross-validation."""

from landmark.analyses.analysis import Analysis, Entry
from landmark.analyses.benchmark.config import BenchmarkConfiguration
from landmark.analyses.benchmark.results import TABLES, BenchmarkResults


def _headline(found: BenchmarkResults) -> str:
    l1000 = f" (L1000: {found.mae_l1000:.4f})" if found.mae_l1000 is not None else ""
    ways = f"{len(found.strategies)} ways of choosing {found.size:,} genes"
    return f"{found.best} is best of {ways}: mean error {found.mae:.4f}{l1000}"


BENCHMARK = Analysis(
    name="tournament",
    title="Benchmark",
    page="tournament",
    entry=Entry("Evidence", "Benchmark", "trophy", "pages/evidence/tournament.py"),
    configuration=BenchmarkConfiguration,
    results=BenchmarkResults,
    tables=TABLES,
    headline=_headline,
)
