"""One real run of every analysis on small data, made once for all tests, and copies of them that a test may change."""

import json
import secrets
import shutil
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock

from landmark.analyses.registry import ANALYSES
from landmark.store.datasets import Dataset, DatasetStore
from landmark.store.files import write_json
from landmark.store.request import REQUEST, now
from landmark.store.runs import MANIFEST, Run, RunStore
from landmark.store.workspace import Workspace
from landmark.workflows.execute import configuration_of, execute_now
from tests.small import symbols, write_h5ad

NETWORK = {"epochs": 2, "hidden": 12, "bottleneck": 4, "batch_size": 8}
DGEX = {"epochs": 2, "units": 8, "layers": 1, "batch_size": 8}

NAMES = "names.json"
"""Beside the home: the id of each run by its name here, which is its kind for one of each."""


def runs_in(folder: Path) -> dict[str, Run]:
    """Return the runs of a folder by their names; whoever comes first makes them, and all others wait for that."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / NAMES).is_file():
            shutil.rmtree(folder, ignore_errors=True)
            made = _make(folder)
            names = {name: run.id for name, run in made.items()}
            (folder / NAMES).write_text(json.dumps(names), encoding="utf-8")
    store = RunStore(Workspace(folder / "home"))
    names = json.loads((folder / NAMES).read_text(encoding="utf-8"))
    return {name: store.get(run_id) for name, run_id in names.items()}


def _make(folder: Path) -> dict[str, Run]:
    """Make the runs in one home; the newest dataset and network, with which pages open, are those of most runs."""
    home = Workspace(folder / "home")
    home.root.mkdir(parents=True)
    made: dict[str, Run] = {}

    def make(kind: str, called: str = "", /, **values: Any) -> Run:
        run = execute_now(home, kind, values)
        made[called or kind] = run
        return run

    other = _dataset(make("import", "import other", path=str(write_h5ad(folder / "other.h5ad", 24, seed=1))))
    prepared = _dataset(make("prepare", dataset=other, quantile="own range", remove_duplicates=True))
    make("merge", datasets=[other, prepared])
    dataset = _dataset(make("import", path=str(write_h5ad(folder / "matrix.h5ad"))))
    seeds = make("seeds", dataset=dataset, network=NETWORK, seeds=2, random_sets=2)
    own = folder / "own.txt"
    own.write_text("\n".join(symbols(60)[1::6]), encoding="utf-8")
    _without_a_network(make, dataset, other, f"list:{own}")
    path = _with_a_network(make, dataset, other)
    _of_histones(make)
    store = RunStore(home)
    made |= {role: store.get(seeds.manifest.parents[role]) for role in ("train 1", "rank 1")}
    return made | {"compare ranking": store.get(path.manifest.parents["compare"])}


def _dataset(run: Run) -> str:
    return run.manifest.parents["dataset"]


def _without_a_network(make: Callable[..., Run], dataset: str, other: str, own: str) -> None:
    make("quality", dataset=dataset)
    make("compare", dataset=dataset, sets=["L1000:8", "variable:8", own], random_sets=3)
    infer = {"dataset": dataset, "set": "L1000", "size": 8}
    make("infer", "infer with tissue", **infer, predictors=["ridge", "knn"], covariate="tissue")
    make("infer", **infer, predictors=["ridge", "knn", "dgex"], dgex=DGEX)
    make("size", dataset=dataset, sets=["L1000", "variable"], random_orders=2, largest=6)
    make("cross-platform", dataset=dataset, other=other, sets=["L1000", "variable"], size=8, random_sets=2)
    folds = {"dataset": dataset, "seeds": 1, "sizes": [4, 8], "random_sets": 2}
    make("tournament", "tournament of three", **folds, strategies=["measured", "variable", "random"], folds=4)
    make("tournament", **folds, strategies=["variable"], folds=2)
    fit = make("fit", dataset=dataset, set="L1000", covariate="tissue")
    make("profiles", fit=fit.id, dataset=other, scale="none")
    make("keep", fit=fit.id, name="small ridge", licence="CC BY 4.0")
    targets = fit.table("accuracy")["gene"].tolist()
    make("explain", "explain third gene", fit=fit.id, targets=targets[2:3])
    make("explain", fit=fit.id, targets=targets[:2])
    make("enrich", dataset=dataset, set="L1000", smallest=2)


def _with_a_network(make: Callable[..., Run], dataset: str, other: str) -> Run:
    model = make("train", dataset=dataset, network=NETWORK).id
    make("rank", model=model, retrain_halves=True)
    make("cluster", model=model)
    path = make("path", dataset=dataset, model=model, network=NETWORK, random_sets=2)
    make("cluster", "cluster other", model=model, dataset=other, clusters=2)
    select = make("select", dataset=dataset, size=4, strategy="blend", models=[model])
    make("stability", select=select.id, seeds=2, halves=1)
    return path


def _of_histones(make: Callable[..., Run]) -> None:
    histones = make("histones", example="simulated", cell_types=2, genes=90).id
    training = {"epochs": 1, "batch_size": 8}
    network = make("deepchrome", histones=histones, training=training, maps={"steps": 2})
    make("marks", deepchrome=network.id, genes=["G01", "G03"])


class RealRuns:
    """Copies of the real runs in a home that a test may change."""

    def __init__(self, runs: Mapping[str, Run], home: Workspace) -> None:
        self.runs = runs
        self.home = home

    def __call__(self, name: str) -> Run:
        """Copy a run into the home, with all that it was made from; ``name`` is as in ``runs``, or an id."""
        run = self.runs.get(name) or RunStore(self._source).get(name)
        if not (self.home.runs / run.id).exists():
            for parent in run.manifest.parents.values():
                self._parent(parent)
            shutil.copytree(run.folder, self.home.runs / run.id)
        return RunStore(self.home).get(run.id)

    def dataset(self, name: str = "import") -> Dataset:
        """Copy the dataset that a run was made from, or has made."""
        dataset = self.runs[name].manifest.parents["dataset"]
        self._parent(dataset)
        return DatasetStore(self.home).get(dataset)

    @property
    def _source(self) -> Workspace:
        return Workspace(self.runs["import"].folder.parent.parent)

    def _parent(self, name: str) -> None:
        if (self._source.runs / name).is_dir():
            self(name)
        elif not (self.home.datasets / name).exists():
            shutil.copytree(self._source.datasets / name, self.home.datasets / name)


def altered(
    run: Run,
    *,
    metrics: Mapping[str, Any] | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
    configuration: Mapping[str, Any] | None = None,
    without: Collection[str] = (),
    **manifest: Any,
) -> Run:
    """Publish a newer copy of a run in its home that differs in what is given only, and is as promised all the same.

    ``metrics`` and ``configuration`` name single values, ``without`` figures and tables that an older version did not
    have, ``manifest`` other parts of the manifest.
    """
    analysis, home = ANALYSES[run.kind], Workspace(run.folder.parent.parent)
    asked = configuration_of(run.kind, {**run.manifest.configuration, **(configuration or {})})
    run_id = f"{run.kind}-{secrets.token_hex(4)}"
    folder = home.runs / run_id
    shutil.copytree(
        run.folder, folder, ignore=shutil.ignore_patterns(REQUEST, *(f"{name}.parquet" for name in without))
    )
    for name, table in (tables or {}).items():
        analysis.tables[name].check(name, table)
        table.to_parquet(folder / f"{name}.parquet", index=False)
    found = {**run.manifest.metrics, **(metrics or {})}
    found = {name: value for name, value in found.items() if name not in without}
    analysis.results.read(found)
    about = {
        **run.manifest.model_dump(),
        "id": run_id,
        "configuration": asked.model_dump(mode="json"),
        "started": now(),
        "metrics": found,
        "files": {name: file for name, file in run.manifest.files.items() if name not in without},
        **manifest,
    }
    write_json(folder / MANIFEST, about)
    return RunStore(home).get(run_id)
