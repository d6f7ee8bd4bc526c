"""The page of kept predictors on a real one: what it lists and offers, and what it asks for."""

import shutil
from pathlib import Path

import pytest

from landmark.store.kept import KeptStore
from landmark.store.kept_file import export_kept
from landmark.store.runs import MANIFEST
from landmark.store.workspace import Workspace
from landmark.ui.download import kept_file
from landmark.workflows.execute import execute_now
from tests.kept import home_with_fit, new_samples
from tests.pages.opened import opened, words

PAGE = "use/kept.py"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A home with a fit that is kept, and profiles that the kept predictor made."""
    folder = tmp_path_factory.mktemp("kept")
    home, fit = home_with_fit(folder)
    execute_now(home, "keep", {"fit": fit.id, "name": "three tissues", "licence": "CC *BY*"})
    execute_now(home, "profiles", {"fit": "three tissues", "dataset": str(new_samples(folder))})
    return home


@pytest.fixture
def own(made: Workspace, home: Workspace) -> Workspace:
    """A copy that a test may change."""
    shutil.copytree(made.root, home.root)
    return home


def test_without_any_it_says_what_they_are_for(home: Workspace) -> None:
    app = opened(PAGE)
    assert not app.exception
    assert "None yet" in words(app)
    assert "There is no fitted predictor yet" in words(app)
    assert not app.dataframe


def test_it_lists_what_each_learned_from(own: Workspace) -> None:
    app = opened(PAGE)
    assert not app.error
    assert "**1 predictor** is kept" in words(app)
    [table] = app.dataframe
    row = table.value.iloc[0]
    assert (row["name"], row["method"], row["learned_from"]) == (
        "three tissues",
        "Ridge regression",
        "Three tissues",
    )
    assert (row["licence"], row["values"], row["genes"]) == ("CC *BY*", True, 60)
    assert row["pcc"] > 0.5
    assert app.button(key="kept-delete-three tissues")
    assert any(
        "values of 96 training samples" in one.value and "CC \\*BY\\*" in one.value for one in app.caption
    )


def test_a_large_one_is_written_on_the_server(own: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert opened(PAGE).get("download_button")
    monkeypatch.setattr("landmark.analyses.keep.view.LARGEST_MB", 0.01)
    app = opened(PAGE)
    assert not app.get("download_button")
    assert [code.value for code in app.code] == [
        "python -m landmark kept export 'three tissues' 'three tissues.landmark'"
    ]


def test_the_download_is_the_exported_file(own: Workspace, tmp_path: Path) -> None:
    kept = KeptStore(own).get("three tissues")
    assert kept_file(kept)() == export_kept(kept, tmp_path / "a.landmark").read_bytes()


def test_a_fit_is_kept_under_a_name(own: Workspace, asked: list) -> None:
    app = opened(PAGE)
    assert app.button(key="keep-start").disabled
    app.text_input(key="keep-name").set_value("three tissues").run()
    assert app.button(key="keep-start").disabled
    assert ["already" in warning.value for warning in app.warning] == [True]
    app.text_input(key="keep-name").set_value("lung").run()
    app.text_input(key="keep-licence").set_value("mine").run()
    app.toggle(key="keep-without_values").set_value(True).run()
    app.button(key="keep-start").click().run()
    [(kind, values)] = asked
    assert kind == "keep"
    assert values["fit"].startswith("fit-")
    assert (values["name"], values["licence"], values["without_values"]) == ("lung", "mine", True)


def test_a_file_is_brought_in(own: Workspace, asked: list, tmp_path: Path) -> None:
    path = export_kept(KeptStore(own).get("three tissues"), tmp_path / "a.landmark")
    app = opened(PAGE)
    assert app.button(key="kept-bring-in").disabled
    app.file_uploader[0].upload("a.landmark", path.read_bytes(), "application/zip").run()
    app.text_input(key="kept-name").set_value("again").run()
    app.button(key="kept-bring-in").click().run()
    [(kind, values)] = asked
    assert (kind, values["name"]) == ("keep", "again")
    assert Path(values["fit"]).is_relative_to(own.uploads)
    execute_now(own, kind, values)
    assert {kept.name for kept in KeptStore(own).all()} == {"three tissues", "again"}


def test_one_is_deleted(own: Workspace) -> None:
    opened(PAGE).button(key="kept-delete-three tissues").click().run()
    assert KeptStore(own).all() == []


def test_a_damaged_one_is_named_and_can_be_deleted(own: Workspace) -> None:
    (own.predictors / "three tissues" / MANIFEST).write_text("{}")
    app = opened(PAGE)
    assert [warning.value for warning in app.warning if "three tissues" in warning.value]
    app.button(key="kept-unreadable-three tissues").click().run()
    assert not list(own.predictors.iterdir())


def test_the_history_bears_runs_without_a_dataset(own: Workspace) -> None:
    app = opened("runs/history.py")
    assert not app.error
    assert not app.exception
    shown = app.dataframe[0].value
    assert shown.loc[shown["Run"].str.startswith("profiles"), "Data"].tolist() == [""]
