"""Small hand-written datasets and runs for tests of pages: no workflow runs, no network is trained."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.runs.datasets import Dataset, DatasetStore
from landmark.runs.draft import Draft
from landmark.runs.files import write_json
from landmark.runs.home import Home
from landmark.runs.journal import OUTCOME, PROGRESS
from landmark.runs.manifest import Manifest
from landmark.runs.request import Request, now, write_request
from landmark.runs.store import Run
from landmark.workflows.execute import configuration_of

SAMPLES, GENES, UNITS = 24, 30, 5
GENE_NAMES = [f"GENE{place}" for place in range(GENES)]
SAMPLE_NAMES = [f"sample {place}" for place in range(SAMPLES)]
SETS = ("D10", "L1000")


def dataset(home: Home, title: str = "Toy cells", seed: int = 0) -> Dataset:
    """Store a matrix of 24 samples and 30 genes with two annotations, and the import run that made it."""
    draw = np.random.default_rng(seed)
    X = draw.normal(6, 2, (SAMPLES, GENES)).astype(np.float32)
    obs = pd.DataFrame(
        {
            "split": ["test" if place % 4 == 0 else "train" for place in range(SAMPLES)],
            "tissue": ["lung" if place % 2 else "skin" for place in range(SAMPLES)],
            "batch": ["a" if place < 12 else "b" for place in range(SAMPLES)],
        },
        index=SAMPLE_NAMES,
    )
    matrix = AnnData(X, obs=obs, var=pd.DataFrame(index=GENE_NAMES))
    matrix.uns["landmark"] = {
        "history": [json.dumps({"step": "Read", "file": "toy.csv", "share_recognised": 0.9})],
        "unit": "log2 expression",
        "identifier": "symbol",
        "source": "Written by a test",
        "title": title,
    }
    stored = DatasetStore(home).add(matrix, now())
    metrics = {"samples": SAMPLES, "genes": GENES, "identifier": "symbol", "l1000_present": 12}
    run(home, "import", {"dataset": stored.id}, {"path": "/toy.csv"}, metrics, seed=seed)
    return stored


def train(home: Home, data: Dataset, epochs: int = 6) -> Run:
    """Publish a training."""
    draw = np.random.default_rng(1)
    epoch = np.arange(1, epochs + 1)
    history = pd.DataFrame(
        {
            "epoch": epoch,
            "train_loss": 1 / epoch,
            "validation_loss": 1.1 / epoch,
            "seconds": np.full(epochs, 0.5),
        }
    )
    quality = pd.DataFrame(
        {
            "gene": GENE_NAMES,
            "mae": draw.uniform(0.3, 0.7, GENES),
            "mae_unscaled": draw.uniform(0.3, 0.7, GENES),
            "pcc": draw.uniform(0.3, 0.9, GENES),
            "p_value": draw.uniform(0, 0.1, GENES),
            "significant": [place % 3 > 0 for place in range(GENES)],
            "mae_pca": draw.uniform(0.3, 0.7, GENES),
            "pcc_pca": draw.uniform(0.3, 0.9, GENES),
        }
    )
    metrics = {
        "reconstruction_pcc": 0.66,
        "reconstruction_mae": 0.55,
        "significant_genes": 20,
        "genes": GENES,
        "pca_pcc": 0.64,
        "pca_mae": 0.56,
        "train_loss": 0.17,
        "validation_loss": 0.18,
        "epochs": epochs,
        "training_seconds": 3.0,
    }
    wanted = {"dataset": data.id, "network": {"epochs": epochs}}
    tables = {"history": history, "reconstruction": quality}
    return run(home, "train", {"dataset": data.id}, wanted, metrics, tables, {"train": 18, "test": 6})


def rank(home: Home, model: Run) -> Run:
    """Publish a ranking."""
    score = np.linspace(1, 0.01, GENES)
    ranking = pd.DataFrame({"gene": GENE_NAMES, "score": score, "rank": np.arange(1, GENES + 1)})
    units = np.random.default_rng(2).uniform(0, 1, (GENES, UNITS)) * score[:, None]
    contributions = pd.DataFrame({"gene": GENE_NAMES, **{f"unit_{u}": units[:, u] for u in range(UNITS)}})
    metrics = {
        "cut": 10,
        "residual_worst": 0.01,
        "residual_mean": 0.001,
        "overlap_halves": 0.8,
        "correlation_halves": 0.9,
        "overlap_gradient": 0.7,
        "overlap_l1000": 4,
        "l1000_present": 12,
    }
    parents = {"dataset": model.manifest.parents["dataset"], "train": model.id}
    tables = {"ranking": ranking, "contributions": contributions}
    return run(home, "rank", parents, {"model": model.id}, metrics, tables)


def compare(home: Home, ranking: Run) -> Run:
    """Publish a comparison of the ranking's top 10 with L1000 on 20 targets."""
    draw = np.random.default_rng(3)
    targets = GENE_NAMES[10:]
    comparison = pd.DataFrame({"gene": targets})
    for name in SETS:
        comparison[f"mae_{name}"] = draw.uniform(0.4, 0.7, 20)
        comparison[f"pcc_{name}"] = draw.uniform(0.4, 0.8, 20)
        comparison[f"p_{name}"] = draw.uniform(0, 0.1, 20)
        comparison[f"significant_{name}"] = True
    sets = pd.DataFrame({"set": np.repeat(SETS, 10), "gene": GENE_NAMES[:10] + GENE_NAMES[5:15]})
    random = pd.DataFrame(
        {"seed": range(5), "mae": draw.uniform(0.5, 0.6, 5), "pcc": draw.uniform(0.5, 0.6, 5)}
    )
    each = {"size": 10, "targets": 20, "mae": 0.55, "pcc": 0.62, "significant": 18}
    summary = pd.DataFrame(
        [{"set": name, **each, "kind": kind} for name, kind in zip(SETS, ("ranking", "l1000"), strict=True)]
        + [{"set": "random", **each, "kind": "random"}]
    )
    metrics = {
        "sets": {name: {**each, "percentile": 60.0} for name in SETS},
        "first": SETS[0],
        "second": SETS[1],
        "wins": 0.55,
        "mae_difference": -0.01,
        "mae_low": -0.02,
        "mae_high": 0.0,
        "t_p_value": 0.04,
        "wilcoxon_p_value": 0.03,
        "random_pcc": 0.6,
        "random_pcc_sd": 0.01,
        "random_mae": 0.56,
        "random_mae_sd": 0.01,
        "overlap": 5,
        "arithmetic": "30 genes less 10 of each set leave 20 common targets.",
        "predictor": "ridge",
    }
    parents = {"dataset": ranking.manifest.parents["dataset"], "rank": ranking.id}
    wanted = {"dataset": parents["dataset"], "sets": ["L1000", f"{ranking.id}:10"]}
    tables = {"comparison": comparison, "sets": sets, "summary": summary, "random": random}
    return run(home, "compare", parents, wanted, metrics, tables)


def cluster(home: Home, model: Run) -> Run:
    """Publish a clustering of all samples by tissue."""
    draw = np.random.default_rng(4)
    label = ["lung" if place % 2 else "skin" for place in range(SAMPLES)]
    embedding = pd.DataFrame(
        {
            "sample": SAMPLE_NAMES,
            "umap_1": draw.normal(size=SAMPLES),
            "umap_2": draw.normal(size=SAMPLES),
            "cluster": [1 + place % 2 for place in range(SAMPLES)],
            "label": label,
        }
    )
    chain = [(0, 1)] + [(SAMPLES + step, step + 2) for step in range(SAMPLES - 2)]
    linkage = pd.DataFrame(chain, columns=["left", "right"], dtype=float)
    linkage["distance"] = np.linspace(0.1, 1, SAMPLES - 1)
    linkage["size"] = np.arange(2.0, SAMPLES + 1)
    values = draw.uniform(0, 1, (SAMPLES, UNITS)).astype(np.float32)
    bottleneck = pd.DataFrame({"sample": SAMPLE_NAMES, **{f"unit_{u}": values[:, u] for u in range(UNITS)}})
    agreement = pd.DataFrame(
        {
            "representation": ["bottleneck", "PCA 100", "all genes", "permuted labels"],
            "adjusted_rand": [0.8, 0.7, 0.6, 0.0],
            "mutual_information": [0.8, 0.7, 0.6, 0.0],
            "silhouette": [0.4, 0.3, 0.2, 0.0],
            "neighbour_accuracy": [0.9, 0.85, 0.8, 0.5],
        }
    )
    metrics = {
        "label": "tissue",
        "groups": 2,
        "clusters": 2,
        "adjusted_rand": 0.8,
        "silhouette": 0.4,
        "silhouette_pca": 0.3,
        "neighbour_accuracy": 0.9,
        "samples": SAMPLES,
    }
    parents = {"dataset": model.manifest.parents["dataset"], "train": model.id}
    tables = {
        "embedding": embedding,
        "linkage": linkage,
        "bottleneck": bottleneck,
        "agreement": agreement,
    }
    return run(home, "cluster", parents, {"model": model.id}, metrics, tables)


def whole_path(home: Home) -> dict[str, Any]:
    """Publish one of each: dataset, train, rank, compare, cluster."""
    data = dataset(home)
    model = train(home, data)
    ranking = rank(home, model)
    return {
        "dataset": data,
        "train": model,
        "rank": ranking,
        "compare": compare(home, ranking),
        "cluster": cluster(home, model),
    }


def run(
    home: Home,
    kind: str,
    parents: Mapping[str, str],
    configuration: Mapping[str, Any],
    metrics: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame] | None = None,
    split: Mapping[str, int] | None = None,
    seed: int = 0,
) -> Run:
    """Publish a run with the given content."""
    checked = configuration_of(kind, configuration).model_dump(mode="json")
    draft = Draft(home, write_request(home, kind, checked))
    for name, table in (tables or {}).items():
        draft.table(name, table)
    manifest = Manifest(
        id=draft.request.id,
        kind=kind,
        parents=parents,
        configuration=checked,
        seed=seed,
        split=split or {},
        versions={"landmark": "0"},
        device="CPU, 2 cores",
        started=now(),
        seconds=4.2,
        metrics=metrics,
        files=draft.files(),
    )
    return draft.publish(manifest)


def unfinished(
    home: Home,
    kind: str,
    configuration: Mapping[str, Any],
    state: str = "failed",
    message: str = "The disk is full. Free some space, then resume.",
    progress: tuple[Mapping[str, Any], ...] = (),
) -> Request:
    """Leave a run behind as a stopped job leaves it."""
    request = write_request(home, kind, configuration_of(kind, configuration).model_dump(mode="json"))
    folder = request.folder(home)
    write_json(folder / OUTCOME, {"state": state, "message": message})
    with (folder / PROGRESS).open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in progress)
    return request
