"""Whatever is learned or chosen is learned or chosen by training samples: test samples may hold anything.

Two files differ in their test samples alone, whose values are multiplied and shuffled. What every analysis learns from
the one and from the other is compared bit by bit.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest

import landmark
from landmark.analyses.benchmark.config import BenchmarkConfiguration
from landmark.analyses.benchmark.fold import Fold
from landmark.analyses.benchmark.run import _setup
from landmark.analyses.choices import FORWARD, NEED_MODELS, STRATEGIES
from landmark.data.gene_identifiers import probe_symbols
from landmark.data.split import rows
from landmark.genesets.sources import l1000
from landmark.metrics.size_curve import size_curve
from landmark.progress import silent
from landmark.store.datasets import DatasetStore
from landmark.store.kept import KeptStore
from landmark.store.runs import Run
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now
from landmark.workflows.samples import Expression, split_expression
from tests.small import values

SAMPLES, GENES = 60, 60
SPLIT = {"split_by": "patient", "held_out": 0.2, "seed": 0}
NETWORK = {"epochs": 4, "hidden": 8, "bottleneck": 3, "batch_size": 16, "learning_rate": 0.02, "keep": "best"}
DGEX = {"epochs": 3, "units": 8, "layers": 1, "batch_size": 16}
GRAPH = {"epochs": 2, "hidden": 4, "layers": 1, "most_similar": 3, "least_similar": 2}

Found = Mapping[str, Any]
"""What was learned, by name: arrays and tables."""


def _probes() -> list[str]:
    """Two probes of each of some genes, every other of which is one of the L1000."""
    of_gene: dict[str, list[str]] = {}
    for probe, symbol in probe_symbols().items():
        of_gene.setdefault(symbol, []).append(probe)
    several = [gene for gene, probes in of_gene.items() if gene and len(probes) > 1]
    published = set(l1000().genes)
    first, others = ([g for g in several if (g in published) == inside] for inside in (True, False))
    genes = [gene for pair in zip(first, others, strict=False) for gene in pair][:GENES]
    return [probe for gene in genes for probe in of_gene[gene][:2]]


def _files(folder: Path) -> list[Path]:
    """Write a matrix of signals with missing values, and another whose later patients' values are others."""
    rng = np.random.default_rng(5)
    log = values(SAMPLES, GENES).repeat(2, axis=1) + rng.normal(size=(SAMPLES, 2 * GENES))
    X = np.exp2(log)
    X[rng.integers(SAMPLES, size=40), rng.integers(2 * GENES, size=40)] = np.nan
    tissue = np.array(["lung", "skin", "blood"])[np.arange(SAMPLES) // 2 % 3]
    patient = [f"p{number // 2}" for number in range(SAMPLES)]
    obs = pd.DataFrame({"tissue": tissue, "patient": patient}, index=[f"s{n}" for n in range(SAMPLES)])
    matrix = anndata.AnnData(X.astype(np.float32), obs=obs, var=pd.DataFrame(index=_probes()))
    matrix.write_h5ad(folder / "as it is.h5ad")
    return [folder / "as it is.h5ad", folder / "planted.h5ad"]


def _plant(matrix: anndata.AnnData, test: np.ndarray) -> None:
    """Multiply a half of the genes in test samples, and shuffle the other half among them."""
    rng = np.random.default_rng(6)
    held = matrix.X[test]
    held[:, ::2] = held[:, ::2] ** 1.5 + 7
    matrix.X[test] = np.where(np.arange(held.shape[1]) % 2, held[rng.permutation(len(test))], held)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    home = Workspace(tmp_path_factory.mktemp("home") / "home")
    home.root.mkdir()
    return home


@pytest.fixture(scope="module")
def imported(home: Workspace, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The two datasets, as probes and as genes."""
    folder = tmp_path_factory.mktemp("files")
    first, second = _files(folder)
    answers = {"log2": True, "missing": "gene median", **SPLIT}
    made: dict[str, list[str]] = {"none": [], "most variable": []}
    for path in (first, second):
        for collapse, datasets in made.items():
            run = execute_now(home, "import", {"path": str(path), "collapse": collapse, **answers})
            datasets.append(run.manifest.parents["dataset"])
        if path is first:
            matrix = anndata.read_h5ad(path)
            _plant(matrix, rows(_load(home, made["none"][0]), "test"))
            matrix.write_h5ad(second)
    return made


@pytest.fixture(scope="module")
def other(home: Workspace, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A dataset of another platform."""
    matrix = anndata.AnnData(
        values(24, 2 * GENES, seed=9).astype(np.float32), var=pd.DataFrame(index=_probes())
    )
    path = tmp_path_factory.mktemp("other") / "other.h5ad"
    matrix.write_h5ad(path)
    run = execute_now(home, "import", {"path": str(path), "collapse": "mean"})
    return run.manifest.parents["dataset"]


@pytest.fixture(scope="module")
def datasets(imported: dict[str, list[str]]) -> list[str]:
    """The two datasets by genes."""
    return imported["most variable"]


def _load(home: Workspace, dataset: str) -> anndata.AnnData:
    return DatasetStore(home).get(dataset).load()


def _arrays(folder: Path) -> Found:
    """All arrays in a folder of something trained."""
    files = sorted(folder.rglob("*.npz"))
    assert files, folder
    return {
        f"{path.relative_to(folder)}/{name}": array
        for path in files
        for name, array in np.load(path, allow_pickle=False).items()
    }


def _tables(run: Run, *names: str) -> dict[str, pd.DataFrame]:
    """Tables of a run without what was measured: seconds, and losses of test samples."""
    found = {name: run.table(name) for name in names}
    return {name: table[[c for c in table if "second" not in c]] for name, table in found.items()}


def _same(first: Found, second: Found) -> None:
    assert first.keys() == second.keys()
    for name, found in first.items():
        if isinstance(found, pd.DataFrame):
            pd.testing.assert_frame_equal(found, second[name], check_exact=True)
        else:
            np.testing.assert_array_equal(found, second[name], err_msg=name)


def _training_values(home: Workspace, dataset: str) -> Found:
    matrix = _load(home, dataset)
    var = matrix.var.reset_index().astype(str)
    return {"values": matrix.X[rows(matrix, "train")], "genes": var, "split": matrix.obs["split"].astype(str)}


def _train(home: Workspace, dataset: str) -> Run:
    return execute_now(home, "train", {"dataset": dataset, "network": NETWORK})


def train(home: Workspace, dataset: str, other: str) -> Found:
    run = _train(home, dataset)
    return _tables(run, "history") | dict(_arrays(run.folder / "model"))


def rank(home: Workspace, dataset: str, other: str) -> Found:
    run = execute_now(home, "rank", {"model": _train(home, dataset).id, "retrain_halves": True})
    figures = {name: value for name, value in run.manifest.metrics.items() if isinstance(value, float)}
    assert {"overlap_halves", "overlap_retrained"} <= figures.keys()
    return _tables(run, "ranking", "contributions", "choices", "groups") | figures


def select(home: Workspace, dataset: str, other: str, *, strategy: str, label: str = "") -> Found:
    wanted: dict[str, Any] = {"dataset": dataset, "strategy": strategy, "size": 5, "label": label}
    if strategy in NEED_MODELS:
        wanted["models"] = [_train(home, dataset).id]
    if strategy == "concrete":
        wanted["concrete"] = {"epochs": 3, "batch_size": 16}
    run = execute_now(home, "select", wanted)
    assert ("penalty" in run.manifest.metrics) == (strategy in FORWARD)
    return _tables(run, "ranking", "companions") | {"penalty": run.manifest.metrics.get("penalty", 0)}


def stability(home: Workspace, dataset: str, other: str) -> Found:
    wanted = {"dataset": dataset, "size": 5, "models": [_train(home, dataset).id]}
    selection = execute_now(home, "select", wanted)
    run = execute_now(home, "stability", {"select": selection.id, "seeds": 2, "halves": 1})
    return _tables(run, "pairs", "exchanges", "genes")


def seeds(home: Workspace, dataset: str, other: str) -> Found:
    wanted = {"dataset": dataset, "network": NETWORK, "seeds": 2, "random_sets": 0}
    return _tables(execute_now(home, "seeds", wanted), "overlaps", "genes")


def _fit(home: Workspace, dataset: str, predictor: str = "ridge", **more: Any) -> Run:
    wanted = {"dataset": dataset, "set": "L1000:8", "predictor": predictor, "dgex": DGEX, "graph": GRAPH}
    return execute_now(home, "fit", wanted | more)


def fit(home: Workspace, dataset: str, other: str, *, predictor: str, covariate: str = "") -> Found:
    run = _fit(home, dataset, predictor, covariate=covariate)
    judged = {"mae", "pcc", "significant", "covariate_unknown"}
    figures = {
        name: value
        for name, value in run.manifest.metrics.items()
        if isinstance(value, float | int) and name not in judged
    }
    return dict(_arrays(run.folder / "predictor")) | figures


def keep(home: Workspace, dataset: str, other: str, *, predictor: str) -> Found:
    name = f"{predictor} {dataset}"
    execute_now(home, "keep", {"fit": _fit(home, dataset, predictor).id, "name": name})
    kept = next(one for one in KeptStore(home).all() if one.name == name)
    return _arrays(kept.folder) | {"pcc": kept.manifest.pcc}


def python(home: Workspace, dataset: str, other: str) -> Found:
    fitted = landmark.fit(_load(home, dataset), method="knn", groups="patient")
    return {"values": fitted.kept.training.split.train, "mae": fitted.kept.mae, "pcc": fitted.kept.pcc}


def file(home: Workspace, dataset: str, other: str) -> Found:
    fitted = landmark.fit(DatasetStore(home).get(dataset).folder / "data.h5ad", method="ridge")
    return {"values": fitted.kept.training.split.train, "mae": fitted.kept.mae, "pcc": fitted.kept.pcc}


def explain(home: Workspace, dataset: str, other: str) -> Found:
    fitted = _fit(home, dataset)
    targets = fitted.table("accuracy")["gene"].tolist()[:2]
    return _tables(
        execute_now(home, "explain", {"fit": fitted.id, "targets": targets}), "contributions", "groups"
    )


def size(home: Workspace, dataset: str, other: str) -> Found:
    split = split_expression(Expression(DatasetStore(home).get(dataset)))
    order = split.genes[:10]
    return {"penalty": size_curve("ten", split, order, split.genes[10:]).penalty}


def tournament(home: Workspace, dataset: str, other: str, *, folder: Path) -> Found:
    """The test samples of the split as a fold."""
    matrix = _load(home, dataset)
    asked = BenchmarkConfiguration.parse(
        {
            "dataset": dataset,
            "strategies": sorted(set(STRATEGIES) - {"random", "reconstruction"}),
            "predictors": ["ridge"],
            "sizes": [3, 5],
            "network": NETWORK,
            "concrete": {"epochs": 2, "batch_size": 16},
        }
    )
    test = (matrix.obs["split"] == "test").to_numpy()
    found = Fold(_setup(matrix, asked), asked, 0, 0, test, folder / dataset).run(silent)
    return {"chosen": found["chosen"]}


def platform(home: Workspace, dataset: str, other: str) -> Found:
    wanted = {"dataset": dataset, "other": other, "sets": ["L1000", "variable"], "size": 6, "random_sets": 1}
    run = execute_now(home, "cross-platform", wanted)
    table = run.table("platform")
    return {"platform": table[[name for name in table if not name.startswith("home_")]]} | _tables(
        run, "random", "sets"
    )


def merge(home: Workspace, dataset: str, other: str) -> Found:
    run = execute_now(home, "merge", {"datasets": [dataset, other], "joint": True})
    matrix = _load(home, run.manifest.parents["dataset"])
    return {"brought onto training samples": matrix.X[SAMPLES:]}


def cluster(home: Workspace, dataset: str, other: str) -> Found:
    run = execute_now(home, "cluster", {"model": _train(home, dataset).id, "label": "tissue"})
    embedding = run.table("embedding")
    train = (embedding["split"] == "train").to_numpy()
    return {
        "principal components": embedding.loc[train, ["pca_1", "pca_2"]],
        "bottleneck": run.table("bottleneck")[train],
    }


LEARNS: Mapping[str, Callable[..., Found]] = {
    "train": train,
    "rank": rank,
    "stability": stability,
    "seeds": seeds,
    "explain": explain,
    "size": size,
    "tournament": tournament,
    "cross-platform": platform,
    "merge": merge,
    "cluster": cluster,
    "landmark.fit": python,
    "landmark.fit of a file": file,
    "fit ridge with an annotation": partial(fit, predictor="ridge", covariate="tissue"),
    "keep ridge": partial(keep, predictor="ridge"),
    "keep dgex": partial(keep, predictor="dgex"),
    **{f"select {name}": partial(select, strategy=name) for name in STRATEGIES},
    "select with groups apart": partial(select, strategy="left_out", label="tissue"),
    **{
        f"fit {name}": partial(fit, predictor=name)
        for name in ("ridge", "knn", "kernel", "sample_lasso", "ensemble", "dgex", "graph")
    },
}


@pytest.mark.parametrize("name", LEARNS)
def test_a_signal_in_test_samples_teaches_nothing(
    home: Workspace, datasets: list[str], other: str, tmp_path: Path, name: str
) -> None:
    more = {"folder": tmp_path} if name == "tournament" else {}
    _same(*(LEARNS[name](home, dataset, other, **more) for dataset in datasets))


@pytest.mark.parametrize("collapse", ["none", "most variable"])
def test_an_import_learns_from_training_samples(
    home: Workspace, imported: dict[str, list[str]], collapse: str
) -> None:
    first, second = imported[collapse]
    _same(*(_training_values(home, dataset) for dataset in (first, second)))
    held = [matrix.X[rows(matrix, "test")] for matrix in (_load(home, first), _load(home, second))]
    assert (held[0] != held[1]).mean() > 0.9


@pytest.mark.parametrize("split", ["keep", "by group"])
def test_a_preparation_learns_from_training_samples(
    home: Workspace, imported: dict[str, list[str]], split: str
) -> None:
    steps = {"collapse": "most variable", "quantile": "4 to 15", "split": split}
    if split == "by group":  # draws the very split of the import
        steps |= {"split_group": "patient"}
    runs = [execute_now(home, "prepare", {"dataset": dataset, **steps}) for dataset in imported["none"]]
    _same(*(_training_values(home, run.manifest.parents["dataset"]) for run in runs))


def test_the_signal_is_seen_where_test_samples_are_judged(home: Workspace, datasets: list[str]) -> None:
    first, second = (_fit(home, dataset).manifest.metrics["pcc"] for dataset in datasets)
    assert abs(first - second) > 0.1
