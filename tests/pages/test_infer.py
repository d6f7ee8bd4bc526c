"""The page of complete profiles, on real small runs."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from landmark.analyses.infer import view_files, view_form
from landmark.jobs import preview, preview_worker
from landmark.store.profiles import Profiles
from landmark.store.runs import Run, RunStore
from landmark.store.workspace import Workspace
from landmark.ui import download
from landmark.workflows.execute import execute_now
from tests.pages.opened import opened, words
from tests.small import symbols, values

PAGE = "use/infer.py"
GENES, LEARNED, NEW = 48, 90, 30
TRUTH = "Against the truth"


def matrix(first: int, last: int, genes: list[str] | None = None) -> anndata.AnnData:
    """Some samples of one collection; every second gene is a landmark gene."""
    X = values(LEARNED + NEW, GENES, 0).astype(np.float32)
    names = [f"{'learned' if i < LEARNED else 'new'}, {i}" for i in range(len(X))]
    tissue = np.resize(["lung", "skin", "blood"], len(X))
    whole = anndata.AnnData(
        X, obs=pd.DataFrame({"tissue": tissue}, index=names), var=pd.DataFrame(index=symbols(GENES))
    )
    return whole[first:last, genes or list(whole.var_names)].copy()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a predictor and profiles: with truth, of a panel, of one sample far off, with one gene inferred."""
    home = Workspace(tmp_path_factory.mktemp("infer") / "home")
    home.root.mkdir()
    path = home.root / "learned.h5ad"
    matrix(0, LEARNED).write_h5ad(path)
    data = execute_now(home, "import", {"path": str(path)}).manifest.parents["dataset"]
    fit = execute_now(home, "fit", {"dataset": data, "set": "L1000-978"})
    landmarks = list(fit.table("set")["gene"])
    far = matrix(LEARNED, LEARNED + 1, landmarks[:-3])
    far.X += np.random.default_rng(0).normal(scale=6, size=far.shape).astype(np.float32)
    for name, new in (
        ("panel", matrix(LEARNED, LEARNED + NEW, landmarks)),
        ("far", far),
        ("complete", matrix(LEARNED, LEARNED + NEW)),
    ):
        new.write_h5ad(home.root / f"{name}.h5ad")
        asked = {"dataset": str(home.root / f"{name}.h5ad"), "fit": fit.id, "scale": "none"}
        execute_now(home, "profiles", asked)
    every = home.root / "all but one.txt"
    every.write_text("\n".join(symbols(GENES)[:-1]))
    execute_now(
        home,
        "profiles",
        {"dataset": str(home.root / "complete.h5ad"), "train_on": data, "set": f"list:{every}"},
    )
    return home.root


@pytest.fixture
def home(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    root = tmp_path / "home"
    shutil.copytree(made, root)
    monkeypatch.setenv("LANDMARK_HOME", str(root))
    return Workspace(root)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks are answered in this process."""

    def answer(folder: Path, workspace: Workspace, attempt: Any) -> None:
        preview_worker.answer(folder)
        preview._at_work.pop(folder.name)

    monkeypatch.setattr(preview, "start", answer)


def profiles(home: Workspace, title: str) -> Run:
    """Return the run of some samples; the last of several is the oldest."""
    return [run for run in RunStore(home).all("profiles") if run.manifest.metrics["title"] == title][-1]


def views(home: Workspace, run: Run, **parameters: str) -> Iterator[tuple[str, AppTest]]:
    """Open the page with each of its views."""
    page = opened(PAGE, run=run.id, **parameters)
    for name in [tab.label for tab in page.tabs]:
        page.session_state[f"infer-tabs-{run.id}"] = name
        page.run()
        assert [error.value for error in (*page.error, *page.exception)] == [], name
        yield name, page


@pytest.mark.parametrize("title", ["panel.h5ad", "far.h5ad", "complete.h5ad", "one gene"])
def test_every_view_of_every_run_opens(home: Workspace, title: str) -> None:
    run = RunStore(home).all("profiles")[0] if title == "one gene" else profiles(home, title)
    assert (run.manifest.metrics["genes_inferred"] == 1) == (title == "one gene")
    shown = {name: words(page) for name, page in views(home, run)}
    known = title in ("complete.h5ad", "one gene")
    assert len(set(shown.values())) == len(shown) == 5 + known
    assert (TRUTH in shown) == ("Inferred against measured" in shown["One gene"]) == known


def test_samples_like_those_learned_from_and_far_ones_are_told_apart(home: Workspace) -> None:
    near = words(opened(PAGE, run=profiles(home, "complete.h5ad").id))
    assert "24 genes** inferred for **30 samples** of complete.h5ad from **24 of 24 landmark genes**" in near
    assert "**Samples like those learned from.**" in near
    far = words(opened(PAGE, run=profiles(home, "far.h5ad").id))
    assert "**Far from the training samples.** This sample lies farther" in far
    assert "3 landmark genes missing: mean held-out r" in far


def test_a_gene_is_found_by_another_name(home: Workspace) -> None:
    run = profiles(home, "complete.h5ad")
    page = opened(PAGE, run=run.id)
    name = symbols(GENES)[3]
    field = next(widget for widget in page.text_input if widget.label == "Gene")
    field.set_value(name.lower()).run()
    assert page.query_params["gene"] in (name, [name])
    field = next(widget for widget in page.text_input if widget.label == "Gene")
    field.set_value("NO-SUCH-GENE").run()
    assert "No gene of these profiles is called NO-SUCH-GENE" in words(page)
    assert not page.exception


def test_samples_stand_by_their_annotation(home: Workspace) -> None:
    run = profiles(home, "panel.h5ad")
    page = opened(PAGE, run=run.id)
    order = page.selectbox(key=f"infer-order-{run.id}")
    assert "by tissue" in order.options
    order.set_value("by tissue").run()
    assert not page.exception
    assert not page.error


def test_names_of_training_samples_may_hold_commas(home: Workspace) -> None:
    run = profiles(home, "panel.h5ad")
    for name, page in views(home, run):
        if name == "One sample":
            box = next(box for box in page.selectbox if box.label == "Beside")
            assert len(box.options) == 3
            assert all(option.startswith("learned, ") for option in box.options)


def test_without_training_samples_nothing_is_said_of_distances(home: Workspace) -> None:
    run = profiles(home, "panel.h5ad")
    samples = run.table("samples")[["sample"]]
    samples.to_parquet(run.folder / "samples.parquet", index=False)
    (run.folder / "held_out.parquet").unlink()
    path = run.folder / "manifest.json"
    manifest = json.loads(path.read_text())
    for name in ("far_samples", "median_percentile"):
        del manifest["metrics"][name]
    path.write_text(json.dumps(manifest))
    said = {name: words(page) for name, page in views(home, run)}
    assert "nothing is known of how near" in said["One sample"]
    assert "nothing is known of how near these samples are" in said["One gene"]


def test_profiles_outlive_their_fit_and_their_dataset(home: Workspace) -> None:
    run = profiles(home, "complete.h5ad")
    shutil.rmtree(home.runs / run.manifest.parents["fit"])
    for _ in views(home, run):
        pass
    shutil.rmtree(home.datasets / run.manifest.parents["dataset"])
    said = {name: words(page) for name, page in views(home, run)}
    assert "The dataset that the predictor learned from is not here" in said["One sample"]
    assert "There is no predictor, and no dataset to fit one on" in said["One gene"]


def test_every_format_is_offered_and_reads_back(home: Workspace, tmp_path: Path) -> None:
    from landmark.data.reading import read

    run = profiles(home, "complete.h5ad")
    assert "Download as GCT" in [button.label for button in opened(PAGE, run=run.id).get("download_button")]
    for ending in download.FORMATS:
        path = tmp_path / f"profiles.{ending}"
        path.write_bytes(view_files.profiles_file(run, ending)())
        assert np.array_equal(read(path).X, anndata.read_h5ad(Profiles.of(run).path).X), ending


def test_a_large_file_is_written_by_a_command(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    run = profiles(home, "complete.h5ad")
    monkeypatch.setattr(download, "LARGEST_MB", 0)
    said = [code.value for code in opened(PAGE, run=run.id).code]
    assert f"python -m landmark export {run.id} --to {run.id}.gct" in said


def test_before_a_run_the_page_says_what_will_come_of_it(
    home: Workspace, at_once: None, asked: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_form.uploads, "uploaded", lambda label, name: home.uploads / "far.h5ad")
    home.uploads.mkdir(exist_ok=True)
    shutil.copy(home.root / "far.h5ad", home.uploads)
    fit = next(run for run in RunStore(home).all("fit") if run.manifest.metrics["size"] == GENES // 2)
    assert fit.id in view_form.predictors()
    page = opened(PAGE, run=profiles(home, "panel.h5ad").id)
    page.selectbox(key="profiles-fit").set_value(fit.id).run()
    assert not page.exception
    said = words(page)
    assert "27 genes** will be inferred for **1 sample** of far.h5ad from **21 of 24** landmark genes" in said
    assert "3 landmark genes** missing" in said
    assert "In held-out samples the mean r" in said
    page.button(key="profiles-start").click().run()
    assert not page.exception
    assert "run" not in page.query_params  # what was looked at gives way
    page.run()
    assert "run" not in page.query_params
    [(kind, values)] = asked
    assert kind == "profiles"
    assert values == {
        "dataset": str(home.uploads / "far.h5ad"),
        "names_from": "",
        "fit": fit.id,
        "scale": "proposed",
        "orientation": "found",
        "missing": "refuse",
        "level": 0.9,
        "log2": False,
        "seed": 0,
    }


def test_what_cannot_be_completed_is_said_in_a_sentence(
    home: Workspace, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = matrix(0, 3)
    other.var_names = [f"feature.{place}" for place in range(GENES)]
    home.uploads.mkdir(exist_ok=True)
    other.write_h5ad(home.uploads / "other.h5ad")
    monkeypatch.setattr(view_form.uploads, "uploaded", lambda label, name: home.uploads / "other.h5ad")
    page = opened(PAGE)
    assert not page.exception
    (error,) = page.error
    assert "landmark genes are found" in error.value
    assert page.button(key="profiles-start").disabled


def test_a_predictor_can_be_fitted_on_the_spot(home: Workspace, at_once: None, asked: list) -> None:
    page = opened(PAGE)
    page.segmented_control(key="profiles-place").set_value("A dataset that is here").run()
    page.segmented_control(key="profiles-source-2").set_value("Fit one now").run()
    assert not page.exception
    assert "24 genes** will be inferred for **90 samples**" in words(page)
    page.button(key="profiles-start").click().run()
    data = RunStore(home).all("import")[0].manifest.parents["dataset"]
    [(_, wanted)] = asked
    assert (wanted["dataset"], wanted["train_on"]) == (data, data)
    assert (wanted["set"], wanted["predictor"]) == ("L1000", "ridge")
    assert "fit" not in wanted


def test_kept_predictors_are_offered_first(home: Workspace) -> None:
    fit = RunStore(home).all("fit")[0]
    execute_now(home, "keep", {"fit": fit.id, "name": "mine"})
    first, *others = view_form.predictors()
    assert (first, fit.id in others) == ("mine", True)
    shutil.rmtree(home.datasets)
    shutil.rmtree(home.runs)
    page = opened(PAGE)
    assert not page.exception
    assert page.selectbox(key="profiles-fit").value == "mine"
