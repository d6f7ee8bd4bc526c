"""Cluster samples by their bottleneck values."""

from landmark.analyses.analysis import Analysis, Entry
from landmark.analyses.clusters.config import ClusterConfiguration
from landmark.analyses.clusters.results import TABLES, ClusterResults


def _headline(found: ClusterResults) -> str:
    samples = f"{found.clusters} clusters of {found.samples:,} samples"
    if found.adjusted_rand is None:
        return f"{samples} without labels"
    return f"{samples} agree with {found.label} by an adjusted Rand index of {found.adjusted_rand:z.2f}"


CLUSTER = Analysis(
    name="cluster",
    title="Clusters",
    page="clusters",
    entry=Entry("Samples", "Clusters", "bubble_chart", "pages/samples/clusters.py"),
    configuration=ClusterConfiguration,
    results=ClusterResults,
    tables=TABLES,
    headline=_headline,
)
