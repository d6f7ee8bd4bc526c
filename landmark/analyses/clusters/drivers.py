"""The genes that drive a cluster: DeepLIFT of its samples against the mean of all others."""

import jax.numpy as jnp
import numpy as np
import pandas as pd

from landmark.attribution.baselines import training_mean
from landmark.attribution.encoder import DenseEncoder
from landmark.attribution.importance import importance
from landmark.metrics.clusters import distinctive_units
from landmark.progress import Progress, Report, silent
from landmark.workflows.context import part

FEWEST_SAMPLES = 3
"""Of a cluster, and outside of it: fewer say nothing about the cluster."""

MOST_SAMPLES = 500
"""So many samples of a cluster at most are asked, evenly spaced in their order."""

UNITS = 10
"""So many of its most distinctive units are asked."""

GENES = 200
"""So many genes of each cluster are kept."""

COLUMNS = ("cluster", "rank", "gene", "contribution", "share", "difference")


def driving_table(
    encoder: DenseEncoder,
    samples: np.ndarray,
    bottleneck: np.ndarray,
    clusters: np.ndarray,
    genes: list[str],
    report: Report = silent,
) -> pd.DataFrame:
    """Find the genes by which the network tells each cluster from the rest.

    The contributions C[gene, unit] of a cluster's samples are measured from the mean of all other samples and
    averaged. Over the cluster's ten most distinctive units, each divided by its standard deviation over all
    samples, they add up with the sign in which the unit sets the cluster apart. By summation-to-delta the total
    over genes is how far the cluster lies from the rest.

    Parameters
    ----------
    encoder
        The network from scaled genes to the bottleneck.
    samples
        Scaled expression, [samples, genes].
    bottleneck
        Its bottleneck values, [samples, units].
    clusters
        Number of each sample's cluster, from 1, int [samples].
    genes
        Their names.
    report
        Told about progress.

    Returns
    -------
    DataFrame
        cluster; rank, 1 = the gene that drives it most; gene; contribution, in standard deviations of a unit;
        share of the total over all genes; difference of the gene's scaled expression, cluster less rest. At most
        200 genes per cluster, those that pull away from it left out. Clusters that are too small, or leave too
        few other samples, are absent.
    """
    before = np.asarray(encoder.apply(jnp.asarray(samples)))
    spread = before.std(0)
    numbers = [
        number
        for number in np.unique(clusters)
        if FEWEST_SAMPLES <= (clusters == number).sum() <= len(clusters) - FEWEST_SAMPLES
    ]
    tables = []
    for done, number in enumerate(numbers):
        stage = part(report, "Genes that drive the clusters", done, len(numbers), "cluster")
        chosen = clusters == number
        inside = np.flatnonzero(chosen)
        inside = inside[np.unique(np.linspace(0, len(inside) - 1, MOST_SAMPLES).round().astype(int))]
        reference = training_mean(samples[~chosen])
        mean = importance(encoder, samples[inside], reference, report=stage).mean
        units = distinctive_units(bottleneck, chosen)["unit"].to_numpy()[:UNITS]
        units = units[spread[units] > 0]
        signs = np.sign(before[inside].mean(0) - before[~chosen].mean(0))[units]
        score = mean[:, units] @ (signs / spread[units])
        order = np.argsort(-score, kind="stable")[:GENES]
        order = order[score[order] > 0]
        tables.append(
            pd.DataFrame(
                {
                    "cluster": int(number),
                    "rank": np.arange(1, len(order) + 1),
                    "gene": [genes[place] for place in order],
                    "contribution": score[order],
                    "share": score[order] / score.sum(),
                    "difference": samples[inside][:, order].mean(0) - samples[~chosen][:, order].mean(0),
                }
            )
        )
    report(Progress("Genes that drive the clusters", len(numbers), len(numbers), "cluster"))
    return pd.concat(tables) if tables else pd.DataFrame(columns=list(COLUMNS)).astype({"cluster": int})
