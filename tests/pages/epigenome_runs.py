"""Published runs of the section about histone marks, with small tables of known content."""

import numpy as np
import pandas as pd
from stored import publish

from landmark.store.runs import Run
from landmark.store.workspace import Workspace

MARKS = ("H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3")
CELLS = ("E003", "E116")
BINS = 100


def grid(**values: list) -> pd.DataFrame:
    """All combinations of the values with every mark and bin."""
    index = pd.MultiIndex.from_product([*values.values(), MARKS, range(1, BINS + 1)])
    return index.to_frame(index=False).set_axis([*values, "mark", "bin"], axis=1)


def histones(home: Workspace, title: str = "Roadmap", cells: tuple[str, ...] = CELLS) -> Run:
    """Expressed genes have 3 times the reads of H3K4me3, a quarter of those of H3K27me3, elsewhere the same."""
    means = grid(cell_type=list(cells), label=[0, 1])
    factor = means["mark"].map({"H3K4me3": 3.0, "H3K27me3": 0.25}).fillna(1.0)
    genes = pd.DataFrame(
        [
            (cell, f"GENE{i}", ("train", "validation", "test")[i % 3], i % 2)
            for cell in cells
            for i in range(12)
        ],
        columns=["cell_type", "gene", "split", "label"],
    )
    return publish(
        home,
        "histones",
        {"path": "/data/roadmap", "title": title},
        {},
        {
            "cell_types": len(cells),
            "genes": 12,
            "expressed": 0.5,
            "source": "roadmap, DeepChrome's layout",
            "title": title,
            "rules": "",
            "ignored": [],
        },
        {"genes": genes, "means": means.assign(mean=np.where(means["label"] == 1, 2 * factor, 2.0))},
    )


def deepchrome(home: Workspace, profiles: Run, planted: bool = False) -> Run:
    """E116 is told better than E003; the patterns show H3K4me3 for expressed and H3K27me3 for unexpressed genes."""
    rate = np.linspace(0, 1, 6)
    cells = pd.DataFrame(
        {
            "cell_type": CELLS,
            "train": 4,
            "validation": 4,
            "test": 4,
            "auc": [0.81, 0.93],
            "auc_low": [0.7, 0.9],
            "auc_high": [0.9, 0.97],
            "auc_logistic": [0.75, 0.85],
            "auc_shuffled": [0.5, 0.49],
            "accuracy": [0.75, 0.8],
            "epochs": 2,
            "seconds": 8.0,
        }
    )
    maps = grid(cell_type=list(CELLS), label=[0, 1])
    up = maps["mark"] == np.where(maps["label"] == 1, "H3K4me3", "H3K27me3")
    maps = maps.assign(value=up.astype(float))
    predictions = profiles.table("genes").assign(probability=np.linspace(0.05, 0.95, 24))
    tables = {
        "cells": cells,
        "history": pd.DataFrame(
            {
                "cell_type": np.repeat(CELLS, 2),
                "epoch": [1, 2] * 2,
                "train_loss": 0.6,
                "validation_loss": 0.65,
                "seconds": 2.0,
            }
        ),
        "roc": pd.concat(
            pd.DataFrame({"cell_type": c, "false_positive_rate": rate, "true_positive_rate": np.sqrt(rate)})
            for c in CELLS
        ),
        "predictions": predictions,
        "maps": maps,
        "frequency": maps.groupby(["cell_type", "label", "mark"])["value"]
        .mean()
        .rename("frequency")
        .reset_index(),
    }
    if planted:
        tables["planted"] = pd.DataFrame(
            {
                "cell_type": np.repeat(CELLS, 2),
                "mark": ["H3K4me3", "H3K27me3"] * 2,
                "first_bin": [43, 25] * 2,
                "last_bin": [58, 75] * 2,
                "sign": [1, -1] * 2,
                "difference": [1.0, -1.0, 1.0, 0.2],
                "recovered": [True, True, True, False],
            }
        )
    return publish(
        home,
        "deepchrome",
        {"histones": profiles.id, "training": {"epochs": 2, "batch_size": 16}},
        {"histones": profiles.id},
        {
            "auc_mean": 0.87,
            "auc_median": 0.87,
            "auc_low": 0.81,
            "auc_high": 0.93,
            "logistic_mean": 0.8,
            "better_than_logistic": 2,
            "training_seconds": 16.0,
            "cell_types": 2,
            "genes": 12,
        },
        tables,
    )


def marks(home: Workspace, network: Run, genes: tuple[str, ...] = ("GENE2", "GENE5")) -> Run:
    """H3K4me3 contributes 2 in all, H3K27me3 -0.5."""
    contributions = grid(gene=list(genes))
    parts = network.table("predictions").drop_duplicates("gene").set_index("gene")["split"]
    total = contributions["mark"].map({"H3K4me3": 2.0, "H3K27me3": -0.5}).fillna(0.0)
    average = grid(label=[0, 1])
    return publish(
        home,
        "marks",
        {"deepchrome": network.id, "cell_type": "E116", "genes": genes},
        {"deepchrome": network.id, "histones": network.manifest.parents["histones"]},
        {
            "cell_type": "E116",
            "genes": list(genes),
            "reference_probability": 0.4,
            "residual_worst": 3e-6,
            "test_genes": 4,
        },
        {
            "contributions": contributions.assign(count=3.0, contribution=total / BINS),
            "genes": pd.DataFrame(
                {
                    "gene": genes,
                    "split": parts.loc[list(genes)].to_numpy(),
                    "label": 1,
                    "probability": [0.9, 0.2][: len(genes)],
                    "residual": 2e-7,
                }
            ),
            "average": average.assign(contribution=np.where(average["label"] == 1, 0.1, -0.1)),
        },
    )
