"""Predictors set against each other as a run, from a stored dataset to its tables."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from landmark.data.split import rows
from landmark.errors import BadConfiguration, BadData
from landmark.metrics.recall import recall
from landmark.store import predictions
from landmark.store.request import Request
from landmark.store.runs import RunStore
from landmark.workflows.distributed import trains
from landmark.workflows.execute import execute_now

SMALL = {"graph": {"layers": 1, "hidden": 4, "most_similar": 3, "least_similar": 2, "epochs": 2}}


@pytest.fixture(scope="module")
def run(home, dataset):
    chosen = {"dataset": dataset.id, "set": "variable:12", "covariate": "tissue", **SMALL}
    return execute_now(home, "infer", {**chosen, "predictors": "ridge, knn"})


def test_every_predictor_is_fitted_with_and_without_the_tissue(home, run):
    names = ["ridge", "ridge + tissue", "knn", "knn + tissue"]
    found = run.manifest.metrics
    assert sorted(found["predictors"]) == sorted(names)
    for name in names:
        fit = RunStore(home).get(run.manifest.parents[f"fit {name}"])
        assert fit.manifest.metrics["pcc"] == found["predictors"][name]["pcc"]
        assert (fit.manifest.configuration["covariate"] == "tissue") == name.endswith("tissue")
    overall = run.table("overall")
    assert overall["name"].iloc[0] == found["best"] == overall["name"][overall["pcc"].idxmax()]
    assert overall["name"].iloc[-1] == "gene means"
    assert (found["label"], found["size"], found["targets"], found["covariate_unknown"]) == (
        "tissue",
        12,
        28,
        0,
    )


def test_samples_are_measured_in_the_unit_of_the_dataset(home, dataset, run):
    matrix = dataset.load()
    test = rows(matrix, "test")
    samples = run.table("samples")
    assert len(samples) == 5 * len(test)
    ridge = samples[samples["name"] == "ridge"].set_index("sample")
    assert ridge["group"].tolist() == matrix.obs["tissue"].iloc[test].astype(str).tolist()
    fit = RunStore(home).get(run.manifest.parents["fit ridge"])
    genes = fit.table("accuracy")["gene"]
    kept = {gene: predictions.gene(fit, "predictions", gene).set_index("sample") for gene in genes}
    for sample in list(ridge.index)[:3]:
        measured = [kept[gene].loc[sample, "measured"] for gene in genes]
        predicted = [kept[gene].loc[sample, "predicted"] for gene in genes]
        assert ridge.loc[sample, "spearman"] == pytest.approx(spearmanr(measured, predicted).statistic)
        assert ridge.loc[sample, "mae"] == pytest.approx(
            np.abs(np.subtract(measured, predicted)).mean(), rel=1e-4
        )
    training = matrix[rows(matrix, "train"), genes.to_numpy()].X.mean(axis=0)
    means = samples[samples["name"] == "gene means"].set_index("sample")
    sample = means.index[0]
    expected = spearmanr(matrix[sample, genes.to_numpy()].X.ravel(), training).statistic
    assert means.loc[sample, "spearman"] == pytest.approx(expected, abs=1e-4)


def test_recall_is_that_of_the_predictions(home, run):
    fit = RunStore(home).get(run.manifest.parents["fit knn + tissue"])
    kept = [predictions.gene(fit, "predictions", gene) for gene in fit.table("accuracy")["gene"]]
    true, predicted = (
        np.stack([gene[column] for gene in kept], axis=1) for column in ("measured", "predicted")
    )
    expected = recall(true, predicted).table
    table = run.table("recall")
    table = table[table["name"] == "knn + tissue"].reset_index(drop=True)
    assert table["recalled"].tolist() == expected["recalled"].tolist()
    np.testing.assert_allclose(table["threshold"], expected["threshold"], atol=1e-4)
    genes = run.table("genes")
    assert genes.groupby("name").size().tolist() == [28] * 4


def test_the_best_stands_against_all_others_and_the_tissue_against_its_absence(run):
    pairs, best = run.table("pairs"), run.manifest.metrics["best"]
    against = pairs[["first", "second"]].drop_duplicates()
    assert (against["first"] == best).sum() == 3
    told = {frozenset(pair) for pair in against.itertuples(index=False)}
    assert {frozenset((name, f"{name} + tissue")) for name in ("ridge", "knn")} <= told
    assert len(told) == len(against)
    assert pairs["measure"].value_counts().tolist() == [len(against)] * 4
    assert ((pairs["low"] <= pairs["difference"]) & (pairs["difference"] <= pairs["high"])).all()


def test_a_network_takes_part_and_what_is_fitted_is_fitted_once(home, dataset, run):
    before = {fit.id for fit in RunStore(home).all("fit")}
    chosen = {"dataset": dataset.id, "set": "variable", "size": 12, "null": "permuted samples", **SMALL}
    again = execute_now(home, "infer", {**chosen, "predictors": ("graph", "ridge")})
    fits = again.manifest.parents
    assert fits["fit ridge"] == run.manifest.parents["fit ridge"]
    assert {fit.id for fit in RunStore(home).all("fit")} - before == {fits["fit graph"]}
    history = RunStore(home).get(fits["fit graph"]).table("history")
    assert history["epoch"].tolist() == [1, 2]
    ridge = again.table("recall").query("name == 'ridge'")
    assert (ridge["threshold"].to_numpy() < run.table("recall").query("name == 'ridge'")["threshold"]).all()


def test_one_predictor_has_nobody_to_be_set_against(home, dataset):
    run = execute_now(home, "infer", {"dataset": dataset.id, "set": "variable:12", "predictors": "knn"})
    assert run.table("pairs").empty
    assert run.manifest.metrics["best"] == "knn"


@pytest.mark.parametrize(
    ("choices", "error", "sentence"),
    [
        ({"predictors": "ridge, ridge"}, BadConfiguration, "named twice"),
        ({"predictors": "svm"}, BadConfiguration, "predictors"),
        ({"predictors": ""}, BadConfiguration, "predictors"),
        ({"covariate": "organ"}, BadData, "covariate = 'organ'"),
        ({"set": "variable:40"}, BadData, "nothing to predict"),
    ],
)
def test_what_cannot_be_asked_is_refused(home, dataset, choices, error, sentence):
    with pytest.raises(error, match=sentence):
        execute_now(home, "infer", {"dataset": dataset.id, "set": "variable:12", **choices})


@pytest.mark.parametrize(
    ("kind", "choices", "answer"),
    [
        ("infer", {"predictors": ["ridge", "graph"]}, True),
        ("infer", {"predictors": ["ridge", "knn"]}, False),
        ("size", {"predictor": "graph"}, True),
        ("fit", {"predictor": "knn"}, False),
    ],
)
def test_networks_are_trained_by_several_processes_together(kind, choices, answer):
    assert trains(Request(f"{kind}-1", kind, choices, "")) is answer
