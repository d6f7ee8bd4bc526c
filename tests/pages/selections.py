"""Choices of genes, repeated ones and their proofs, for tests of the page of chosen genes."""

from collections.abc import Sequence

import builders
import numpy as np
import pandas as pd

from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.store.workspace import Workspace


def select(
    home: Workspace,
    data: Dataset,
    model: Run | None,
    given: int = 0,
    strategy: str = "blend",
    **metrics: float,
) -> Run:
    """Publish a choice of 12 genes; those that look at genes one by one know no companions."""
    genes = builders.symbols(data.manifest.genes)[:12]
    gain = 0.3 * 0.7 ** np.arange(12)
    ranking = pd.DataFrame(
        {"gene": genes, "score": gain, "rank": np.arange(1, 13), "given": np.arange(12) < given}
    )
    companions = pd.DataFrame({"gene": genes, "companion": genes[::-1], "explained": 0.2})
    found = {
        "strategy": strategy,
        "cut": 12,
        "genes": data.manifest.genes,
        "given": given,
        "l1000_present": 10,
        "overlap_l1000": 3,
        "overlap_l1000_by_chance": 3.0,
    }
    return builders.publish(
        home,
        "select",
        {"dataset": data.id, "strategy": strategy, "models": [model.id] if model else []},
        {"dataset": data.id} | ({"train": model.id} if model else {}),
        found | metrics,
        {"ranking": ranking, "companions": companions if strategy == "blend" else companions.iloc[:0]},
    )


def stability(home: Workspace, data: Dataset, selection: Run) -> Run:
    """Publish the repetition of a choice with one other seed and on two halves."""
    pairs = pd.DataFrame(
        {
            "kind": ["seeds", "halves", "random"],
            "first": ["this choice", "half 1a", "random 1a"],
            "second": ["seed 1", "half 1b", "random 1b"],
            "size": 12,
            "shared": [9, 6, 3],
            "exchangeable": [1, 3, 0],
            "different": [2, 3, 9],
            "by_chance": 3.6,
            "by_chance_high": 6,
        }
    )
    genes = builders.symbols(14)
    counts = pd.DataFrame(
        {
            "gene": genes,
            "times": [4] * 5 + [3] * 5 + [1] * 4,
            "times_seeds": [2] * 10 + [1] * 4,
            "times_halves": [2] * 5 + [1] * 5 + [0] * 4,
            "mean_place": np.arange(14.0),
            "partner": [""] * 10 + genes[:4],
            "correlation": [np.nan] * 10 + [0.9, -0.9, 0.85, 0.8],
            "chosen": [True] * 12 + [False] * 2,
            "given": False,
        }
    )
    kinds = {
        kind: {
            "pairs": 1,
            **{name: getattr(row, name) / 12 for name in ("shared", "exchangeable", "different")},
        }
        for kind, row in zip(pairs["kind"], pairs.itertuples(), strict=True)
    }
    choices = ["this choice", "seed 1", "half 1a", "half 1b"]
    accuracy = pd.DataFrame({"choice": choices, "targets": 26, "mae": 0.5, "pcc": [0.7, 0.71, 0.66, 0.68]})
    metrics = {
        "strategy": "blend",
        "cut": 12,
        "given": 0,
        "genes": data.manifest.genes,
        "choices": choices,
        "seeds": 2,
        "halves": 1,
        "epochs": [100],
        "kinds": kinds,
        "by_chance": 0.3,
        "core": 5,
    }
    return builders.publish(
        home,
        "stability",
        {"select": selection.id, "seeds": 2, "halves": 1},
        {"dataset": data.id, "select": selection.id},
        metrics,
        {"pairs": pairs, "genes": counts, "exchanges": counts.iloc[:0], "accuracy": accuracy},
    )


def judged(home: Workspace, data: Dataset, other: Dataset, selection: Run, errors: Sequence[float]) -> Run:
    """Publish how a choice and L1000 did on another platform; errors of the choice, of L1000 and of random sets."""
    beside = {"significant": 20, "home_mae": 0.4, "home_pcc": 0.6}
    sets = {
        name: {"kind": kind, "size": 12, "targets": 20, "mae": mae, "pcc": 1 - mae, **beside}
        for (name, kind), mae in zip({"G12": "improved", "L1000": "l1000"}.items(), errors, strict=False)
    }
    found = {"predictor": "ridge", "title": "Arrays", "other_title": "Sequencing", "sets": sets}
    found |= {
        "genes": 40,
        "other_genes": 40,
        "matched": 40,
        "other_samples": 18,
        "label": "",
        "arithmetic": "",
    }
    return builders.publish(
        home,
        "cross-platform",
        {"dataset": data.id, "other": other.id, "sets": [f"{selection.id}:12", "L1000"]},
        {"dataset": data.id, "other": other.id},
        found | {"random_mae": errors[2], "random_pcc": 1 - errors[2]},
        {},
    )
