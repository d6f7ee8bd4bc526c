"""The genes that drive a cluster of samples, as a gene set."""

from landmark.errors import BadConfiguration, BadRun
from landmark.genesets.geneset import GeneSet
from landmark.runs.store import RunStore

PREFIX = "cluster-"


def driving_genes(text: str, dataset_id: str, runs: RunStore) -> GeneSet:
    """Make the set of the genes by which DeepLIFT tells a cluster from the other samples.

    Parameters
    ----------
    text
        ``<cluster run>:<cluster>`` or ``<cluster run>:<cluster>:<number of genes>``.
    dataset_id
        The dataset that the genes are looked up in.

    Raises
    ------
    BadConfiguration
        If the text is not of this form, or the run is of another dataset.
    BadRun
        If the run does not exist or holds no such cluster.
    """
    run_id, _, rest = text.partition(":")
    cluster, _, size = rest.partition(":")
    if not cluster.isdecimal() or not (size or "1").isdecimal() or size == "0":
        raise BadConfiguration(f"{text!r}: write {run_id}:3 or {run_id}:3:100 for the genes of cluster 3.")
    run = runs.get(run_id, "cluster")
    if run.manifest.parents["dataset"] != dataset_id:
        raise BadConfiguration(
            f"{run_id} clusters samples of dataset {run.manifest.parents['dataset']}, not of {dataset_id}. "
            "Choose a clustering of this dataset."
        )
    table = run.table("drivers")
    found = table.loc[table["cluster"] == int(cluster), "gene"]
    if found.empty:
        known = ", ".join(map(str, sorted(set(table["cluster"]))))
        raise BadRun(
            f"{run_id} has no driving genes of cluster {cluster}. Clusters with such genes: {known}."
        )
    genes = tuple(found.iloc[: int(size)] if size else found)
    return GeneSet(
        f"cluster {cluster}", genes, f"the {len(genes)} genes that drive cluster {cluster} of {run_id}"
    )
