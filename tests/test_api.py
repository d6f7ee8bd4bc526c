"""Fit and infer from Python, in the three lines of the README."""

import subprocess
import sys

import anndata
import numpy as np
import pandas as pd
import pytest

import landmark
from landmark.errors import BadConfiguration, BadData, BadRun
from landmark.store.kept import KeptStore
from landmark.store.kept_file import export_kept
from landmark.store.workspace import open_workspace
from landmark.workflows.execute import execute_now
from tests.small import symbols, values


def matrix(first: int, last: int) -> anndata.AnnData:
    X = values(200, 60, 4).astype(np.float32)[first:last]
    names = [f"case-{i}-q" for i in range(first, last)]
    obs = pd.DataFrame({"patient": [f"p{i // 2}" for i in range(first, last)]}, index=names)
    return anndata.AnnData(X, obs=obs, var=pd.DataFrame(index=symbols(60)))


@pytest.fixture(scope="module")
def predictor():
    return landmark.fit(matrix(0, 140), symbols(60)[::2], "ridge")


def test_complete_profiles_in_three_lines(predictor):
    new = matrix(140, 200)
    profiles = landmark.infer(new[:, symbols(60)[::2]].copy(), predictor)
    assert profiles.shape == (60, 60)
    assert list(profiles.var_names) == symbols(60)
    inferred = ~profiles.layers["measured"][0]
    assert inferred.sum() == 30
    true, lower, upper = new.X[:, inferred], profiles.layers["lower"], profiles.layers["upper"]
    covered = (lower[:, inferred] <= true) & (true <= upper[:, inferred])
    assert covered.mean() == pytest.approx(0.9, abs=0.05)
    assert set(profiles.var["grade"]) <= {"measured", "trust", "with care", "not"}
    assert "nearest" in profiles.obs


def test_files_and_single_samples(predictor, tmp_path):
    path = tmp_path / "one.csv"
    new = matrix(150, 151)
    lines = [f"{gene},{value:.5f}" for gene, value in zip(new.var_names, new.X[0], strict=True)]
    path.write_text("gene,only\n" + "\n".join(lines) + "\n", encoding="utf-8")
    profiles = landmark.infer(path, predictor, scale="none", level=0.8)
    assert profiles.shape == (1, 60)
    again = landmark.infer(new, predictor, scale="none", level=0.8)
    np.testing.assert_allclose(profiles.X, again.X, atol=1e-3)


def test_patients_are_kept_whole_and_training_samples_alone_are_learned_from(tmp_path):
    data = matrix(0, 140)
    data.obs["split"] = ["train"] * 100 + ["test"] * 40
    data.write_h5ad(tmp_path / "data.h5ad")
    fitted = landmark.fit(data, "L1000", "knn", groups="patient", numbers=(3,))
    assert fitted.trained.fitted.details["neighbours"] == 3
    assert len(fitted.training.names) == 100
    assert fitted.training.split.groups.train.tolist() == [i // 2 for i in range(100)]
    assert fitted.landmarks == tuple(symbols(60)[::2])


def test_a_kept_predictor_by_its_name_and_as_a_file(tmp_path):
    home = open_workspace()
    home.root.mkdir(exist_ok=True)
    matrix(0, 140).write_h5ad(tmp_path / "learned.h5ad")
    imported = execute_now(home, "import", {"path": str(tmp_path / "learned.h5ad")})
    fitted = execute_now(home, "fit", {"dataset": imported.manifest.parents["dataset"], "set": "L1000-978"})
    execute_now(home, "keep", {"fit": fitted.id, "name": "ours"})
    export_kept(KeptStore(home).get("ours"), tmp_path / "ours.landmark")
    new = matrix(140, 150)
    by_name, by_file = (landmark.infer(new, known) for known in ("ours", tmp_path / "ours.landmark"))
    np.testing.assert_array_equal(by_name.X, by_file.X)
    with pytest.raises(BadRun, match="theirs"):
        landmark.infer(new, "theirs")


def test_mistakes_are_answered_in_a_sentence(predictor):
    with pytest.raises(BadConfiguration, match="choose one of ridge"):
        landmark.fit(matrix(0, 20), method="magic")
    with pytest.raises(BadData, match="1 of the 2 genes are not in the dataset, NOTHING among them"):
        landmark.fit(matrix(0, 20), ["NOTHING", symbols(60)[0]])
    with pytest.raises(BadData, match="no such annotation"):
        landmark.fit(matrix(0, 20), groups="clinic")
    with pytest.raises(BadConfiguration, match="between 0 and 1"):
        landmark.infer(matrix(0, 20), predictor, level=90)
    with pytest.raises(BadConfiguration, match="scale"):
        landmark.infer(matrix(0, 20), predictor, scale="log")
    broken = matrix(0, 20)
    broken.X[0, 0] = np.nan
    with pytest.raises(BadData, match="missing or infinite"):
        landmark.infer(broken, predictor)
    with pytest.raises(AttributeError):
        landmark.nothing  # noqa: B018


def test_importing_landmark_alone_loads_nothing_that_computes():
    code = "import landmark, sys; sys.exit('numpy' in sys.modules or 'jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
