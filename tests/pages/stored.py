"""A dataset of any size in the store, and a run that failed; finished runs are made by tests/real_runs.py."""

from collections.abc import Mapping, Sequence
from typing import Any

import anndata
import numpy as np
import pandas as pd

from landmark.genesets.sources import l1000
from landmark.store.datasets import Dataset, DatasetStore
from landmark.store.files import write_json
from landmark.store.request import Request, now, write_request
from landmark.store.status import OUTCOME
from landmark.store.workspace import Workspace
from landmark.workflows.execute import configuration_of


def _symbols(count: int) -> list[str]:
    """Gene names, every fourth of them a landmark gene of L1000."""
    landmarks = iter(l1000().genes)
    return [next(landmarks) if i % 4 == 0 else f"GENE{i}" for i in range(count)]


def dataset(
    home: Workspace,
    samples: int = 30,
    genes: int = 40,
    title: str = "Test samples",
    names: Sequence[str] = (),
) -> Dataset:
    """Store a matrix of three tissues; the first fifth of the samples is for testing."""
    rng = np.random.default_rng(0)
    tissue = np.array(["blood", "lung", "skin"])[np.arange(samples) % 3]
    shift = rng.normal(size=(3, genes))[np.arange(samples) % 3]
    matrix = anndata.AnnData(
        (8 + shift + rng.normal(size=(samples, genes))).astype(np.float32),
        obs=pd.DataFrame(
            {"tissue": tissue, "split": np.where(np.arange(samples) < samples // 5, "test", "train")},
            index=[f"sample{i}" for i in range(samples)],
        ),
        var=pd.DataFrame(index=list(names) or _symbols(genes)),
    )
    matrix.uns["landmark"] = {
        "history": [],
        "unit": "log2 expression",
        "identifier": "symbol",
        "source": "made for a test",
        "title": title,
    }
    return DatasetStore(home).add(matrix, now())


def stopped(home: Workspace, kind: str, configuration: Mapping[str, Any], message: str) -> Request:
    """Leave a run behind that failed."""
    asked = configuration_of(kind, configuration).model_dump(mode="json")
    request = write_request(home, kind, asked)
    write_json(request.folder(home) / OUTCOME, {"state": "failed", "message": message})
    return request
