"""One real run of every analysis on a small dataset, made once."""

from pathlib import Path
from typing import Any

import pytest

from landmark.store.runs import Run
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now
from tests.small import symbols, write_h5ad

NETWORK = {"epochs": 2, "hidden": 12, "bottleneck": 4, "batch_size": 8}
DGEX = {"epochs": 2, "units": 8, "layers": 1, "batch_size": 8}


@pytest.fixture(scope="package")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """One run of each kind, by its kind, all in one home."""
    folder = tmp_path_factory.mktemp("analyses")
    home = Workspace(folder / "home")
    home.root.mkdir()
    made: dict[str, Run] = {}

    def make(kind: str, **values: Any) -> str:
        made[kind] = execute_now(home, kind, values)
        return made[kind].id

    # what pages are to open with comes last: they take the newest dataset and the newest network
    make("import", path=str(write_h5ad(folder / "other.h5ad", samples=24, seed=1)))
    other = made["import"].manifest.parents["dataset"]
    make("prepare", dataset=other, quantile="own range", remove_duplicates=True)
    make("merge", datasets=[other, made["prepare"].manifest.parents["dataset"]])
    make("import", path=str(write_h5ad(folder / "matrix.h5ad")))
    dataset = made["import"].manifest.parents["dataset"]
    make("seeds", dataset=dataset, network=NETWORK, seeds=2, random_sets=2)
    make("quality", dataset=dataset)
    own = folder / "own.txt"
    own.write_text("\n".join(symbols(60)[1::6]), encoding="utf-8")
    make("compare", dataset=dataset, sets=["L1000:8", "variable:8", f"list:{own}"], random_sets=3)
    infer = {"set": "L1000", "size": 8, "predictors": ["ridge", "knn", "dgex"], "dgex": DGEX}
    make("infer", dataset=dataset, **infer)
    make("size", dataset=dataset, sets=["L1000", "variable"], random_orders=2, largest=6)
    make("cross-platform", dataset=dataset, other=other, sets=["L1000", "variable"], size=8, random_sets=2)
    make(
        "tournament", dataset=dataset, strategies=["variable"], folds=2, seeds=1, sizes=[4, 8], random_sets=2
    )
    model = make("train", dataset=dataset, network=NETWORK)
    make("rank", model=model, retrain_halves=True)
    make("cluster", model=model)
    make("path", dataset=dataset, model=model, network=NETWORK, random_sets=2)
    make("stability", select=make("select", dataset=dataset, size=4, models=[model]), seeds=2, halves=1)
    fit = make("fit", dataset=dataset, set="L1000", covariate="tissue")
    make("profiles", fit=fit, dataset=other, scale="none")
    make("keep", fit=fit, name="small ridge", licence="CC BY 4.0")
    targets = made["fit"].table("accuracy")["gene"].tolist()[:2]
    make("explain", fit=fit, targets=targets)
    make("enrich", dataset=dataset, set="L1000", smallest=2)
    histones = make("histones", example="simulated", cell_types=2, genes=90)
    network = make(
        "deepchrome", histones=histones, training={"epochs": 1, "batch_size": 8}, maps={"steps": 2}
    )
    make("marks", deepchrome=network, genes=["G01", "G03"])
    return made


@pytest.fixture
def home_of_runs(runs: dict[str, Run]) -> Path:
    """Folder of the home that holds them."""
    return runs["train"].folder.parent.parent
