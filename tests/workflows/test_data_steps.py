"""Prepare, quality and merge, from stored datasets to stored results."""

import anndata
import numpy as np
import pandas as pd
import pytest
from qnorm import quantile_normalize

from landmark.analyses.registry import MAKERS
from landmark.data.gene_identifiers import probe_symbols
from landmark.data.history import describe, history
from landmark.data.split import assign_split
from landmark.errors import BadConfiguration, BadData, BadRun
from landmark.store.datasets import Dataset, DatasetStore
from landmark.store.request import now
from landmark.store.runs import Run
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now

PROBES = [*list(probe_symbols())[:60], "AFFX-TrpnX-3_at", "201746_at", "211300_s_at"]
"""Probes of the array, several of one gene and of none among them; at the end TP53 twice."""


@pytest.fixture
def home(own_home) -> Workspace:
    return Workspace(own_home)


def _store(
    home: Workspace, X: np.ndarray, genes: list[str], title: str, identifier: str = "symbol"
) -> Dataset:
    samples = [f"S{i}" for i in range(len(X))]
    patient = [f"P{i // 3}" for i in range(len(X))]
    matrix = anndata.AnnData(
        X.astype(np.float32),
        obs=pd.DataFrame({"patient": patient}, index=samples),
        var=pd.DataFrame(index=genes),
    )
    describe(matrix, title=title, unit="", identifier=identifier, source="made for a test")
    assign_split(matrix, 0.2)
    return DatasetStore(home).add(matrix, now())


def _made(home: Workspace, run: Run) -> anndata.AnnData:
    return DatasetStore(home).get(run.manifest.parents["dataset"]).load()


@pytest.fixture
def probes(home) -> Dataset:
    rng = np.random.default_rng(0)
    X = 2 ** rng.uniform(2, 14, (30, len(PROBES)))
    X[20] = X[4]
    return _store(home, X, PROBES, "Arrays", "hgu133a_probe")


def test_all_steps_in_their_order(home, probes):
    choices = {
        "log2": True,
        "collapse": "mean",
        "quantile": "4 to 15",
        "remove_duplicates": True,
        "duplicate_distance": 0.01,
        "split": "by group",
        "split_group": "patient",
        "held_out": 0.3,
        "seed": 2,
    }
    run = execute_now(home, "prepare", {"dataset": probes.id, **choices})
    made = _made(home, run)
    steps = [step["step"] for step in history(made)][-5:]
    assert steps == [
        "Split into training and test samples",
        "Logarithm",
        "One value per gene symbol",
        "Quantile normalisation",
        "Near-duplicates removed",
    ]
    logged = np.log2(probes.load().X + 1)
    symbols = [probe_symbols()[probe] for probe in PROBES]
    genes = [symbol for symbol in dict.fromkeys(symbols) if symbol]
    by_gene = pd.DataFrame(logged.T).groupby(symbols, sort=False).mean().loc[genes].T
    of_all = anndata.AnnData(probes.load().X, obs=probes.annotations().obs.drop(columns="split"))
    assign_split(of_all, 0.3, 2, "patient")
    train = (of_all.obs["split"] == "train").to_numpy()
    learned = np.sort(by_gene.to_numpy()[train], axis=1).mean(axis=0)
    expected = quantile_normalize(by_gene.to_numpy(), axis=0, target=learned)
    expected = 4 + 11 * (expected - expected.min()) / (expected.max() - expected.min())
    np.testing.assert_allclose(made.X, np.delete(expected, 20, axis=0), atol=1e-4)
    assert made.var_names.tolist() == genes
    assert (made.obs.groupby("patient", observed=True)["split"].nunique() == 1).all()
    assert run.table("removed_samples")[["sample", "duplicate_of"]].to_numpy().tolist() == [["S20", "S4"]]
    removed = run.table("removed_genes")
    assert removed["gene"].tolist() == [
        probe for probe, symbol in zip(PROBES, symbols, strict=True) if not symbol
    ]
    assert set(removed["reason"]) == {"no gene symbol, or several, known for it"}
    sizes = run.table("steps")
    assert sizes["samples"].tolist() == [30, 30, 30, 30, 30, 29]
    assert sizes["genes"].tolist() == [len(PROBES)] * 3 + [len(genes)] * 3
    assert set(run.table("values")["state"]) == set(range(6))
    assert set(run.table("quantiles")["state"]) == {"before", "after"}
    assert run.manifest.parents["source"] == probes.id
    assert run.manifest.metrics["samples_removed"] == 1
    assert run.manifest.split == {"train": 20, "test": 9}
    assert DatasetStore(home).get(run.manifest.parents["dataset"]).manifest.title == "Arrays, prepared"
    assert np.array_equal(probes.load().X, DatasetStore(home).get(probes.id).load().X)


def test_a_prepared_dataset_can_be_deleted_and_its_source_is_kept(home, probes):
    run = execute_now(home, "prepare", {"dataset": probes.id, "log2": True})
    store = DatasetStore(home)
    with pytest.raises(BadRun, match=f"is the basis of {run.id}"):
        store.delete(probes.id, MAKERS)
    store.delete(run.manifest.parents["dataset"], MAKERS)
    assert [item.id for item in store.all()] == [probes.id]


def test_a_split_that_is_kept_and_probes_that_vary_less(home, probes):
    run = execute_now(home, "prepare", {"dataset": probes.id, "collapse": "most variable", "title": "Mine"})
    before, made = probes.load(), _made(home, run)
    assert made.obs["split"].tolist() == before.obs["split"].tolist()
    kept = made.var["measured_by"].tolist()
    np.testing.assert_array_equal(made.X, before[:, kept].X)
    removed = run.table("removed_genes")
    assert set(removed["gene"]) == set(PROBES) - set(kept)
    assert removed["reason"].str.contains("varies more").any()


def test_genes_with_the_same_values_can_be_left_out(home, probes):
    matrix = probes.load()
    matrix.X[:, [3, 7, 8]] = matrix.X[:, [1]]
    matrix.X[:, 5] = 0.5
    copied = DatasetStore(home).add(matrix, "2026-01-01T00:00:00+00:00")
    for choice, dropped in (("drop", [1, 3, 7, 8]), ("keep one", [3, 7, 8])):
        run = execute_now(home, "prepare", {"dataset": copied.id, "identical": choice})
        names = [PROBES[place] for place in dropped]
        assert run.table("removed_genes")["gene"].tolist() == names
        np.testing.assert_array_equal(_made(home, run).X, np.delete(matrix.X, dropped, axis=1))
        assert history(_made(home, run))[-1]["genes_dropped"] == len(dropped)


def test_groups_that_are_named_are_held_out(home, probes):
    obs = probes.annotations().obs
    names = sorted(set(obs["patient"]))[:2]
    values = {"split": "by group", "split_group": "patient", "test_groups": ",".join(names)}
    made = _made(home, execute_now(home, "prepare", {"dataset": probes.id, **values}))
    assert set(made.obs.loc[made.obs["split"] == "test", "patient"]) == set(names)
    with pytest.raises(BadConfiguration, match="test_groups needs split_group"):
        execute_now(home, "prepare", {"dataset": probes.id, "log2": True, "test_groups": names})


def test_what_cannot_be_prepared_is_said(home, probes):
    with pytest.raises(BadConfiguration, match="choose at least one step"):
        execute_now(home, "prepare", {"dataset": probes.id})
    with pytest.raises(BadConfiguration, match="split_group"):
        execute_now(home, "prepare", {"dataset": probes.id, "split": "by group"})
    with pytest.raises(BadData, match="no column 'study'"):
        execute_now(home, "prepare", {"dataset": probes.id, "split": "by group", "split_group": "study"})
    with pytest.raises(BadData, match="no group to split by"):
        execute_now(home, "prepare", {"dataset": probes.id, "split": "by group", "split_group": "split"})
    values = {"dataset": probes.id, "remove_duplicates": True, "duplicate_distance": 1e9}
    with pytest.raises(BadData, match="smaller"):
        execute_now(home, "prepare", values)
    assert len(DatasetStore(home).all()) == 1


def test_a_planted_batch_and_a_planted_outlier_are_seen(home):
    rng = np.random.default_rng(0)
    X = rng.normal(8, 1, (60, 200))
    X[:30] += rng.normal(0, 1.5, 200)
    X[41] = rng.normal(8, 1, 200) + 6 * rng.normal(size=200)
    data = _store(home, X, [f"G{i}" for i in range(200)], "Plates")
    matrix = data.load()
    matrix.obs["plate"] = np.where(np.arange(60) < 30, "first", "second")
    data = DatasetStore(home).add(matrix, now())
    run = execute_now(home, "quality", {"dataset": data.id, "genes": 150, "shown": 40, "seed": 3})
    found = run.manifest.metrics
    assert found["outlier_names"] == ["S41"]
    assert found["annotation"] == "plate"
    assert found["genes_used"] == 150
    samples = run.table("samples")
    np.testing.assert_allclose(samples["q50"], np.median(matrix.X, axis=1), rtol=1e-6)
    assert samples.loc[samples["outlier"], "sample"].tolist() == ["S41"]
    correlation = run.table("correlation")
    assert correlation.shape == (40, 41)
    chosen = matrix[correlation["sample"]].X
    assert np.corrcoef(chosen[0], chosen[1])[0, 1] == pytest.approx(correlation["with_1"][0], abs=0.2)
    assert run.table("overall")["annotation"].iloc[0] == "plate"
    pairs = run.table("associated").set_index(["first", "second"])["association"]
    assert pairs["patient", "plate"] > 0.8
    assert pairs["split", "plate"] < 0.3
    assert len(run.table("components")) == 10


@pytest.fixture
def slipped(home) -> Dataset:
    """Make a matrix with two outlying values: in a training and in a test sample."""
    rng = np.random.default_rng(0)
    X = np.linspace(2, 12, 50) + rng.normal(0, 1, (60, 50))
    data = _store(home, X, [f"G{i}" for i in range(50)], "Slipped")
    matrix = data.load()
    part = matrix.obs["split"].astype(str).to_numpy()
    matrix.X[np.flatnonzero(part == "train")[0], 3] = 40
    matrix.X[np.flatnonzero(part == "test")[0], 5] = -40
    return DatasetStore(home).add(matrix, now())


def test_outlying_values_are_found_and_named(home, slipped):
    matrix, run = slipped.load(), execute_now(home, "quality", {"dataset": slipped.id})
    found, table = run.manifest.metrics, run.table("outlying")
    assert (found["outlying_values"], found["outlying_genes"], found["outlying_samples"]) == (2, 2, 2)
    assert sorted(table["gene"]) == ["G3", "G5"]
    sample = table.set_index("gene").loc["G3", "sample"]
    assert f"G3 in {sample}: 40" in found["outlying_examples"]
    assert matrix[sample, "G3"].X.item() == 40
    mild = execute_now(home, "quality", {"dataset": slipped.id, "outlying": 50})
    assert mild.manifest.metrics["outlying_values"] == 0


@pytest.mark.parametrize(("choice", "missing"), [("nearest", "refuse"), ("missing", "gene median")])
def test_outlying_values_are_treated_by_what_training_samples_teach(home, slipped, choice, missing):
    before = slipped.load()
    values = {"dataset": slipped.id, "outlying": choice, "missing": missing}
    run = execute_now(home, "prepare", values)
    made = _made(home, run)
    outside = np.abs(before.X) == 40
    train = (before.obs["split"] == "train").to_numpy()
    ordinary = np.where(outside, np.nan, before.X)[train]
    if choice == "nearest":
        expected = [np.nanmax(ordinary[:, 3]), np.nanmin(ordinary[:, 5])]
    else:
        expected = [np.nanmedian(ordinary[:, 3]), np.nanmedian(ordinary[:, 5])]
    assert sorted(made.X[outside]) == sorted(np.float32(expected))
    np.testing.assert_array_equal(made.X[~outside], before.X[~outside])
    assert run.manifest.metrics["outlying_values"] == 2
    assert run.manifest.notes[0].startswith("2 outlying values ")
    step = next(step for step in history(made) if step["step"] == "Outlying values")
    assert (step["values"], step["learned_on"]) == (2, int(train.sum()))


def test_outlying_values_taken_for_missing_need_a_way_for_these(home, slipped):
    with pytest.raises(BadConfiguration, match="say what becomes of them"):
        execute_now(home, "prepare", {"dataset": slipped.id, "outlying": "missing"})


def test_merged_on_symbols_and_brought_onto_one_distribution(home, probes):
    rng = np.random.default_rng(1)
    first = _store(home, rng.uniform(4, 12, (9, 3)), ["TP53", "DDR1", "KRAS"], "Genes")
    values = {"datasets": [first.id, probes.id]}
    with pytest.raises(BadData, match="gene symbols"):
        execute_now(home, "merge", values)
    with pytest.raises(BadData, match="is not logged"):
        execute_now(home, "merge", {**values, "collapse": "mean"})
    run = execute_now(home, "merge", {**values, "collapse": "mean", "joint": True})
    made = _made(home, run)
    assert made.shape == (39, 2)
    assert made.var_names.tolist() == ["TP53", "DDR1"]
    assert made.obs["origin"].value_counts().to_dict() == {"Arrays": 30, "Genes": 9}
    np.testing.assert_array_equal(made.X[:9], first.load()[:, ["TP53", "DDR1"]].X)
    assert np.ptp(np.sort(made.X[9:], axis=1), axis=0).max() < 1e-5
    counts = run.table("counts")
    assert counts["named"].tolist() == [3, len(PROBES)]
    assert counts["lost"].tolist() == [1, counts["genes"][1] - 2]
    assert run.table("lost_genes").to_numpy().tolist()[0] == ["Genes", "KRAS"]
    assert run.manifest.metrics["samples_renamed"] == 18
    assert made.obs_names[0] == "Genes: S0"
    assert run.manifest.split["test"] == 2 + 6
    assert set(run.table("values")["stage"]) == {"before", "after"}
    with pytest.raises(BadConfiguration, match="name each dataset once"):
        execute_now(home, "merge", {"datasets": [first.id, first.id]})
