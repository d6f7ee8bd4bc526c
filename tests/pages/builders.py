"""Small finished runs with figures that could be real, for tests of pages."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import linkage

from landmark.store.datasets import Dataset
from landmark.store.request import now as now
from landmark.store.request import write_request as write_request
from landmark.store.runs import Run
from landmark.store.workspace import Workspace
from tests.pages.stored import TISSUES, UNITS, publish, symbols
from tests.pages.stored import dataset as dataset
from tests.pages.stored import stopped as stopped


def train(home: Workspace, data: Dataset, seed: int = 0, network: Mapping[str, Any] | None = None) -> Run:
    """Publish a finished training."""
    genes, rng = symbols(data.manifest.genes), np.random.default_rng(1)
    pcc = np.clip(rng.beta(6, 2.2, len(genes)), 0, 0.99)
    mae = 0.85 * np.sqrt(1 - pcc**2)
    epochs = np.arange(1, 101)
    history = pd.DataFrame(
        {
            "epoch": epochs,
            "train_loss": 0.42 + 0.38 * np.exp(-epochs / 14),
            "validation_loss": 0.47 + 0.33 * np.exp(-epochs / 12),
            "seconds": 0.4,
        }
    )
    quality = pd.DataFrame(
        {
            "gene": genes,
            "mae": mae,
            "mae_unscaled": mae * 0.7,
            "pcc": pcc,
            "p_value": np.where(pcc > 0.4, 0.0, 0.2),
            "significant": pcc > 0.4,
            "mae_pca": mae + 0.01,
            "pcc_pca": pcc - 0.02,
        }
    )
    metrics = {
        "reconstruction_pcc": float(pcc.mean()),
        "reconstruction_mae": float(mae.mean()),
        "significant_genes": int((pcc > 0.4).sum()),
        "genes": len(genes),
        "pca_pcc": float(pcc.mean() - 0.02),
        "pca_mae": float(mae.mean() + 0.01),
        "train_loss": 0.42,
        "validation_loss": 0.47,
        "epochs": 100,
        "training_seconds": 40.0,
    }
    tables = {"history": history, "reconstruction": quality}
    configuration = {"dataset": data.id, "network": {**(network or {}), "seed": seed}}
    return publish(home, "train", configuration, {"dataset": data.id}, metrics, tables, seed)


def rank(home: Workspace, data: Dataset, model: Run, seed: int = 2, **choices: str) -> Run:
    """Publish a finished ranking; the order of its genes follows the seed."""
    rng = np.random.default_rng(seed)
    genes = rng.permutation(symbols(data.manifest.genes))
    score = np.sort(rng.gamma(2, 0.01, len(genes)))[::-1]
    ranking = pd.DataFrame({"gene": genes, "score": score, "rank": np.arange(1, len(genes) + 1)})
    units = score[:, None] * rng.gamma(1, 1, (len(genes), UNITS))
    contributions = pd.DataFrame(units, columns=[f"unit_{i}" for i in range(UNITS)])
    contributions.insert(0, "gene", genes)
    present = len(genes) // 4
    metrics = {
        "cut": present,
        "genes": len(genes),
        "residual_worst": 3.1e-6,
        "residual_mean": 4.0e-7,
        "overlap_halves": 0.71,
        "correlation_halves": 0.934,
        "overlap_gradient": 0.88,
        "overlap_l1000": present // 4,
        "l1000_present": present,
        "group_label": "tissue",
        "group_sizes": dict.fromkeys(TISSUES, 8),
        "groups_missing": "",
    }
    groups = pd.DataFrame(
        [(gene, tissue, rng.gamma(2, 0.01)) for tissue in TISSUES for gene in genes],
        columns=["gene", "group", "contribution"],
    )
    moved = pd.DataFrame(
        [
            ("reference", "zero", 0.2, 0.1),
            ("target", "post", 0.9, 0.8),
            ("aggregation", "absolute_mean", 0.7, 0.6),
        ],
        columns=["choice", "value", "rank_correlation", "overlap"],
    )
    return publish(
        home,
        "rank",
        {"model": model.id, **choices},
        {"dataset": data.id, "train": model.id},
        metrics | {"choices_samples": 24},
        {"ranking": ranking, "contributions": contributions, "groups": groups, "choices": moved},
    )


def fit(home: Workspace, data: Dataset, predictor: str = "ridge") -> Run:
    """Publish a fitted predictor of all genes that are not among the first quarter of the L1000 genes."""
    rng = np.random.default_rng(5)
    genes = symbols(data.manifest.genes)
    own, targets = genes[::4], [gene for place, gene in enumerate(genes) if place % 4]
    pcc = rng.beta(6, 3, len(targets))
    accuracy = pd.DataFrame(
        {"gene": targets, "mae": 1 - pcc, "pcc": pcc, "p_value": 0.0, "significant": pcc > 0.3}
    )
    found = {"predictor": predictor, "set": "L1000", "fingerprint": "0", "size": len(own)}
    found |= {"targets": len(targets), "mae": 0.4, "pcc": float(pcc.mean()), "significant": 20}
    tables = {"accuracy": accuracy, "set": pd.DataFrame({"gene": own})}
    return publish(
        home, "fit", {"dataset": data.id, "predictor": predictor}, {"dataset": data.id}, found, tables
    )


def explain(
    home: Workspace, data: Dataset, fitted: Run, targets: tuple[str, ...] = ("GENE1", "GENE2")
) -> Run:
    """Publish what drives the predictions of some genes."""
    rng = np.random.default_rng(6)
    own = list(fitted.table("set")["gene"])
    rows = [(target, gene, rng.gamma(2, 0.05), rng.normal()) for target in targets for gene in own]
    table = pd.DataFrame(rows, columns=["target", "gene", "mean_absolute", "slope"]).assign(mean=0.0)
    groups = pd.DataFrame(
        [(target, gene, tissue, rng.normal()) for target in targets for tissue in TISSUES for gene in own],
        columns=["target", "gene", "group", "mean"],
    )
    first = table.sort_values("mean_absolute").groupby("target")["gene"].last().to_dict()
    accuracy = fitted.table("accuracy").set_index("gene").loc[list(targets)].reset_index()
    metrics = {
        "predictor": fitted.manifest.metrics["predictor"],
        "set": "L1000",
        "landmarks": len(own),
        "targets": list(targets),
        "first": first,
        "residual_worst": 2e-7,
        "residual_mean": 1e-8,
        "group_label": "tissue",
        "group_sizes": dict.fromkeys(TISSUES, 8),
        "groups_missing": "",
    }
    return publish(
        home,
        "explain",
        {"fit": fitted.id, "targets": targets},
        {"dataset": data.id, "fit": fitted.id},
        metrics,
        {
            "contributions": table.sort_values(["target", "mean_absolute"], ascending=[True, False]),
            "groups": groups,
            "targets": accuracy,
        },
    )


def compare(home: Workspace, data: Dataset, ranking: Run | None, third: bool = False) -> Run:
    """Publish a finished comparison; without a ranking, of L1000 alone."""
    rng = np.random.default_rng(3)
    size = data.manifest.genes // 4
    names = {f"D{size}": "ranking"} if ranking else {}
    names |= {"L1000": "l1000"} | ({f"variable{size}": "list"} if third else {})
    genes = symbols(data.manifest.genes)[1::2]
    level = np.clip(rng.beta(6, 3, len(genes)), 0, 0.98)
    comparison, summary, found = pd.DataFrame({"gene": genes}), [], {}
    for place, (name, kind) in enumerate(names.items()):
        pcc = np.clip(level + 0.012 * place + rng.normal(0, 0.05, len(genes)), -0.2, 0.99)
        mae = 0.85 * np.sqrt(1 - pcc**2)
        comparison[f"mae_{name}"], comparison[f"pcc_{name}"] = mae, pcc
        comparison[f"p_{name}"], comparison[f"significant_{name}"] = 0.0, pcc > 0.3
        means = {"mae": float(mae.mean()), "pcc": float(pcc.mean()), "significant": int((pcc > 0.3).sum())}
        found[name] = {"size": size, "targets": len(genes), **means, "percentile": 40.0}
        summary.append({"set": name, "size": size, "targets": len(genes), **means, "kind": kind})
    random = pd.DataFrame({"seed": range(20), "mae": rng.normal(0.6, 0.002, 20), "pcc": 0.67})
    random["pcc"] += rng.normal(0, 0.002, 20)
    for name in names:
        random[f"mae_{name}"], random[f"pcc_{name}"] = found[name]["mae"], found[name]["pcc"]
    metrics: dict[str, Any] = {
        "predictor": "ridge",
        "arithmetic": f"{data.manifest.genes} genes - {size} - {size} + 3 shared = {len(genes)}",
        "sets": found,
    }
    if ranking:
        first = f"D{size}"
        difference = found[first]["mae"] - found["L1000"]["mae"]
        metrics |= {
            "first": first,
            "second": "L1000",
            "overlap": 3,
            "wins": 0.4,
            "mae_difference": difference,
        }
        metrics |= {"mae_low": difference - 0.004, "mae_high": difference + 0.004}
    texts = (
        [f"{ranking.id}:{size}" if kind == "ranking" else "L1000" for kind in names.values()]
        if ranking
        else None
    )
    return publish(
        home,
        "compare",
        {"dataset": data.id, "sets": texts or ["L1000"]},
        {"dataset": data.id} | ({"rank": ranking.id} if ranking else {}),
        metrics,
        {
            "comparison": comparison,
            "summary": pd.DataFrame(summary),
            "random": random,
            "sets": pd.DataFrame({"set": "L1000", "gene": genes}),
        },
    )


def cluster(home: Workspace, data: Dataset, model: Run) -> Run:
    """Publish a finished clustering of all samples."""
    rng = np.random.default_rng(4)
    samples = data.manifest.samples
    group = np.arange(samples) % 3
    values = rng.random((samples, UNITS)) + 2.0 * np.eye(UNITS)[group]
    embedding = pd.DataFrame(
        {
            "sample": [f"sample{i}" for i in range(samples)],
            "umap_1": 4 * np.cos(2 * group) + rng.normal(0, 0.6, samples),
            "umap_2": 4 * np.sin(2 * group) + rng.normal(0, 0.6, samples),
            "cluster": group + 1,
            "label": np.array(TISSUES)[group],
        }
    )
    tree = pd.DataFrame(
        linkage(values, "average", "correlation"), columns=["left", "right", "distance", "size"]
    )
    bottleneck = pd.DataFrame(values, columns=[f"unit_{i}" for i in range(UNITS)])
    bottleneck.insert(0, "sample", embedding["sample"])
    agreement = pd.DataFrame(
        {
            "representation": ["bottleneck", "PCA 10", "all genes", "permuted labels"],
            "adjusted_rand": [0.82, 0.78, 0.71, 0.0],
            "mutual_information": [0.8, 0.76, 0.7, 0.0],
            "silhouette": [0.41, 0.36, 0.2, -0.02],
            "neighbour_accuracy": [0.97, 0.96, 0.94, 0.33],
        }
    )
    metrics = {
        "label": "tissue",
        "groups": list(TISSUES),
        "clusters": 3,
        "adjusted_rand": 0.82,
        "silhouette": 0.41,
        "silhouette_pca": 0.36,
        "neighbour_accuracy": 0.97,
        "samples": samples,
        "held_out_samples": 0,
    }
    tables = {"embedding": embedding, "linkage": tree, "bottleneck": bottleneck, "agreement": agreement}
    parents = {"dataset": data.id, "train": model.id}
    return publish(home, "cluster", {"model": model.id}, parents, metrics, tables)


def cluster_in_full(home: Workspace, data: Dataset, model: Run) -> Run:
    """Publish a clustering with all that looking into clusters needs: cuts, genes that drive them, intervals."""
    first = cluster(home, data, model)
    embedding, tree = first.table("embedding"), first.table("linkage")
    agreement = first.table("agreement").assign(held_out_accuracy=0.9)
    for measure in list(agreement.columns[1:]):
        agreement[f"{measure}_low"] = agreement[measure] - 0.05
        agreement[f"{measure}_high"] = agreement[measure] + 0.05
    cuts = pd.DataFrame({"clusters": [2, 3, 4], "height": 0.1, "silhouette": [0.3, 0.5, 0.4]})
    genes = symbols(data.manifest.genes)
    drivers = pd.DataFrame(
        {
            "cluster": np.repeat([1, 2, 3], 5),
            "rank": np.tile(np.arange(1, 6), 3),
            "gene": genes[:15],
            "contribution": 0.1,
            "share": 0.01,
            "difference": 1.5,
        }
    )
    tables = {
        "embedding": embedding.assign(pca_1=embedding["umap_2"], pca_2=embedding["umap_1"], split="train"),
        "linkage": tree,
        "bottleneck": first.table("bottleneck"),
        "agreement": agreement,
        "cuts": cuts.assign(adjusted_rand=[0.5, 0.82, 0.7]),
        "drivers": drivers,
    }
    metrics = dict(first.manifest.metrics) | {"missing_genes": 2, "missing_first": ["A1", "B2"], "genes": 40}
    parents = {"dataset": data.id, "train": model.id}
    return publish(home, "cluster", {"model": model.id}, parents, metrics, tables)
