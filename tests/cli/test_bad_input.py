"""Input at fault: exit code 2, one line that says what, where and how, and nothing half-written."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from landmark.store.activity import activities
from landmark.store.workspace import Workspace

ROOT = Path(__file__).parents[2]

HEADER = "gene,s1,s2,s3,s4\n"
GOOD = "TP53,1.5,2.5,3.5,4.5\nEGFR,2.5,1.5,4.5,3.5\nMYC,5.5,6.5,7.5,8.5\n"

FILES = {
    "empty.csv": (b"", "empty"),
    "header.csv": (HEADER.encode(), ""),
    "words.csv": ((HEADER + GOOD + "KRAS,one,two,three,four\n").encode(), "one"),
    "twice.csv": ((HEADER + GOOD + "TP53,2.5,3.5,1.5,4.5\n").encode(), "TP53"),
    "single.csv": (b"gene,s1\nTP53,1.5\nEGFR,2.5\nMYC,0.5\n", "single sample"),
    "nan.csv": ((HEADER + GOOD + "KRAS,1.5,NaN,2.5,3.5\n").encode(), "missing"),
    "infinite.csv": ((HEADER + GOOD + "KRAS,1.5,inf,2.5,3.5\n").encode(), "KRAS"),
    "ragged.csv": ((HEADER + GOOD + "KRAS,1.5\n").encode(), ""),
    "zip.csv": (b"PK\x03\x04" + bytes(range(256)), ""),
    "text.h5ad": ((HEADER + GOOD).encode(), ""),
    "text.gctx": ((HEADER + GOOD).encode(), ""),
    "text.xlsx": ((HEADER + GOOD).encode(), ""),
    "text.parquet": ((HEADER + GOOD).encode(), ""),
    "table.gct": ((HEADER + GOOD).encode(), ""),
    "broken.csv.gz": (gzip.compress((HEADER + GOOD).encode() * 50)[:-20], ""),
    "plain.csv.gz": ((HEADER + GOOD).encode(), ""),
    "picture.png": (b"\x89PNG\r\n\x1a\n" + bytes(64), ""),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_at_fault_is_explained(landmark, own_home, tmp_path, name):
    content, telling = FILES[name]
    path = tmp_path / name
    path.write_bytes(content)
    answer = landmark("import", path)
    _is_one_sentence(answer)
    assert telling.lower() in answer.err.lower()
    _nothing_half_written(own_home)


@pytest.mark.parametrize(
    ("words", "telling"),
    [
        (["import", "nowhere.csv"], "nowhere.csv"),
        (["import", "."], ""),
        (["import"], "give either a file or the name of an example"),
        (["import", "x.csv", "--example", "gdsc"], "give either a file or the name of an example"),
        (["import", "--example", "nothing"], "is no example"),
        (["import", "x.csv", "--held-out", "1.5"], "held_out = 1.5"),
        (["infer", "--dataset", "x", "--set", "L1000", "--predictor", "ridge"], "use `predictors`"),
        (["infer", "--dataset", "x", "--null", "other genes"], "the command `predictors` now"),
        (["infer", "--dataset", "x", "--fit", "fit-00000000"], "no such file"),
        (["infer", "--fit", "fit-00000000"], "--dataset"),
        (["import", "x.csv", "--held-out", "much"], "held-out"),
        (["import", "x.csv", "--with", "collapse=sometimes"], "collapse = 'sometimes'"),
        (["train"], "There is no dataset yet"),
        (["train", "--dataset", "nothing"], "There is no dataset 'nothing'"),
        (["train", "--dataset", "../.."], "There is no dataset"),
        (["train", "--dataset", "x", "--preset", "own"], "the only preset is 'paper'"),
        (["train", "--dataset", "x", "--with", "epochs"], "write it as name=value"),
        (["train", "--dataset", "x", "--with", "epochs=many"], "network.epochs = 'many'"),
        (["train", "--dataset", "x", "--with", "epochs=0"], "network.epochs = '0'"),
        (["train", "--dataset", "x", "--with", "epoch=5"], "network.epoch is not a setting here"),
        (["train", "--dataset", "x", "--with", "l2=nan"], "network.l2"),
        (["train", "--dataset", "x", "--seed", "-1"], "network.seed"),
        (["rank"], "There is no train run yet"),
        (["rank", "--model", "train-00000000"], "There is no finished run 'train-00000000'"),
        (["rank", "--model", "x", "--with", "target=both"], "target = 'both'"),
        (["compare"], "There is no dataset yet"),
        (["compare", "--set", "rank-00000000:5"], "There is no finished run 'rank-00000000'"),
        (["compare", "--dataset", "x", "--predictor", "guess"], "predictor = 'guess'"),
        (["compare", "--dataset", "x", "--with", "dgex.epochs=0"], "dgex.epochs = '0'"),
        (["compare", "--dataset", "x", "--with", "dgex=5"], "dgex"),
        (["compare", "--dataset", "x", "--with", "dgex=5", "--with", "dgex.epochs=3"], "dgex"),
        (["cluster"], "There is no train run yet"),
        (["cluster", "--model", "x", "--with", "linkage=ward"], "ward linkage needs the euclidean distance"),
        (["path", "--example", "nothing"], "is no example"),
        (["path", "--dataset", "nothing"], "There is no dataset 'nothing'"),
        (["path", "--dataset", "x", "--with", "network.epochs=0"], "network.epochs"),
        (["runs", "show", "nothing"], "There is no finished run 'nothing'"),
        (["runs", "export", "nothing", "out"], "There is no finished run 'nothing'"),
        (["runs", "delete", "nothing"], "There is no run 'nothing'"),
        (["runs", "delete", ".."], "There is no run '..'"),
        (["runs", "delete", "."], "There is no run '.'"),
        (["runs", "resume", "train-00000000"], "There is no unfinished run 'train-00000000'"),
        (["guess"], "guess"),
        (["train", "--guess"], "--guess"),
        (["runs", "show"], "RUN_ID"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_at_fault_is_explained(landmark, own_home, tmp_path, monkeypatch, words, telling):
    monkeypatch.chdir(tmp_path)
    answer = landmark(*words)
    _is_one_sentence(answer)
    assert telling.lower() in answer.err.lower()
    _nothing_half_written(own_home)


@pytest.mark.parametrize(
    ("name", "value"), [("LANDMARK_EXECUTOR", "cloud"), ("LANDMARK_MAX_UPLOAD_MB", "much")]
)
def test_a_setting_at_fault_is_named(landmark, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    answer = landmark("runs", "list")
    _is_one_sentence(answer)
    assert f"{name}={value}" in answer.err


def test_a_defect_is_told_in_a_sentence_with_its_details_in_a_file(landmark, own_home, monkeypatch):

    monkeypatch.setattr("landmark.store.activity.activities", lambda home: 1 / 0)
    answer = landmark("runs", "list")
    assert answer.code == 1
    assert "Traceback" in answer.err
    said = answer.err.splitlines()[-1]
    assert said.startswith("landmark: the program met something it did not expect (ZeroDivisionError)")
    assert said.endswith(str(own_home / "landmark.log"))
    kept = (own_home / "landmark.log").read_text()
    assert "command: runs list" in kept
    assert "ZeroDivisionError" in kept


def test_the_real_process_ends_alike(tmp_path):
    empty = tmp_path / "empty.csv"
    empty.touch()
    done = subprocess.run(
        [sys.executable, "-m", "landmark", "import", str(empty), "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "empty" in done.stderr


def _is_one_sentence(answer):
    assert answer.code == 2, answer
    assert answer.out == ""
    assert len(answer.err.splitlines()) == 1, answer.err
    assert answer.err.startswith("landmark: ")


def _nothing_half_written(root):
    home = Workspace(root)
    assert not list(home.runs.glob("*"))
    assert not list(home.datasets.glob("*"))
    assert {item.state for item in activities(home)} <= {"failed"}
    assert len(list(home.unfinished.glob("*"))) == len(activities(home))
    assert not (root / "landmark.log").exists()
