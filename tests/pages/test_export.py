"""A dataset leaves through the browser in every format, or by a command where it is too large for that."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from landmark.data import read
from landmark.store.workspace import Workspace
from landmark.ui import download
from landmark.ui.download import dataset_file
from tests.pages.stored import dataset

APP = str(Path(__file__).parents[2] / "app.py")


def _open() -> AppTest:
    app = AppTest.from_file(APP, default_timeout=20).run()
    app.switch_page("pages/data/import_data.py").run()
    assert not app.exception
    return app


def test_every_format_is_offered_and_reads_back(own_home: Path, tmp_path: Path) -> None:
    data = dataset(Workspace(own_home))
    app = _open()
    (choice,) = (box for box in app.selectbox if box.label == "Format")
    assert len(choice.options) == len(download.FORMATS)
    choice.set_value("gct").run()
    assert not app.exception
    for ending in download.FORMATS:
        path = tmp_path / f"m.{ending}"
        path.write_bytes(dataset_file(data, ending)())
        assert np.array_equal(read(path).X, data.load().X), ending


def test_a_large_dataset_is_written_on_the_server(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = dataset(Workspace(own_home))
    monkeypatch.setattr(download, "LARGEST_MB", 0)
    app = _open()
    assert f"python -m landmark export {data.id} --to {data.id}.gct" in [code.value for code in app.code]
