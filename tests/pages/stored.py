"""A dataset in the store, and published or failed runs with any figures, for tests of pages."""

from collections.abc import Mapping, Sequence
from typing import Any

import anndata
import numpy as np
import pandas as pd

from landmark.genesets.sources import l1000
from landmark.store.datasets import Dataset, DatasetStore
from landmark.store.files import write_json
from landmark.store.request import Request, now, write_request
from landmark.store.runs import Manifest, Run, RunWriter
from landmark.store.status import OUTCOME
from landmark.store.workspace import Workspace
from landmark.workflows.execute import configuration_of

TISSUES = ("blood", "lung", "skin")
UNITS = 10


def symbols(count: int) -> list[str]:
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
    tissue = np.array(TISSUES)[np.arange(samples) % 3]
    shift = rng.normal(size=(3, genes))[np.arange(samples) % 3]
    matrix = anndata.AnnData(
        (8 + shift + rng.normal(size=(samples, genes))).astype(np.float32),
        obs=pd.DataFrame(
            {"tissue": tissue, "split": np.where(np.arange(samples) < samples // 5, "test", "train")},
            index=[f"sample{i}" for i in range(samples)],
        ),
        var=pd.DataFrame(index=list(names) or symbols(genes)),
    )
    matrix.uns["landmark"] = {
        "history": [],
        "unit": "log2 expression",
        "identifier": "symbol",
        "source": "made for a test",
        "title": title,
    }
    return DatasetStore(home).add(matrix, now())


def publish(
    home: Workspace,
    kind: str,
    configuration: Mapping[str, Any],
    parents: Mapping[str, str],
    metrics: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    seed: int = 0,
) -> Run:
    """Publish a run as its workflow would."""
    request = _request(home, kind, configuration)
    draft = RunWriter(home, request)
    for name, table in tables.items():
        draft.table(name, table)
    manifest = Manifest(
        id=request.id,
        kind=kind,
        parents=parents,
        configuration=request.configuration,
        seed=seed,
        split={"train": 24, "test": 6},
        versions={"landmark": "0"},
        device="CPU",
        started=now(),
        seconds=2.0,
        metrics=metrics,
        files=draft.files(),
    )
    return draft.publish(manifest)


def stopped(home: Workspace, kind: str, configuration: Mapping[str, Any], message: str) -> Request:
    """Leave a run behind that failed."""
    request = _request(home, kind, configuration)
    write_json(request.folder(home) / OUTCOME, {"state": "failed", "message": message})
    return request


def _request(home: Workspace, kind: str, configuration: Mapping[str, Any]) -> Request:
    return write_request(home, kind, configuration_of(kind, configuration).model_dump(mode="json"))
