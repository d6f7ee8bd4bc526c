"""Genes chosen by the error on left-out samples, beside regressions of scikit-learn that leave each sample out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import Ridge, RidgeCV
from sklearn.model_selection import LeaveOneGroupOut, LeaveOneOut, cross_val_predict

from landmark.errors import BadConfiguration, Cancelled
from landmark.genesets import left_out, selection
from landmark.genesets.forward import Forward
from landmark.genesets.left_out import LeftOut, lowest
from landmark.genesets.selection import Panel


def standardised(
    samples: int, genes: int, seed: int = 0, programs: int = 4, noise: float = 1.0
) -> np.ndarray:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((samples, programs)) @ rng.standard_normal((programs, genes))
    X += noise * rng.standard_normal(X.shape)
    return ((X - X.mean(axis=0)) / X.std(axis=0)).astype(np.float32)


def squared_error(X: np.ndarray, taken: list[int], targets: list[int], penalty: float) -> float:
    """Of all samples, each predicted by a regression on the others; the penalty is that of all samples."""
    if not targets:
        return 0.0
    if not taken:  # each sample is predicted by the mean of the others
        return float(np.square(X[:, targets], dtype=np.float64).sum()) / (1 - 1 / len(X)) ** 2
    regression = RidgeCV([penalty * len(X)], fit_intercept=True, store_cv_results=True)
    fitted = regression.fit(X[:, taken].astype(np.float64), X[:, targets].astype(np.float64))
    return float(fitted.cv_results_.sum())


def one_by_one(X: np.ndarray, size: int, penalty: float) -> tuple[list[int], list[float]]:
    """Fit every regression there is."""
    order: list[int] = []
    gained = []
    for _ in range(size):
        gains = {}
        for gene in set(range(X.shape[1])) - set(order):
            others = [other for other in range(X.shape[1]) if other not in (*order, gene)]
            gains[gene] = squared_error(X, order, others, penalty) - squared_error(
                X, [*order, gene], others, penalty
            )
        best = max(gains, key=lambda gene: gains[gene])
        gained.append(gains[best] / squared_error(X, [], list(range(X.shape[1])), penalty))
        order.append(best)
    return order, gained


@pytest.mark.parametrize("penalty", [0.02, 0.5, 4.0])
@pytest.mark.parametrize("samples", [7, 25])
def test_genes_and_gains_are_those_of_regressions_that_leave_each_sample_out(samples, penalty):
    X = standardised(samples, 14, seed=samples)
    order, gained = one_by_one(X, 10, penalty)
    found = LeftOut(penalty)(X, Panel(10))
    assert list(found.order) == order
    assert found.gain == pytest.approx(gained, abs=2e-4)
    others = [gene for gene in range(14) if gene not in order]
    error = squared_error(X, order, others, penalty) / samples / len(others)
    assert found.details == {"penalty": penalty, "left_out_error": pytest.approx(error, rel=1e-6)}


def test_what_is_beside_the_genes_is_predicted_and_never_taken():
    X, groups = standardised(25, 14), np.arange(25) % 3
    beside = (groups[:, None] == np.arange(3)) - np.mean(groups[:, None] == np.arange(3), axis=0)
    both, further = np.hstack([X, 3 * beside]), [14, 15, 16]
    order: list[int] = []
    for _ in range(8):
        errors = {}
        for gene in set(range(14)) - set(order):
            others = [other for other in range(14) if other not in (*order, gene)]
            errors[gene] = squared_error(both, [*order, gene], others + further, 0.5) - squared_error(
                both, order, others + further, 0.5
            )
        order.append(min(errors, key=lambda gene: errors[gene]))
    found = LeftOut(0.5, beside=3 * beside)(X, Panel(8))
    assert list(found.order) == order != list(LeftOut(0.5)(X, Panel(8)).order)
    others = [gene for gene in range(14) if gene not in order]
    error = squared_error(X, order, others, 0.5) / 25 / len(others)
    assert found.details["left_out_error"] == pytest.approx(error, rel=1e-5)


def test_many_genes_are_taken_as_one_by_one(monkeypatch):
    """What is computed anew between rounds changes nothing but rounding errors."""
    X = standardised(40, 150, programs=12)
    found = LeftOut(0.5)(X, Panel(100))
    monkeypatch.setattr(left_out, "AT_ONCE", 1)
    monkeypatch.setattr(left_out, "RENEWED_EVERY", 1)
    singly = LeftOut(0.5)(X, Panel(100))
    assert len(set(found.order) & set(singly.order)) >= 95
    assert found.gain.sum() == pytest.approx(singly.gain.sum(), rel=1e-3)
    assert found.details["left_out_error"] == pytest.approx(singly.details["left_out_error"], rel=1e-2)


def test_few_candidates_are_as_good_as_all(monkeypatch):
    X = standardised(40, 150, programs=12)
    every = LeftOut(0.5)(X, Panel(40))
    monkeypatch.setattr(left_out, "CANDIDATES", 20)
    few = LeftOut(0.5)(X, Panel(40))
    assert few.gain[:8].sum() == pytest.approx(every.gain[:8].sum(), rel=0.05)
    assert few.gain.sum() == pytest.approx(every.gain.sum(), rel=0.01)


def test_the_error_is_that_of_regressions_fitted_without_each_sample():
    X = standardised(20, 12).astype(np.float64)
    regression = Ridge(alpha=0.5 * 20, fit_intercept=True)
    predicted = cross_val_predict(regression, X[:, :6], X[:, 6:], cv=LeaveOneOut())
    found = LeftOut(0.5)(X.astype(np.float32), Panel(6, start=tuple(range(6))))
    assert found.details["left_out_error"] == pytest.approx(np.square(X[:, 6:] - predicted).mean(), rel=1e-5)


def test_genes_that_fit_the_training_samples_alone_are_left():
    """Genes that go with no other have much to be explained: what looks at the fit takes them."""
    rng = np.random.default_rng(0)
    X = standardised(50, 200, programs=20)
    X[:, 100:] = rng.standard_normal((50, 100))
    taken = LeftOut()(X, Panel(40)).order
    by_fit = Forward(X, 0.1 * len(X))(X, Panel(40)).order
    assert (taken >= 100).sum() < 10 < (by_fit >= 100).sum()


def test_with_more_genes_than_samples_the_error_stays_that_of_samples_left_out():
    """Without an intercept every sample is the sum of the others with its sign changed, and predicted by them."""
    X = standardised(20, 300, programs=10)
    found = LeftOut()(X, Panel(100))
    others = np.delete(np.arange(300), found.order)
    regression = Ridge(alpha=found.details["penalty"] * 20)
    predicted = cross_val_predict(regression, X[:, found.order], X[:, others], cv=LeaveOneOut())
    error = np.square(X[:, others] - predicted).mean()
    assert found.details["left_out_error"] == pytest.approx(error, rel=0.01)
    assert 0.1 < error < 1


def test_the_penalty_is_where_the_error_is_smallest_however_far_that_is():
    def error(penalty):
        return 1 + (np.log(penalty) - np.log(37.0)) ** 2

    for start in (1e-3, 0.5, 1e4):
        penalty, least = lowest(error, start)
        assert 37 / left_out.FINER < penalty < 37 * left_out.FINER
        assert least == error(penalty)


def test_a_search_ends_where_nothing_but_rounding_errors_is_left():
    for floor in (0.0, -1e-16):
        penalty, least = lowest(lambda penalty, floor=floor: penalty**2 + floor, 1.0, nothing=1e-9)
        assert 1e-6 < penalty < 1e-4
        assert 0 < least <= 1e-9
    for seed in (21, 23):  # all genes are taken, and what is left of their products is below zero
        found = LeftOut()(np.pad(standardised(3, 8, seed), ((0, 0), (1, 0))), Panel(9))
        assert found.details["left_out_error"] == 0
    exact = np.outer(np.arange(10.0) - 4.5, [1, 2, 3, 4]).astype(np.float32)
    assert LeftOut()(exact, Panel(2)).details["left_out_error"] == pytest.approx(0, abs=1e-6)


def test_what_is_given_comes_first_and_its_gain_is_known():
    X = standardised(30, 40)
    start = (7, 3, 11, 20, 21, 22, 23, 24, 25, 26)
    found = LeftOut(0.5)(X, Panel(14, start=start, never=(0, 1)))
    assert tuple(found.order[:10]) == start
    assert not {0, 1} & set(found.order)
    others = [gene for gene in range(40) if gene not in (7, 3)]
    fell = squared_error(X, [7], others, 0.5) - squared_error(X, [7, 3], others, 0.5)
    assert found.gain[1] == pytest.approx(fell / squared_error(X, [], list(range(40)), 0.5), rel=1e-3)


def test_companions_are_the_genes_that_a_gene_stands_for():
    rng = np.random.default_rng(0)
    programs = rng.standard_normal((60, 5))
    X = np.repeat(programs, 6, axis=1) + 0.1 * rng.standard_normal((60, 30))
    X = ((X - X.mean(axis=0)) / X.std(axis=0)).astype(np.float32)
    found = LeftOut(0.01)(X, Panel(5))
    assert len({gene // 6 for gene in found.order}) == 5
    for gene, beside, explained in zip(found.order, found.companions, found.explained, strict=True):
        assert {other // 6 for other in beside[:5]} == {gene // 6}
        assert gene not in beside
        assert explained[:5].min() > 0.8


@settings(max_examples=12)
@given(
    samples=st.sampled_from([3, 12]),  # every shape is compiled
    genes=st.sampled_from([2, 9]),
    constant=st.integers(0, 1),
    seed=st.integers(0, 99),
    data=st.data(),
)
def test_any_matrix_gives_the_genes_that_are_asked_for(samples, genes, constant, seed, data):
    X = standardised(samples, genes, seed)
    X[:, :constant] = 0
    size = data.draw(st.sampled_from([1, genes]))
    found = LeftOut()(X, Panel(size))
    assert len(set(found.order.tolist())) == size
    assert np.isfinite(found.gain).all()
    assert np.isfinite(list(found.details.values())).all()


def test_of_many_samples_some_are_drawn(monkeypatch):
    monkeypatch.setattr(selection, "MOST_SAMPLES", 30)
    X = standardised(90, 20)
    first, again, other = (LeftOut(seed=seed)(X, Panel(8)) for seed in (0, 0, 1))
    assert list(first.order) == list(again.order)
    assert list(first.gain) != list(other.gain)


def test_what_cannot_be_had_is_a_sentence():
    X = standardised(10, 5)
    with pytest.raises(BadConfiguration, match="penalty = -1"):
        LeftOut(-1.0)(X, Panel(2))
    with pytest.raises(BadConfiguration, match="leave samples out takes 3"):
        LeftOut()(X[:2], Panel(2))
    with pytest.raises(BadConfiguration, match="size = 6"):
        LeftOut()(X, Panel(6))


def test_it_can_be_cancelled():
    def stop(progress):
        raise Cancelled

    with pytest.raises(Cancelled):
        LeftOut()(standardised(10, 8), Panel(2), stop)


def test_where_samples_belong_together_whole_groups_are_left_out_for_the_penalty():
    groups = np.repeat(np.arange(12), [1, 2, 3, 4] * 3)
    X = standardised(12, 20, programs=6)[groups]
    X = X + 0.05 * np.random.default_rng(1).standard_normal(X.shape).astype(np.float32)
    found = LeftOut(0.7, groups=groups)(X, Panel(6))
    assert list(found.order) == list(LeftOut(0.7)(X, Panel(6)).order)
    order, others = list(found.order), [gene for gene in range(20) if gene not in found.order]
    predicted = cross_val_predict(
        Ridge(alpha=0.7 * len(X), fit_intercept=True),
        X[:, order].astype(np.float64),
        X[:, others].astype(np.float64),
        groups=groups,
        cv=LeaveOneGroupOut(),
    )
    error = np.square(predicted - X[:, others]).mean()
    assert found.details["left_out_error"] == pytest.approx(error, rel=1e-5)
    # copies of a sample are predicted best without any penalty, other patients are not
    alone, together = (LeftOut(groups=given)(X, Panel(6)).details for given in (None, groups))
    assert together["penalty"] > 3 * alone["penalty"]
    assert together["left_out_error"] > 1.5 * alone["left_out_error"]
