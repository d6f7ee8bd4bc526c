"""How samples compare, against scikit-learn, SciPy and statsmodels; planted outliers and batches are found."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from anndata import AnnData
from scipy.stats import median_abs_deviation
from scipy.stats.contingency import association
from sklearn.decomposition import PCA

from landmark.data import quality
from landmark.data.quality import (
    associated,
    correlation_order,
    cramers_v,
    deviations,
    explained,
    median_correlation,
    most_variable,
    of_genes,
    outliers,
    overall,
    principal_components,
    profile,
    robust_distance,
)
from landmark.data.steps.stream import evenly_spaced, from_memory
from landmark.errors import BadData


def _values(samples: int = 40, genes: int = 60, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    causes = rng.normal(size=(samples, 4)) * [4, 3, 2, 1]
    return (8 + causes @ rng.normal(size=(4, genes)) + rng.normal(size=(samples, genes))).astype(np.float32)


def test_one_pass_gives_quantiles_and_variances(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landmark.data.steps.stream.BLOCK_BYTES", 4 * 60 * 7)
    X = _values() + np.float32(1000)
    stream = from_memory(AnnData(X))
    quantiles, variance = profile(stream)
    np.testing.assert_allclose(quantiles["q25"], np.quantile(X, 0.25, axis=1), rtol=1e-6)
    assert quantiles["sample"].tolist() == list(stream.about.obs_names)
    np.testing.assert_allclose(variance, X.var(axis=0, dtype=np.float64), rtol=1e-5)
    genes = most_variable(variance, 10)
    assert set(genes) == set(np.argsort(-X.var(axis=0, dtype=np.float64))[:10])
    np.testing.assert_array_equal(of_genes(stream, genes), X[:, genes])
    assert most_variable(variance, 100).tolist() == list(range(60))


@pytest.mark.parametrize("shape", [(30, 80), (80, 30)], ids=["few samples", "few genes"])
def test_components_are_those_of_scikit_learn(shape: tuple[int, int]) -> None:
    X = _values(*shape)
    scores, share = principal_components(X, 5)
    theirs = PCA(5, svd_solver="full").fit(X.astype(np.float64))
    np.testing.assert_allclose(share, theirs.explained_variance_ratio_, rtol=1e-5)
    np.testing.assert_allclose(np.abs(scores), np.abs(theirs.transform(X)), atol=1e-3)
    assert (scores.max(axis=0) >= -scores.min(axis=0)).all()
    assert principal_components(X[:3], 10)[0].shape == (3, 2)
    with pytest.raises(BadData, match="All samples are equal"):
        principal_components(np.ones((4, 5), np.float32), 2)


def test_median_correlations(monkeypatch: pytest.MonkeyPatch) -> None:
    X = _values()
    R = np.corrcoef(X.astype(np.float64))
    np.fill_diagonal(R, np.nan)
    np.testing.assert_allclose(median_correlation(X), np.nanmedian(R, axis=1), atol=1e-6)
    monkeypatch.setattr(quality, "COMPARED_WITH", 30)
    np.testing.assert_allclose(median_correlation(X), np.nanmedian(R, axis=1), atol=0.3)


def test_similar_samples_stand_side_by_side() -> None:
    rng = np.random.default_rng(0)
    groups = rng.permutation(np.repeat([0, 1, 2], 8))
    X = (rng.normal(size=(3, 50))[groups] * 3 + rng.normal(size=(24, 50))).astype(np.float32)
    correlation, order = correlation_order(X)
    np.testing.assert_allclose(correlation, np.corrcoef(X), atol=1e-5)
    assert (np.diff(groups[order]) != 0).sum() == 2
    assert correlation_order(X[:2])[1].tolist() == [0, 1]


def test_deviations_are_scaled_median_absolute_deviations() -> None:
    values = np.random.default_rng(0).exponential(size=(99, 3))
    expected = (values - np.median(values, axis=0)) / median_abs_deviation(values, axis=0, scale="normal")
    np.testing.assert_allclose(deviations(values), expected, rtol=1e-4)
    assert deviations(np.ones(5)).tolist() == [0] * 5


def test_planted_outliers_are_flagged_and_no_other() -> None:
    X = _values(200, 300, seed=1)
    far, noise = 17, 60
    X[far] += 40 * np.random.default_rng(2).normal(size=300)
    X[noise] = np.random.default_rng(3).permutation(X[noise]) - 20
    found = outliers(median_correlation(X), robust_distance(principal_components(X, 5)[0]), 5.0)
    assert np.flatnonzero(found["outlier"]).tolist() == [far, noise]
    assert (found.loc[found["outlier"], "reason"] != "").all()
    assert (found.loc[~found["outlier"], "reason"] == "").all()


def _annotated(samples: int = 60) -> tuple[np.ndarray, pd.DataFrame]:
    rng = np.random.default_rng(5)
    obs = pd.DataFrame(
        {
            "batch": np.arange(samples) % 3 + 1,
            "age": rng.uniform(20, 80, samples),
            "tissue": pd.Categorical(rng.choice(["lung", "skin"], samples)),
            "name": [f"S{i}" for i in range(samples)],
            "same": "all",
            "empty": [None] * samples,
        }
    )
    scores = rng.normal(size=(samples, 3))
    scores[:, 0] += 3 * (obs["batch"] == 2)
    scores[:, 1] += obs["age"] / 15
    obs.loc[:4, "tissue"] = None
    return scores, obs


def test_explained_variance_is_that_of_an_analysis_of_variance() -> None:
    scores, obs = _annotated()
    table = explained(scores, np.array([0.5, 0.3, 0.2]), obs)
    assert set(table["annotation"]) == {"batch", "age", "tissue"}
    for row in table.itertuples():
        model = "y ~ x" if row.annotation == "age" else "y ~ C(x)"
        data = pd.DataFrame({"y": scores[:, row.component - 1], "x": obs[row.annotation]})
        fitted = smf.ols(model, data.dropna().astype({"x": obs[row.annotation].dtype})).fit()
        assert row.r2 == pytest.approx(fitted.rsquared)
        assert row.p_value == pytest.approx(fitted.f_pvalue)
        assert row.samples == fitted.nobs


def test_a_planted_batch_comes_first_and_chance_is_stated() -> None:
    scores, obs = _annotated(600)
    table = overall(explained(scores, np.array([0.6, 0.2, 0.2]), obs))
    assert table["annotation"].iloc[0] == "batch"
    random = pd.DataFrame({"random": np.random.default_rng(0).integers(8, size=600)})
    by_chance = overall(
        explained(np.random.default_rng(1).normal(size=(600, 40)), np.full(40, 0.025), random)
    )
    assert by_chance["r2"].item() == pytest.approx(by_chance["by_chance"].item(), abs=0.003)
    assert overall(explained(scores, np.array([0.6, 0.2, 0.2]), obs[["name"]])).empty


def test_evenly_spaced() -> None:
    assert evenly_spaced(5, 10).tolist() == [0, 1, 2, 3, 4]
    assert evenly_spaced(101, 3).tolist() == [0, 50, 100]


def test_annotations_that_go_together() -> None:
    rng = np.random.default_rng(0)
    batch = rng.integers(4, size=400)
    obs = pd.DataFrame(
        {
            "batch": batch,
            "disease": np.where(batch < 2, "tumour", "normal"),
            "other": rng.choice(["a", "b", "c"], 400),
            "age": rng.uniform(20, 80, 400),
        }
    )
    obs.loc[:9, "other"] = None
    table = associated(obs)
    assert len(table) == 3
    assert table.iloc[0, :2].tolist() == ["batch", "disease"]
    assert table["association"][0] == pytest.approx(1, abs=0.01)
    assert table["association"][1:].max() < 0.12
    assert table["samples"].tolist() == [400, 390, 390]
    assert associated(obs[["age"]]).empty


def test_cramers_v_beside_scipy() -> None:
    counts = np.array([[300, 40, 60], [50, 200, 90]])
    assert cramers_v(counts) == pytest.approx(association(counts, "cramer"), abs=0.003)
    assert cramers_v(np.full((3, 4), 50)) == 0
