from collections.abc import Sequence

import numpy as np
import pytest

from landmark.errors import BadConfiguration, Cancelled
from landmark.genesets.forward import Forward
from landmark.genesets.selection import Chosen, Panel
from landmark.progress import Progress

SAMPLES, GENES, PENALTY = 120, 200, 7.0


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    random = np.random.default_rng(0)
    programs = random.standard_normal((SAMPLES, 12))
    X = programs @ random.standard_normal((12, GENES)) + random.standard_normal((SAMPLES, GENES))
    return ((X - X.mean(axis=0)) / X.std(axis=0)).astype(np.float32)


def chosen(
    X: np.ndarray, T: np.ndarray, size: int, start: Sequence[int] = (), never: Sequence[int] = ()
) -> Chosen:
    return Forward(T, PENALTY)(X, Panel(size, tuple(start), tuple(never)))


def penalised_error(X: np.ndarray, T: np.ndarray, taken: list[int], penalty: float) -> float:
    """Fit the ridge regression anew, and return what it minimises."""
    S, T = X[:, taken].astype(np.float64), T.astype(np.float64)
    W = np.linalg.solve(S.T @ S + penalty * np.eye(len(taken)), S.T @ T)
    return float(((T - S @ W) ** 2).sum() + penalty * (W**2).sum())


def brute_force(X: np.ndarray, T: np.ndarray, size: int, penalty: float) -> tuple[list[int], list[float]]:
    taken: list[int] = []
    errors = [float((T.astype(np.float64) ** 2).sum())]
    for _ in range(size):
        others = [gene for gene in range(X.shape[1]) if gene not in taken]
        found = [penalised_error(X, T, [*taken, gene], penalty) for gene in others]
        taken.append(others[int(np.argmin(found))])
        errors.append(min(found))
    return taken, list(-np.diff(errors) / errors[0])


def test_equals_a_refit_of_every_candidate(values: np.ndarray) -> None:
    X = values
    T = X @ np.random.default_rng(1).standard_normal((GENES, 15)).astype(np.float32)
    taken, gains = brute_force(X, T, 20, PENALTY)
    found = chosen(X, T, 20)
    assert list(found.order) == taken
    np.testing.assert_allclose(found.gain, gains, rtol=1e-3)


def test_a_panel_stays_as_it_is(values: np.ndarray) -> None:
    X = values
    start = [5, 17, 3]
    found = chosen(X, X, 12, start=start)
    assert list(found.order[:3]) == start
    later = [gene for gene in found.order if gene not in start]
    best = min(set(range(GENES)) - set(start), key=lambda g: penalised_error(X, X, [*start, g], PENALTY))
    assert later[0] == best


def test_a_smaller_set_is_the_beginning_of_a_larger_one(values: np.ndarray) -> None:
    X = values
    few, many = chosen(X, X, 5), chosen(X, X, 25)
    assert list(many.order[:5]) == list(few.order)


def test_never_means_never(values: np.ndarray) -> None:
    X = values
    favourites = chosen(X, X, 10).order
    found = chosen(X, X, 10, never=list(favourites))
    assert not set(found.order) & set(favourites)


def test_genes_are_taken_once_and_gains_fall(values: np.ndarray) -> None:
    X = values
    found = chosen(X, X, GENES)
    assert sorted(found.order) == list(range(GENES))
    assert found.gain.sum() <= 1
    assert found.gain[0] == found.gain.max()


def test_a_copy_of_a_gene_adds_little_and_is_its_first_companion(values: np.ndarray) -> None:
    X = values
    first = int(chosen(X, X, 1).order[0])
    doubled = np.column_stack([X, X[:, first]])
    found = chosen(doubled, X, 10)
    assert {first, GENES} & {int(found.order[0])}
    assert {int(found.order[0]), int(found.companions[0, 0])} == {first, GENES}
    assert not {first, GENES} <= set(found.order)
    assert (np.diff(found.explained, axis=1) <= 0).all()


def test_a_penalty_must_be_positive(values: np.ndarray) -> None:
    with pytest.raises(BadConfiguration, match="penalty = 0"):
        Forward(values, 0.0)(values, Panel(3))


def test_it_can_be_cancelled(values: np.ndarray) -> None:
    def report(progress: Progress) -> None:
        assert progress.total == 10
        raise Cancelled

    with pytest.raises(Cancelled):
        Forward(values, PENALTY)(values, Panel(10), report)
