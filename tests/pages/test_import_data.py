"""The import page: the form, and the matrix as it was understood."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from landmark.runs.home import Home
from tests.pages import builders

APP = str(Path(__file__).parents[2] / "app.py")


def _open() -> AppTest:
    app = AppTest.from_file(APP, default_timeout=20).run()
    app.switch_page("pages/data/import_data.py").run()
    assert not app.exception
    return app


def _submitted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, object]]]:
    asked: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr("landmark.ui.jobs.submit", lambda home, kind, values: asked.append((kind, values)))
    return asked


def _import(app: AppTest) -> AppTest:
    return next(button for button in app.button if button.label == "Import").click().run()


def test_an_example_is_imported_with_one_click(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _submitted(monkeypatch)
    app = _open()
    app.radio[0].set_value("simulated").run()
    _import(app)
    kind, values = asked[0]
    assert kind == "import"
    assert values == {
        "example": "simulated",
        "title": "",
        "held_out": 0.2,
        "seed": 0,
        "log2": False,
        "collapse": "none",
    }


def test_an_upload_is_written_to_disk_and_imported(monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    asked = _submitted(monkeypatch)
    app = _open()
    app.segmented_control[0].set_value("Upload").run()
    app.file_uploader[0].upload("cells.csv", b"gene,s1\nA,1\n", "text/csv").run()
    _import(app)
    path = Path(str(asked[0][1]["path"]))
    assert path.name == "cells.csv"
    assert path.read_bytes() == b"gene,s1\nA,1\n"
    assert path.is_relative_to(own_home / "uploads")


def test_a_missing_server_folder_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LANDMARK_FOLDER", str(tmp_path / "gone"))
    app = _open()
    app.segmented_control[0].set_value("Server folder").run()
    assert "LANDMARK_FOLDER" in app.error[0].value


def test_the_dataset_is_shown_as_understood(own_home: Path) -> None:
    home = Home(own_home)
    data = builders.dataset(home, title="My *cells*")
    metrics = {"samples": 30, "genes": 40, "identifier": "symbol", "l1000_present": 10}
    builders.publish(home, "import", {"path": "/cells.csv"}, {"dataset": data.id}, metrics, {})
    app = _open()
    assert not app.error
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Samples"] == "30"
    assert shown["L1000 genes"] == "10 of 943"
    assert "My \\*cells\\*" in app.main.markdown[0].value
    assert app.dataframe[0].value.shape == (8, 8)


def test_a_failed_import_says_why(own_home: Path) -> None:
    builders.stopped(Home(own_home), "import", {"path": "/cells.csv"}, "Line 3 has 4 values, line 2 has 5.")
    assert _open().error[0].value == "Line 3 has 4 values, line 2 has 5."
