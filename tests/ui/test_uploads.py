"""Uploaded files lie on disk no longer than they are needed."""

import io
import os
import time
from pathlib import Path

import pytest

from landmark.errors import BadData
from landmark.store.sweep import UPLOAD_SECONDS
from landmark.ui.uploads import server_files, spool, spool_together, sweep
from tests.pages.stored import stopped
from tests.real_runs import RealRuns, altered


def _aged(path: Path) -> Path:
    then = time.time() - 2 * UPLOAD_SECONDS
    os.utime(path, (then, then))
    os.utime(path.parent, (then, then))
    return path


@pytest.mark.parametrize("name", ["a.csv", "../../a.csv", "/etc/a.csv", ""])
def test_a_file_is_kept_below_the_home_whatever_its_name(own_home: Path, name: str) -> None:
    path = spool(io.BytesIO(b"gene,s1\n"), name)
    assert path.read_bytes() == b"gene,s1\n"
    assert path.resolve().is_relative_to(own_home / "uploads")


def test_sweep_removes_what_is_imported_or_forgotten_and_keeps_what_is_wanted(real: RealRuns) -> None:
    imported, forgotten, wanted, table, fresh = (spool(io.BytesIO(b"x"), f"{n}.csv") for n in range(5))
    altered(real("import"), configuration={"path": str(imported)})
    files = {"path": str(_aged(wanted)), "gene_table": str(_aged(table))}
    stopped(real.home, "import", files, "The disk is full.")
    _aged(forgotten)
    sweep()
    assert [path.exists() for path in (imported, forgotten)] == [False, False]
    assert [path.exists() for path in (wanted, table, fresh)] == [True, True, True]


def test_files_of_a_folder_stay_together_below_the_home(own_home: Path) -> None:
    files = [("E003/train.csv", io.BytesIO(b"1")), ("../../etc/E003/valid.csv", io.BytesIO(b"2"))]
    folder = spool_together(files, "marks")
    assert folder.resolve().is_relative_to(own_home / "uploads")
    assert {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.csv")} == {
        "E003/train.csv": b"1",
        "etc/E003/valid.csv": b"2",
    }
    with pytest.raises(BadData, match=r"Two of the files are called a\.csv"):
        spool_together([("a.csv", io.BytesIO()), ("a.csv", io.BytesIO())], "marks")


def test_sweep_removes_histone_profiles_once_they_are_imported(real: RealRuns) -> None:
    imported, waiting = (spool_together([("a.csv", io.BytesIO(b"x"))], "marks") for _ in range(2))
    altered(real("histones"), configuration={"path": str(imported), "example": ""})
    sweep()
    assert (imported.exists(), waiting.exists()) == (False, True)


def test_links_out_of_the_server_folder_are_not_offered(tmp_path: Path) -> None:
    folder, secret = tmp_path / "folder", tmp_path / "secret.csv"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a.csv").write_text("x")
    secret.write_text("x")
    (folder / "out.csv").symlink_to(secret)
    assert server_files(folder) == ["deep/a.csv"]
