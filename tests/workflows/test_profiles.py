"""Complete profiles of new samples, from fit to file."""

from pathlib import Path
from typing import Any

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest

from landmark.data.reading import read
from landmark.errors import BadConfiguration, BadData, BadRun, LandmarkError
from landmark.store.datasets import DatasetStore
from landmark.store.profiles import PROFILES, Profiles
from landmark.store.runs import Run, RunStore
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now
from tests.small import symbols, values

GENES = 80
LEARNED, NEW = 240, 400
TISSUES = np.array(["lung", "skin", "blood"])


def matrix_of(first: int, last: int) -> anndata.AnnData:
    """Some samples of one large collection, in log units: three tissues, half of the genes landmark genes."""
    X = values(LEARNED + NEW, GENES, 0)
    tissue = np.arange(len(X)) % 3
    X[:, : GENES // 2] += 2 * tissue[:, None]
    names = [f"{'learned' if i < LEARNED else 'new'}-{i}-x" for i in range(len(X))]
    whole = anndata.AnnData(
        X.astype(np.float32),
        obs=pd.DataFrame({"tissue": TISSUES[tissue]}, index=names),
        var=pd.DataFrame(index=symbols(GENES)),
    )
    return whole[first:last].copy()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A home with a dataset to learn from and a ridge regression on its 40 L1000 genes."""
    home = Workspace(tmp_path_factory.mktemp("profiles") / "home")
    home.root.mkdir()
    matrix_of(0, LEARNED).write_h5ad(home.root / "training.h5ad")
    made = execute_now(home, "import", {"path": str(home.root / "training.h5ad")})
    execute_now(home, "fit", {"dataset": made.manifest.parents["dataset"], "set": "L1000-978"})
    return home


@pytest.fixture(scope="module")
def fit(home: Workspace) -> Run:
    return RunStore(home).all("fit")[0]


@pytest.fixture(scope="module")
def landmarks(fit: Run) -> list[str]:
    return list(fit.table("set")["gene"])


def infer(home: Workspace, fit: Run, matrix: anndata.AnnData | Path, **choices: Any) -> Run:
    """Complete some samples, which are written to a file first."""
    path = matrix
    if isinstance(matrix, anndata.AnnData):
        path = home.root / f"{len(list(home.root.glob('new-*')))}.h5ad"
        path = path.with_name(f"new-{path.name}")
        matrix.write_h5ad(path)
    return execute_now(home, "profiles", {"dataset": str(path), "fit": fit.id, **choices})


@pytest.fixture(scope="module")
def panel(home: Workspace, fit: Run, landmarks: list[str]) -> Run:
    """Profiles of a panel: landmark genes alone."""
    return infer(home, fit, matrix_of(LEARNED, LEARNED + NEW)[:, landmarks].copy())


@pytest.fixture(scope="module")
def complete(home: Workspace, fit: Run) -> Run:
    """Profiles of samples whose genes were all measured."""
    return infer(home, fit, matrix_of(LEARNED, LEARNED + NEW))


def test_profiles_open_in_anndata_with_intervals_and_what_was_measured(panel, fit, landmarks):
    found = anndata.read_h5ad(panel.folder / PROFILES)
    new = matrix_of(LEARNED, LEARNED + NEW)
    assert found.shape == (NEW, GENES)
    assert list(found.obs_names) == list(new.obs_names)
    assert list(found.var_names) == symbols(GENES)
    measured = found.var_names.isin(landmarks)
    assert (found.layers["measured"] == measured).all()
    assert sorted(found.layers) == ["lower", "measured", "upper"]
    np.testing.assert_array_equal(found[:, landmarks].X, new[:, landmarks].X)
    for layer in ("lower", "upper"):
        np.testing.assert_array_equal(found[:, landmarks].layers[layer], found[:, landmarks].X)
    inferred = found[:, ~measured]
    assert (inferred.layers["lower"] < inferred.X).all()
    assert (inferred.layers["upper"] > inferred.X).all()
    assert list(found.obs["tissue"].astype(str)) == list(new.obs["tissue"])


def test_predictions_are_those_of_the_fit(panel, fit, landmarks):
    from landmark.inference.trained import TrainedPredictor

    trained = TrainedPredictor.load(fit.folder / "predictor")
    new = matrix_of(LEARNED, LEARNED + NEW)
    found = anndata.read_h5ad(panel.folder / PROFILES)
    expected = trained.predict(new[:, landmarks].X)
    np.testing.assert_allclose(found[:, list(trained.targets)].X, expected, rtol=1e-5)


def test_the_figures_say_what_was_done(panel):
    found = panel.manifest.metrics
    assert (found["samples"], found["genes"], found["genes_inferred"]) == (NEW, GENES, GENES // 2)
    assert (found["landmarks"], found["landmarks_matched"], found["genes_unknown"]) == (40, 40, 0)
    assert (found["level"], found["scale"], found["scale_proposed"], found["refitted"]) == (
        0.9,
        "none",
        True,
        False,
    )
    assert "coverage" not in found
    assert "truth_genes" not in found
    assert {"genes", "samples", "profiles.h5ad", "profiles.gctx"} <= set(panel.manifest.files)
    genes = panel.table("genes")
    assert found["genes_trusted"] == (genes["grade"] == "trust").sum() > 0


@pytest.mark.parametrize("level", [0.8, 0.9])
def test_intervals_cover_samples_of_the_same_kind(home, fit, level):
    found = infer(home, fit, matrix_of(LEARNED, LEARNED + NEW), level=level)
    assert found.manifest.metrics["coverage"] == pytest.approx(level, abs=0.02)
    assert found.manifest.metrics["truth_samples"] == NEW
    by_gene = found.table("genes")["coverage"].dropna()
    assert len(by_gene) == GENES // 2
    assert by_gene.between(level - 0.1, level + 0.1).all()


def test_accuracy_equals_that_of_the_written_profiles(complete):
    found = anndata.read_h5ad(complete.folder / PROFILES)
    inferred = found[:, ~found.layers["measured"][0]]
    true, values_ = inferred.layers["truth"], inferred.X
    genes = complete.table("genes").set_index("gene").loc[inferred.var_names]
    pcc = [np.corrcoef(a, b)[0, 1] for a, b in zip(true.T, values_.T, strict=True)]
    np.testing.assert_allclose(genes["truth_pcc"], pcc, atol=1e-4)
    within = (inferred.layers["lower"] <= true) & (true <= inferred.layers["upper"])
    np.testing.assert_allclose(genes["coverage"], within.mean(axis=0), atol=1e-9)
    np.testing.assert_allclose(complete.table("samples")["coverage"], within.mean(axis=1), atol=1e-6)
    assert complete.manifest.metrics["truth_pcc"] == pytest.approx(np.mean(pcc), abs=1e-4)
    np.testing.assert_array_equal(true, matrix_of(LEARNED, LEARNED + NEW)[:, inferred.var_names].X)


def test_blocks_do_not_change_the_profiles(home, fit, complete, monkeypatch):
    monkeypatch.setattr("landmark.workflows.complete.BLOCK_BYTES", 4 * GENES * 7)
    again = infer(home, fit, matrix_of(LEARNED, LEARNED + NEW))
    one, other = (anndata.read_h5ad(run.folder / PROFILES) for run in (complete, again))
    np.testing.assert_allclose(one.X, other.X, rtol=1e-5)
    np.testing.assert_allclose(one.layers["upper"], other.layers["upper"], rtol=1e-4)
    assert again.manifest.metrics["coverage"] == pytest.approx(
        complete.manifest.metrics["coverage"], abs=1e-4
    )


def test_samples_learned_from_do_not_count_as_proof(home, fit):
    dataset = fit.manifest.parents["dataset"]
    run = execute_now(home, "profiles", {"dataset": dataset, "fit": fit.id})
    matrix = DatasetStore(home).get(dataset).load()
    train = (matrix.obs["split"] == "train").sum()
    found = run.manifest.metrics
    assert (found["samples"], found["learned_samples"], found["truth_samples"]) == (
        LEARNED,
        train,
        LEARNED - train,
    )
    assert run.table("samples")["learned_from"].tolist() == (matrix.obs["split"] == "train").tolist()
    assert run.manifest.parents["new"] == dataset


def test_samples_that_lie_outside_are_marked_with_their_nearest_training_samples(home, fit, landmarks):
    new = matrix_of(LEARNED, LEARNED + 30)[:, landmarks].copy()
    new.X[:3] += np.random.default_rng(0).normal(scale=6, size=(3, len(landmarks))).astype(np.float32)
    copy = matrix_of(0, LEARNED)[5]
    new.X[10] = copy[:, landmarks].X[0]
    run = infer(home, fit, new, scale="none")
    samples = run.table("samples")
    assert samples["far"][:3].all()
    assert not samples["far"][3:].any()
    assert (samples["percentile"][:3] == 100).all()
    assert run.manifest.metrics["far_samples"] == 3
    assert any("3 samples of 30 lie farther" in note for note in run.manifest.notes)
    if copy.obs_names[0] in samples["nearest"][10]:
        assert samples["nearest"][10].startswith(copy.obs_names[0])
    wide = Profiles.of(run).sample(new.obs_names[0])
    usual = Profiles.of(run).sample(new.obs_names[20])
    assert (wide["upper"] - wide["lower"]).mean() > (usual["upper"] - usual["lower"]).mean()


def test_missing_landmark_genes_are_inferred_by_a_predictor_fitted_without_them(home, fit, landmarks):
    kept, gone = landmarks[:25], landmarks[25:]
    run = infer(home, fit, matrix_of(LEARNED, LEARNED + NEW)[:, kept].copy())
    found = run.manifest.metrics
    assert (found["landmarks"], found["landmarks_matched"], found["genes_inferred"]) == (40, 25, GENES - 25)
    assert found["refitted"]
    assert found["pcc_present_landmarks"] <= found["pcc_all_landmarks"] + 0.02
    table = run.table("landmarks").set_index("gene")["state"]
    assert (table[kept] == "matched").all()
    assert (table[gone] == "missing").all()
    assert any("15 landmark genes not found" in note for note in run.manifest.notes)
    inferred = anndata.read_h5ad(run.folder / PROFILES)[:, gone].X
    truth = matrix_of(LEARNED, LEARNED + NEW)[:, gone].X
    assert np.mean([np.corrcoef(a, b)[0, 1] for a, b in zip(inferred.T, truth.T, strict=True)]) > 0.8


def test_genes_by_other_names_and_by_several_columns(home, fit, landmarks, tmp_path):
    """A CSV with a repeated symbol, an unknown one, and one sample in a column."""
    new = matrix_of(LEARNED, LEARNED + 1)
    lines = ["gene,only"]
    for gene in landmarks:
        lines += [f"{gene},{new[:, gene].X[0, 0]:.4f}"]
    lines += [f"{landmarks[0]},{new[:, landmarks[0]].X[0, 0] + 2:.4f}", "NOT-A-GENE-1,5.0"]
    path = tmp_path / "panel.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    run = infer(home, fit, path)
    table = run.table("landmarks").set_index("gene")
    assert table["state"].to_dict()[landmarks[0]] == "mean of several"
    assert table["state"].to_dict()["NOT-A-GENE-1"] == "unknown"
    assert run.manifest.metrics["samples"] == 1
    value = Profiles.of(run).gene(landmarks[0])["value"]
    assert value.tolist() == [pytest.approx(new[:, landmarks[0]].X[0, 0] + 1, abs=1e-3)]


def test_a_single_sample_cannot_be_standardised_and_says_why(home, fit, landmarks):
    with pytest.raises(BadConfiguration, match="A single sample has no mean and spread"):
        infer(home, fit, matrix_of(LEARNED, LEARNED + 1)[:, landmarks].copy(), scale="standardise")


def test_another_platform_is_brought_over_by_rank_or_gene_by_gene(home, fit, landmarks):
    other = matrix_of(LEARNED, LEARNED + NEW)
    other.X = (1.7 * other.X + 30).astype(np.float32)
    for scale in ("quantiles", "standardise"):
        run = infer(home, fit, other, scale=scale)
        assert run.manifest.metrics["truth_pcc"] > 0.85
    run = infer(home, fit, other)
    assert run.manifest.metrics["scale"] != "none"
    assert run.manifest.metrics["scale_proposed"]
    scales = run.table("scales").set_index("scale")
    assert scales["chosen"].sum() == 1
    assert scales.loc["none", "distance"] > scales["distance"].min()
    assert any("This was chosen by the distance" in note for note in run.manifest.notes)


@pytest.mark.parametrize("ending", [".h5ad", ".gctx", ".gct", ".csv", ".parquet"])
def test_profiles_are_written_in_the_formats_of_the_field(home, fit, landmarks, ending, tmp_path):
    path = tmp_path / f"out{ending}"
    run = infer(home, fit, matrix_of(LEARNED, LEARNED + 20)[:, landmarks].copy(), out=str(path))
    expected = anndata.read_h5ad(run.folder / PROFILES)
    again = read(path)
    np.testing.assert_allclose(again.X, expected.X, rtol=1e-6)
    if ending in (".gct", ".gctx", ".h5ad"):
        assert list(again.var["grade"].astype(str)) == list(expected.var["grade"].astype(str))
    with pytest.raises(BadConfiguration, match="is there already"):
        infer(home, fit, matrix_of(LEARNED, LEARNED + 20)[:, landmarks].copy(), out=str(path))


def test_the_gctx_file_has_grades_beside_the_genes(panel):
    with h5py.File(panel.folder / "profiles.gctx") as file:
        grades = file["0/META/ROW/grade"].asstr()[:]
        assert file["0/DATA/0/matrix"].shape == (NEW, GENES)
    assert list(grades) == list(panel.table("genes")["grade"])


def test_a_predictor_is_fitted_on_the_spot(home, fit, landmarks):
    asked = {
        "dataset": str(home.root / "training.h5ad"),
        "train_on": fit.manifest.parents["dataset"],
        "set": "variable:12",
        "predictor": "knn",
    }
    run = execute_now(home, "profiles", asked)
    made = RunStore(home).get(run.manifest.parents["fit"])
    assert made.kind == "fit"
    assert made.manifest.configuration["predictor"] == "knn"
    assert run.manifest.metrics["predictor"] == "knn"
    assert run.manifest.metrics["landmarks"] == 12


def test_a_predictor_that_was_given_a_tissue_asks_for_it(home, fit):
    dataset = fit.manifest.parents["dataset"]
    given = execute_now(home, "fit", {"dataset": dataset, "set": "L1000-978", "covariate": "tissue"})
    new = matrix_of(LEARNED, LEARNED + 60)
    assert infer(home, given, new).manifest.metrics["truth_pcc"] > 0.85
    del new.obs["tissue"]
    with pytest.raises(BadData, match="fitted with the annotation 'tissue'"):
        infer(home, given, new)


def refused(home: Workspace, fit: Run, matrix: anndata.AnnData | Path, **choices: Any) -> str:
    """Return why an inference is refused; nothing is left of it among the runs."""
    before = len(RunStore(home).all())
    with pytest.raises(LandmarkError) as error:
        infer(home, fit, matrix, **choices)
    assert len(RunStore(home).all()) == before
    return str(error.value)


def test_bad_input_is_answered_in_a_sentence(home, fit, landmarks):
    new = matrix_of(LEARNED, LEARNED + 20)
    strange = new.copy()
    strange.var_names = [f"thing-{i}x" for i in range(GENES)]
    assert "None of the 40 landmark genes are found" in refused(home, fit, strange)
    mouse = new.copy()
    mouse.var_names = [name.capitalize() for name in symbols(GENES)]
    assert refused(home, fit, mouse).startswith("The genes look like those of the mouse")
    counts = new.copy()
    counts.X = np.round(2**new.X).astype(np.float32)
    assert "is not logged, and the predictor learned from logged values" in refused(home, fit, counts)
    assert "level = 0.99" in refused(home, fit, new, level=0.999)
    assert "there is no such file" in refused(home, fit, Path("nothing.csv"))
    assert "the ending should be one of" in refused(home, fit, new, out="/tmp/profiles.doc")


def test_counts_are_taken_after_a_logarithm(home, fit):
    counts = matrix_of(LEARNED, LEARNED + 40)
    counts.X = np.maximum(2**counts.X - 1, 0).astype(np.float32)
    assert infer(home, fit, counts, log2=True).manifest.metrics["truth_pcc"] > 0.85


def test_neither_or_both_ways_to_a_predictor(home, fit):
    with pytest.raises(BadConfiguration, match="name either a predictor"):
        execute_now(home, "profiles", {"dataset": "abc"})
    with pytest.raises(BadRun, match="There is no finished run"):
        execute_now(home, "profiles", {"dataset": fit.manifest.parents["dataset"], "fit": "fit-00000000"})


def test_missing_values_and_a_file_with_genes_in_columns(home, fit, landmarks, tmp_path):
    table = pd.DataFrame(matrix_of(LEARNED, LEARNED + 12)[:, landmarks].X, columns=landmarks)
    table.index = [f"only-{i}-y" for i in range(12)]
    table.iloc[3, 7] = np.nan
    path = tmp_path / "panel.csv"
    table.to_csv(path, index_label="sample")
    assert "missing" in refused(home, fit, path)
    run = infer(home, fit, path, missing="drop genes", orientation="genes in columns")
    assert run.manifest.metrics["landmarks_matched"] == len(landmarks) - 1
    state = run.table("landmarks").set_index("gene")["state"]
    assert state[landmarks[7]] == "missing"
    filled = infer(home, fit, path, missing="gene median")
    assert filled.manifest.metrics["landmarks_matched"] == len(landmarks)
    value = Profiles.of(filled).gene(landmarks[7])["value"][3]
    assert value == pytest.approx(np.nanmedian(table.iloc[:, 7]), rel=1e-5)


def test_a_mixture_names_the_samples_it_is_made_of(home, fit, landmarks):
    dataset = fit.manifest.parents["dataset"]
    mixing = execute_now(home, "fit", {"dataset": dataset, "set": "L1000-978", "predictor": "sample_lasso"})
    learned = DatasetStore(home).get(dataset).load()
    known = learned[learned.obs["split"] == "train"][7]
    new = matrix_of(LEARNED, LEARNED + 6)[:, landmarks].copy()
    new.X[2] = known[:, landmarks].X[0]
    found = infer(home, mixing, new, scale="none").table("samples")["mixture"]
    assert found.str.contains(r" -?\d\.\d\d").all()
    assert found[2].startswith(f"{known.obs_names[0]} ")
