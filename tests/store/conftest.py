"""Small runs and datasets to store."""

from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest

from landmark.store.request import now, write_request
from landmark.store.runs import Manifest, Run, RunWriter, versions
from landmark.store.workspace import Workspace


@pytest.fixture
def home(own_home: Path) -> Workspace:
    return Workspace(own_home)


@pytest.fixture
def publish(home: Workspace) -> Callable[..., Run]:
    """Publish a run with given parents and tables."""

    def run(
        kind: str,
        parents: dict[str, str] | None = None,
        metrics: dict[str, object] | None = None,
        **tables: pd.DataFrame,
    ) -> Run:
        draft = RunWriter(home, write_request(home, kind, {"seed": 3}))
        for name, frame in tables.items():
            draft.table(name, frame)
        return draft.publish(
            Manifest(
                id=draft.request.id,
                kind=kind,
                parents=parents or {},
                configuration={"seed": 3},
                seed=3,
                split={"train": 8, "test": 2},
                versions=versions(),
                device="CPU",
                started=now(),
                seconds=0.5,
                metrics=metrics or {"pcc": 0.5, "sets": {"L1000": {"size": 3}}},
                files=draft.files(),
            )
        )

    return run


@pytest.fixture
def matrix() -> anndata.AnnData:
    """Return six samples of three genes, split, with a label."""
    rng = np.random.default_rng(0)
    return anndata.AnnData(
        X=rng.normal(size=(6, 3)).astype(np.float32),
        obs=pd.DataFrame(
            {"split": ["train"] * 4 + ["test"] * 2, "tissue": ["lung", "skin"] * 3},
            index=[f"s{i}" for i in range(6)],
        ),
        var=pd.DataFrame(index=["TP53", "EGFR", "MYC"]),
        uns={
            "landmark": {
                "history": [],
                "unit": "log2 expression",
                "identifier": "symbol",
                "source": "test",
                "title": "Six samples",
            }
        },
    )
