"""Predictors that are kept: the same profiles from another home, with the training values and without."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest

from landmark.analyses.registry import MAKERS
from landmark.errors import BadConfiguration, BadData, BadRun
from landmark.store.datasets import DatasetStore
from landmark.store.kept import KeptStore
from landmark.store.kept_file import export_kept, unpack_kept
from landmark.store.profiles import PROFILES
from landmark.store.runs import Run, RunStore
from landmark.store.sweep import sweep
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now
from tests.kept import GENES, LEARNED, home_with_fit, new_samples

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def fitted(folder: Path) -> tuple[Workspace, Run]:
    return home_with_fit(folder)


@pytest.fixture(scope="module")
def home(fitted: tuple[Workspace, Run]) -> Workspace:
    """A home whose fit is kept twice: with the training values and without."""
    home, fit = fitted
    execute_now(home, "keep", {"fit": fit.id, "name": "with", "licence": "CC BY 4.0, of\nthe lab"})
    execute_now(home, "keep", {"fit": fit.id, "name": "without", "without_values": True})
    return home


@pytest.fixture(scope="module")
def fit(fitted: tuple[Workspace, Run]) -> Run:
    return fitted[1]


@pytest.fixture(scope="module")
def files(home: Workspace, folder: Path) -> dict[str, Path]:
    return {kept.name: export_kept(kept, folder / f"{kept.name}.landmark") for kept in KeptStore(home).all()}


@pytest.fixture(scope="module")
def other(files: dict[str, Path], folder: Path) -> Workspace:
    """Another home, into which the files are brought."""
    other = Workspace(folder / "other")
    for path in files.values():
        execute_now(other, "keep", {"fit": str(path)})
    return other


def infer(home: Workspace, fit: str, new: Path, **more: Any) -> Run:
    return execute_now(home, "profiles", {"fit": fit, "dataset": str(new), **more})


def the_same(one: Run, other: Run) -> None:
    first, second = (anndata.read_h5ad(run.folder / PROFILES) for run in (one, other))
    np.testing.assert_array_equal(first.X, second.X)
    for layer in first.layers:
        np.testing.assert_array_equal(first.layers[layer], second.layers[layer])
    assert sorted(first.layers) == sorted(second.layers)
    assert one.manifest.metrics == other.manifest.metrics
    assert one.manifest.notes == other.manifest.notes
    assert one.tables() == other.tables()
    for name in one.tables():
        pd.testing.assert_frame_equal(one.table(name), other.table(name))


def test_a_kept_predictor_gives_the_profiles_of_its_fit_in_any_home(home, fit, other, files, folder):
    new = new_samples(folder)
    expected = infer(home, fit.id, new)
    for place, name in ((home, "with"), (other, "with"), (other, str(files["with"]))):
        found = infer(place, name, new)
        the_same(expected, found)
        assert found.manifest.parents == {}
    assert expected.manifest.metrics["truth_genes"] == GENES // 2


def test_missing_landmark_genes_are_made_up_for_by_the_kept_values(home, fit, other, folder):
    landmarks = list(fit.table("set")["gene"])
    new = new_samples(folder, landmarks[:20])
    expected, found = infer(home, fit.id, new), infer(other, "with", new)
    one, two = (anndata.read_h5ad(run.folder / PROFILES) for run in (expected, found))
    np.testing.assert_array_equal(one.X, two.X)
    np.testing.assert_array_equal(one.layers["upper"], two.layers["upper"])
    metrics = found.manifest.metrics
    assert metrics["refitted"]
    assert metrics["pcc_present_landmarks"] < metrics["pcc_all_landmarks"] + 0.02
    assert any("On held-out samples the mean correlation is" in note for note in found.manifest.notes)
    with pytest.raises(BadData, match="kept without its training values"):
        infer(other, "without", new)


def test_without_values_profiles_are_the_same_and_intervals_plain(home, fit, other, folder):
    new = new_samples(folder)
    expected, found = infer(home, fit.id, new), infer(other, "without", new)
    one, two = (anndata.read_h5ad(run.folder / PROFILES) for run in (expected, found))
    np.testing.assert_array_equal(one.X, two.X)
    inferred = two[:, two.layers["measured"][0] == 0]
    widths = inferred.layers["upper"] - inferred.X
    np.testing.assert_allclose(widths, np.broadcast_to(widths[0], widths.shape), atol=1e-5)
    metrics = found.manifest.metrics
    assert metrics["coverage"] == pytest.approx(0.9, abs=0.06)
    assert not metrics["normalised"]
    assert "far_samples" not in metrics
    samples = found.table("samples")
    assert {"distance", "nearest", "learned_from"}.isdisjoint(samples.columns)
    assert any("by the distance to the mean of the training samples" in note for note in found.manifest.notes)


def test_without_values_another_platform_is_still_told_by_its_distance(home, folder):
    matrix = anndata.read_h5ad(new_samples(folder))
    rng = np.random.default_rng(0)
    matrix.X = (0.7 * matrix.X + rng.normal(scale=3, size=GENES) + 6).astype(np.float32)
    path = folder / "other-platform.h5ad"
    matrix.write_h5ad(path)
    runs = {name: infer(home, name, path) for name in ("with", "without")}
    assert {name: run.manifest.metrics["scale"] for name, run in runs.items()} == {
        "with": "standardise",
        "without": "standardise",
    }
    assert runs["without"].manifest.metrics["truth_pcc"] > 0.8


def test_nothing_of_the_samples_is_kept_without_values(home, folder):
    kept = KeptStore(home).get("without")
    rows = samples_as_bytes(folder)
    content = b"".join(path.read_bytes() for path in kept.folder.rglob("*") if path.is_file())
    assert not [row for row in rows if row in content]
    with_values = KeptStore(home).get("with").folder
    content = b"".join(path.read_bytes() for path in with_values.rglob("*") if path.is_file())
    assert [row for row in rows if row in content]


def samples_as_bytes(folder: Path) -> list[bytes]:
    """Values and names of the samples, as files would hold them."""
    matrix = anndata.read_h5ad(folder / "training.h5ad")
    return [row[:8].tobytes() for row in matrix.X] + [f'"{name}"'.encode() for name in matrix.obs_names]


def test_the_manifest_says_what_it_is(home, fit, other):
    for place in (home, other):
        about = KeptStore(place).get("with").manifest
        assert (about.method, about.set, about.size) == ("ridge", fit.manifest.metrics["set"], GENES // 2)
        assert about.learned_from.title == "Three tissues"
        assert about.learned_from.dataset == fit.manifest.parents["dataset"]
        assert about.learned_from.samples == fit.manifest.split["train"] < LEARNED
        assert about.learned_from.genes == GENES
        assert about.licence == "CC BY 4.0, of the lab"
        assert about.configuration == fit.manifest.configuration
        assert about.values
        assert about.pcc == pytest.approx(fit.manifest.metrics["pcc"], abs=0.1)


def test_the_same_predictor_gives_the_same_file(home, other, files, folder):
    here = KeptStore(other).get("with")
    again = export_kept(here, folder / "again.landmark")
    (folder / "unpacked").mkdir()
    assert (
        unpack_kept(again, folder / "unpacked").manifest.files == KeptStore(home).get("with").manifest.files
    )
    assert export_kept(KeptStore(home).get("with"), folder / "twice.landmark").read_bytes() == (
        files["with"].read_bytes()
    )
    for path, why in (
        (again, "is there already"),
        (folder / "with.zip", "the ending"),
        (folder / "no/a.landmark", "is no"),
    ):
        with pytest.raises(BadConfiguration, match=why):
            export_kept(here, path)


def test_a_fit_that_was_kept_can_be_deleted_and_its_dataset_too(folder, tmp_path):
    home, fit = home_with_fit(tmp_path)
    execute_now(home, "keep", {"fit": fit.id, "name": "stays"})
    expected = infer(home, "stays", new_samples(folder))
    RunStore(home).delete(fit.id)
    DatasetStore(home).delete(fit.manifest.parents["dataset"], MAKERS)
    the_same(expected, infer(home, "stays", new_samples(folder)))
    KeptStore(home).delete("stays")
    assert KeptStore(home).all() == []
    with pytest.raises(BadRun, match="There is no kept predictor 'stays'"):
        infer(home, "stays", new_samples(folder))
    with pytest.raises(BadRun, match="already deleted"):
        KeptStore(home).delete("stays")


def test_names(home, fit, files):
    for name in ("", " with", "a/b", "..", "ü", "x" * 81, fit.id, "-x", "a\n"):
        with pytest.raises(BadConfiguration, match="name = "):
            execute_now(home, "keep", {"fit": fit.id, "name": name})
    with pytest.raises(BadConfiguration, match="kept under this name already"):
        execute_now(home, "keep", {"fit": fit.id, "name": "with"})
    with pytest.raises(BadConfiguration, match="kept under this name already"):
        execute_now(home, "keep", {"fit": str(files["with"])})
    execute_now(home, "keep", {"fit": str(files["with"]), "name": "A lung_2-b"})
    assert KeptStore(home).get("A lung_2-b").manifest.licence == "CC BY 4.0, of the lab"
    KeptStore(home).delete("A lung_2-b")
    with pytest.raises(BadConfiguration, match="a file is brought in as it is"):
        execute_now(home, "keep", {"fit": str(files["with"]), "name": "b", "licence": "mine"})
    assert {kept.name for kept in KeptStore(home).all()} == {"with", "without"}


@pytest.mark.parametrize(
    "choices",
    [
        {"predictor": "knn"},
        {"covariate": "tissue"},
        {"predictor": "dgex", "dgex": {"epochs": 2, "units": 8, "layers": 1, "batch_size": 8}},
        {"predictor": "ensemble", "ensemble": {"members": ["ridge", "knn"]}},
    ],
    ids=["knn", "covariate", "network", "ensemble"],
)
@pytest.mark.parametrize("without", [False, True])
def test_every_method(tmp_path, choices, without):
    home, fit = home_with_fit(tmp_path, **choices)
    execute_now(home, "keep", {"fit": fit.id, "name": "it", "without_values": without})
    path = export_kept(KeptStore(home).get("it"), tmp_path / "it.landmark")
    new = new_samples(tmp_path)
    expected, found = infer(home, fit.id, new), infer(Workspace(tmp_path / "far"), str(path), new)
    if not without:
        the_same(expected, found)
    one, two = (anndata.read_h5ad(run.folder / PROFILES) for run in (expected, found))
    np.testing.assert_array_equal(one.X, two.X)


@pytest.mark.parametrize(
    "choices",
    [{"predictor": "kernel"}, {"predictor": "ensemble", "ensemble": {"members": ["ridge", "kernel"]}}],
    ids=["kernel", "ensemble"],
)
def test_a_method_made_of_samples_is_not_kept_without_them(home, fit, choices, folder):
    made = execute_now(home, "fit", {**fit.manifest.configuration, **choices})
    with pytest.raises(BadConfiguration, match="predicts from the training samples themselves"):
        execute_now(home, "keep", {"fit": made.id, "name": "no", "without_values": True})
    assert "no" not in [kept.name for kept in KeptStore(home).all()]
    execute_now(home, "keep", {"fit": made.id, "name": "yes"})
    the_same(infer(home, made.id, new_samples(folder)), infer(home, "yes", new_samples(folder)))
    KeptStore(home).delete("yes")


def test_a_file_of_layout_1_is_read_as_ever(tmp_path):
    """Whoever was given a predictor can use it with later versions."""
    kept = unpack_kept(ROOT / "tests" / "homes" / "kept_1.landmark", tmp_path)
    predictor, genes = kept.load()
    assert (kept.name, kept.manifest.licence) == ("layout 1", "Made up; do what you like.")
    assert (len(genes), len(predictor.trained.landmarks)) == (60, 30)
    assert predictor.training.names[:2] == ("sample-0", "sample-2")
    landmarks = np.linspace(2, 12, 90).reshape(3, 30).astype(np.float32)
    found = predictor.infer(landmarks, 0.9, ["lung", "skin", "nowhere"])
    means = [found.values.mean(), found.lower.mean(), found.upper.mean()]
    np.testing.assert_allclose(means, [8.054636, 7.401267, 8.708005], rtol=1e-5)
    np.testing.assert_array_equal(found.neighbours.nearest[:, 0], [49, 49, 9])
    new = new_samples(tmp_path)
    run = infer(Workspace(tmp_path / "home"), str(ROOT / "tests" / "homes" / "kept_1.landmark"), new)
    assert run.manifest.metrics["truth_pcc"] > 0.9


KEEP = """
import sys
from pathlib import Path
from landmark.store import kept
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now
from tests.kept import GENES, LEARNED, home_with_fit, new_samples
import os
home, fit, point = sys.argv[1:]
def die(*args, **more):
    os._exit(9)
if point == "files":
    kept.digest = die
if point == "flush":
    kept.flush = die
if point == "rename":
    rename = Path.rename
    Path.rename = lambda self, target: die() if "predictors" in str(target) else rename(self, target)
if point == "published":
    publish = kept.KeptStore.publish
    kept.KeptStore.publish = lambda *args: (publish(*args), die())
execute_now(Workspace(Path(home)), "keep", {"fit": fit, "name": "twin"})
"""


def keeping(home: Workspace, fit: Run, point: str = "") -> subprocess.Popen[str]:
    words = [sys.executable, "-c", KEEP, str(home.root), fit.id, point]
    return subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def test_of_two_that_keep_one_name_at_once_one_is_refused(home, fit):
    both = [keeping(home, fit), keeping(home, fit)]
    said = [process.communicate()[1] for process in both]
    assert sorted(process.returncode for process in both) == [0, 1]
    assert ["already" in text for text in said].count(True) == 1
    KeptStore(home).get("twin").load()
    KeptStore(home).delete("twin")


@pytest.mark.parametrize("point", ["files", "flush", "rename"])
def test_a_killed_keeping_leaves_nothing(home, fit, point):
    process = keeping(home, fit, point)
    process.communicate()
    assert process.returncode == 9
    assert "twin" not in {kept.name for kept in KeptStore(home).all()}
    assert KeptStore(home).unreadable() == []
    sweep(home)
    assert not list(home.unfinished.glob(".predictor-*"))


def test_keeping_that_was_killed_after_publication_is_finished_by_a_resume(home, fit):
    from landmark.jobs.perform import perform
    from landmark.store.activity import activities, reopen

    before = {item.id for item in activities(home)}
    process = keeping(home, fit, "published")
    process.communicate()
    assert process.returncode == 9
    [left] = {item.id for item in activities(home)} - before
    reopen(home, left)
    assert perform(home, left).manifest.metrics["name"] == "twin"
    KeptStore(home).delete("twin")
