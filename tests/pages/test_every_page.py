"""Every page of the app on what real workflows wrote: none may fail for want of a figure or a table.

Each home is made once: a run of every analysis, one group of samples held out, samples without labels, genes of no
known kind, three samples, runs as older versions left them, and nothing at all.
"""

import json
import shutil
import tarfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st

from landmark.store.datasets import DatasetStore
from landmark.store.runs import Run, RunStore
from landmark.store.workspace import Workspace
from landmark.ui import wording
from landmark.ui.page import PLACES
from landmark.workflows.execute import execute_now
from tests.pages.opened import opened
from tests.real_runs import NETWORK
from tests.small import symbols, values

HOMES = Path(__file__).parents[1] / "homes"

OLD: dict[str, dict[str, tuple[str, str]]] = {
    "0.1": {
        "cluster": (
            "adjusted_rand adjusted_rand_pca clusters groups held_out_samples label "
            "mutual_information neighbour_accuracy samples silhouette silhouette_pca",
            "agreement bottleneck embedding linkage",
        ),
        "compare": (
            "arithmetic first mae_difference mae_high mae_low overlap pcc_difference pcc_high pcc_low "
            "predictor random_mae random_mae_sd random_pcc random_pcc_sd random_sets second sets "
            "t_p_value wilcoxon_p_value wins",
            "comparison random sets summary",
        ),
        "import": (
            "genes identifier l1000_present samples",
            "",
        ),
        "path": (
            "cluster compare rank train",
            "",
        ),
        "rank": (
            "correlation_halves cut driver_auc drivers genes group_label group_sizes groups_missing "
            "l1000_present overlap_gradient overlap_halves overlap_l1000 overlap_l1000_by_chance "
            "residual_mean residual_worst",
            "contributions groups ranking",
        ),
        "train": (
            "epochs genes pca_mae pca_pcc reconstruction_mae reconstruction_pcc significant_genes "
            "train_loss training_seconds validation_loss",
            "history reconstruction",
        ),
    },
    "0.2": {
        "cluster": (
            "adjusted_rand adjusted_rand_pca clusters genes groups held_out_accuracy held_out_samples "
            "label missing_first missing_genes mutual_information neighbour_accuracy samples "
            "silhouette silhouette_pca unit unit_trained",
            "agreement bottleneck cuts drivers embedding linkage",
        ),
        "compare": (
            "arithmetic first mae_difference mae_high mae_low overlap pcc_difference pcc_high pcc_low "
            "predictor random_mae random_mae_sd random_pcc random_pcc_sd random_sets second sets "
            "t_p_value wilcoxon_p_value wins",
            "comparison random sets summary",
        ),
        "enrich": (
            "absent annotated background_genes best_term duplicated genes groups kind named set "
            "significant source tested unknown unnamed",
            "enrichment names",
        ),
        "fit": (
            "fingerprint mae pcc penalty predictor set significant size targets validation_error",
            "accuracy set",
        ),
        "import": (
            "genes identifier l1000_present samples share_recognised",
            "",
        ),
        "path": (
            "cluster compare rank train",
            "",
        ),
        "quality": (
            "annotation annotation_by_chance annotation_r2 genes_used median_correlation "
            "outlier_names outliers samples share_1 share_2 shown",
            "associated components correlation explained overall samples",
        ),
        "rank": (
            "choices_samples correlation_halves cut driver_auc drivers genes group_label group_sizes "
            "groups_missing l1000_present overlap_gradient overlap_halves overlap_l1000 "
            "overlap_l1000_by_chance residual_mean residual_worst",
            "choices contributions groups ranking",
        ),
        "train": (
            "epochs genes measured_samples pca_mae pca_pcc pca_samples reconstruction_mae "
            "reconstruction_pcc samples_per_second significant_genes train_loss "
            "training_seconds validation_loss",
            "history reconstruction",
        ),
    },
}
"""Figures and tables that runs of each kind had in earlier versions."""

EXPANDER = st.expander
"""What is folded away is drawn when it is opened; here all of it is open."""


def _table(folder: Path, samples: int, genes: list[str], tissues: list[str] | None, seed: int = 0) -> Path:
    """Write a matrix as people keep it, samples in rows; the first column may be a tissue."""
    X = values(samples, len(genes), seed)
    frame = pd.DataFrame(X.round(4), columns=genes, index=[f"sample{seed}_{i}" for i in range(samples)])
    if tissues:
        frame.insert(0, "tissue", [tissues[i % len(tissues)] for i in range(samples)])
    path = folder / f"matrix-{samples}-{seed}.csv"
    frame.rename_axis("sample").to_csv(path)
    return path


def _walk(home: Workspace, path: Path, **choices: Any) -> dict[str, Run]:
    """Import a matrix, walk the whole path on it, and ask what can be asked of any dataset."""
    home.root.mkdir(parents=True, exist_ok=True)
    imported = execute_now(home, "import", {"path": str(path), "orientation": "genes in columns", **choices})
    data = imported.manifest.parents["dataset"]
    walked = execute_now(home, "path", {"dataset": data, "network": NETWORK, "random_sets": 2})
    store = RunStore(home)
    steps = {
        kind: store.get(run)
        for kind, run in walked.manifest.parents.items()
        if kind in ("train", "rank", "compare", "cluster")
    }
    steps["import"] = imported
    return steps


def _ask_more(home: Workspace, steps: dict[str, Run]) -> None:
    """Ask what stands on a ranking."""
    data, rank = steps["import"].manifest.parents["dataset"], steps["rank"]
    own = f"{rank.id}:{rank.manifest.metrics['cut']}"
    steps["size"] = execute_now(
        home, "size", {"dataset": data, "sets": [own], "random_orders": 2, "largest": 6}
    )
    steps["infer"] = execute_now(home, "infer", {"dataset": data, "set": own})
    steps["quality"] = execute_now(home, "quality", {"dataset": data})
    steps["select"] = execute_now(home, "select", {"dataset": data, "size": 4, "models": [steps["train"].id]})


@pytest.fixture(scope="module")
def labelled(runs: dict[str, Run], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of all real runs: tissues, L1000 genes, and a second dataset of other samples that judges the first."""
    root = tmp_path_factory.mktemp("labelled") / "home"
    return Path(shutil.copytree(runs["train"].folder.parent.parent, root))


@pytest.fixture(scope="module")
def one_group(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Samples are held out by patient: the eight of one, who are a single group."""
    folder = tmp_path_factory.mktemp("group")
    home = Workspace(folder / "home")
    path = _table(folder, 40, symbols(60), ["lung", "skin", "blood"])
    frame = pd.read_csv(path, index_col="sample")
    frame.insert(0, "patient", [f"patient {sample % 5}" for sample in range(len(frame))])
    frame.to_csv(path)
    steps = _walk(home, path, split_by="patient")
    _ask_more(home, steps)
    data = DatasetStore(home).get(steps["import"].manifest.parents["dataset"])
    annotations = data.annotations().obs
    assert annotations.loc[annotations["split"] == "test", "patient"].nunique() == 1
    return home.root


@pytest.fixture(scope="module")
def unlabelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unlabelled")
    home = Workspace(folder / "home")
    _ask_more(home, _walk(home, _table(folder, 40, symbols(60), None)))
    return home.root


@pytest.fixture(scope="module")
def unknown_genes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No name is that of a gene: no L1000, no functions."""
    folder = tmp_path_factory.mktemp("unknown")
    home = Workspace(folder / "home")
    _ask_more(home, _walk(home, _table(folder, 40, [f"feature.{i}" for i in range(60)], ["a", "b"])))
    return home.root


@pytest.fixture(scope="module")
def three_samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Too few samples for anything but looking at them."""
    folder = tmp_path_factory.mktemp("three")
    home = Workspace(folder / "home")
    home.root.mkdir(parents=True)
    table = _table(folder, 3, symbols(40), None)
    execute_now(home, "import", {"path": str(table), "orientation": "genes in columns"})
    return home.root


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nothing") / "home"


@pytest.fixture(scope="module")
def version_1(labelled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _older("0.1", labelled, tmp_path_factory.mktemp("older"))


@pytest.fixture(scope="module")
def version_2(labelled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _older("0.2", labelled, tmp_path_factory.mktemp("older"))


@pytest.fixture(scope="module")
def version_3(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that version 0.3.0 wrote; see tests/homes/README.md."""
    root = tmp_path_factory.mktemp("older")
    with tarfile.open(HOMES / "v0_3.tar.xz") as packed:
        packed.extractall(root, filter="data")
    return root / "home"


def _older(version: str, labelled: Path, folder: Path) -> Path:
    """The labelled home as an older version would have left it: without what was added since."""
    root = folder / "home"
    shutil.copytree(labelled, root)
    for file in root.glob("runs/*/manifest.json"):
        manifest = json.loads(file.read_text())
        if manifest["kind"] not in OLD[version]:
            shutil.rmtree(file.parent)
            continue
        metrics, tables = (text.split() for text in OLD[version][manifest["kind"]])
        manifest["metrics"] = {name: value for name, value in manifest["metrics"].items() if name in metrics}
        manifest["versions"]["landmark"] = version
        manifest["files"] = {
            name: value for name, value in manifest["files"].items() if name in tables or name == "model"
        }
        for table in file.parent.glob("*.parquet"):
            if table.stem not in tables:
                table.unlink()
        file.write_text(json.dumps(manifest))
    return root


@pytest.mark.parametrize("page", list(PLACES))
@pytest.mark.parametrize(
    "home",
    [
        "version_1",
        "version_2",
        "version_3",
        "labelled",
        "one_group",
        "unlabelled",
        "unknown_genes",
        "three_samples",
        "nothing",
    ],
)
def test_page_opens(
    home: str, page: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANDMARK_HOME", str(request.getfixturevalue(home)))
    monkeypatch.setattr(st, "expander", lambda *args, **more: EXPANDER(*args, **{**more, "expanded": True}))
    path = "../app.py" if page == "overview" else PLACES[page].removeprefix("pages/")
    app = opened(path)
    said = [error.value for error in (*app.error, *app.exception)]
    if home == "three_samples":  # the estimate of a training says what is too few, in a sentence
        said = [sentence for sentence in said if not sentence.startswith("This will not fit")]
    assert said == []
    assert app.title


@pytest.mark.parametrize("page", list(PLACES))
def test_page_bears_that_its_results_grow_old(
    page: str, labelled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ages are shown in choices, too, whose entries thereby change while the page is open."""
    monkeypatch.setenv("LANDMARK_HOME", str(labelled))
    app = opened("../app.py" if page == "overview" else PLACES[page].removeprefix("pages/"))
    for seconds in (61, 3_700, 8 * 86_400):
        monkeypatch.setattr(wording, "datetime", later(seconds))
        app.run()
        assert [error.value for error in (*app.error, *app.exception)] == []


def later(seconds: float) -> type[datetime]:
    """Return a clock that is so far ahead."""

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(seconds=seconds)

    return Later
