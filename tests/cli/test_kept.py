"""Predictors from one home to another by commands."""

import json

import pytest

from landmark.store.kept import KeptStore
from landmark.store.workspace import Workspace
from tests.kept import home_with_fit, new_samples


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A home with a fit, and its id."""
    folder = tmp_path_factory.mktemp("kept")
    home, fit = home_with_fit(folder)
    new_samples(folder)
    return folder, home, fit.id


def test_keep_export_import_infer_delete(landmark, made, monkeypatch, tmp_path):
    folder, home, fit = made
    monkeypatch.setenv("LANDMARK_HOME", str(home.root))
    answer = landmark("kept", "keep", fit, "three tissues", "--licence", "CC BY 4.0", "--json")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert (found["kind"], found["metrics"]["name"], found["metrics"]["values"]) == (
        "keep",
        "three tissues",
        True,
    )
    assert "pass it on only where" in found["notes"][0]
    assert found["notes"][1:] == ["Licence: CC BY 4.0"]
    file = tmp_path / "it.landmark"
    assert landmark("kept", "export", "three tissues", file).out.strip() == str(file)

    other = Workspace(tmp_path / "other")
    monkeypatch.setenv("LANDMARK_HOME", str(other.root))
    assert landmark("kept", "list").out == ""
    assert (
        json.loads(landmark("kept", "import", file, "--name", "theirs", "--json").out)["metrics"]["name"]
        == "theirs"
    )
    [listed] = json.loads(landmark("kept", "list", "--json").out)
    assert (listed["name"], listed["licence"], listed["method"]) == ("theirs", "CC BY 4.0", "ridge")
    assert listed["learned_from"]["title"] == "Three tissues"
    assert "theirs: ridge on L1000-978 (30 genes) of Three tissues" in landmark("kept", "list").out
    new = folder / "new-60.h5ad"
    by_name = json.loads(landmark("infer", "--fit", "theirs", "--dataset", new, "--json").out)
    monkeypatch.chdir(tmp_path)
    by_file = json.loads(landmark("infer", "--fit", "it.landmark", "--dataset", new, "--json").out)
    assert by_name["metrics"] == by_file["metrics"]
    assert by_name["metrics"]["learned_from"] == "Three tissues"

    [check] = [
        check
        for check in json.loads(landmark("doctor", "--json").out)["checks"]
        if check["name"] == "kept predictors"
    ]
    assert check["found"] == "1"
    assert landmark("kept", "delete", "theirs").out == "Deleted theirs.\n"
    assert KeptStore(other).all() == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("kept", "keep", "fit-00000000", "a"), "There is no finished run 'fit-00000000'"),
        (("kept", "keep", "{fit}"), "name = ''"),
        (("kept", "keep", "{fit}", "a/b"), "name = 'a/b'"),
        (("kept", "export", "nobody", "a.landmark"), "There is no kept predictor 'nobody'"),
        (("kept", "import", "nothing.landmark"), "is not a file"),
        (("kept", "import", "{new}"), "is no file of a kept predictor"),
        (("kept", "delete", "../runs"), "There is no kept predictor"),
        (("infer", "--fit", "nobody", "--dataset", "{new}"), "There is no kept predictor 'nobody'"),
        (("infer", "--fit", "{new}", "--dataset", "{new}"), "is no file of a kept predictor"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(landmark, made, monkeypatch, words, why):
    folder, home, fit = made
    monkeypatch.setenv("LANDMARK_HOME", str(home.root))
    answer = landmark(*(word.format(fit=fit, new=folder / "new-60.h5ad") for word in words))
    assert answer.code == 2
    assert why in answer.err
    assert answer.err.count("\n") == 1
