import numpy as np
import pytest

from landmark.errors import BadConfiguration, Cancelled
from landmark.genesets.selection.forward import ForwardSelection, forward_selection
from landmark.progress import Progress

SAMPLES, GENES, PENALTY = 120, 200, 7.0


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    random = np.random.default_rng(0)
    programs = random.standard_normal((SAMPLES, 12))
    X = programs @ random.standard_normal((12, GENES)) + random.standard_normal((SAMPLES, GENES))
    return ((X - X.mean(axis=0)) / X.std(axis=0)).astype(np.float32)


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
    found = forward_selection(X, T, 20, PENALTY)
    assert list(found.order) == taken
    np.testing.assert_allclose(found.gain, gains, rtol=1e-3)


def test_a_panel_stays_as_it_is(values: np.ndarray) -> None:
    X = values
    start = [5, 17, 3]
    found = forward_selection(X, X, 12, PENALTY, start=start)
    assert list(found.order[:3]) == start
    later = [gene for gene in found.order if gene not in start]
    best = min(set(range(GENES)) - set(start), key=lambda g: penalised_error(X, X, [*start, g], PENALTY))
    assert later[0] == best


def test_a_smaller_set_is_the_beginning_of_a_larger_one(values: np.ndarray) -> None:
    X = values
    few, many = forward_selection(X, X, 5, PENALTY), forward_selection(X, X, 25, PENALTY)
    assert list(many.order[:5]) == list(few.order)


def test_never_means_never(values: np.ndarray) -> None:
    X = values
    favourites = forward_selection(X, X, 10, PENALTY).order
    found = forward_selection(X, X, 10, PENALTY, never=list(favourites))
    assert not set(found.order) & set(favourites)


def test_genes_are_taken_once_and_gains_fall(values: np.ndarray) -> None:
    X = values
    found = forward_selection(X, X, GENES, PENALTY)
    assert sorted(found.order) == list(range(GENES))
    assert found.gain.sum() <= 1
    assert found.gain[0] == found.gain.max()


def test_a_copy_of_a_gene_adds_little_and_is_its_first_companion(values: np.ndarray) -> None:
    X = values
    first = int(forward_selection(X, X, 1, PENALTY).order[0])
    doubled = np.column_stack([X, X[:, first]])
    found = forward_selection(doubled, X, 10, PENALTY)
    assert {first, GENES} & {int(found.order[0])}
    assert {int(found.order[0]), int(found.companions[0, 0])} == {first, GENES}
    assert not {first, GENES} <= set(found.order)
    assert isinstance(found, ForwardSelection)
    assert (np.diff(found.explained, axis=1) <= 0).all()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"size": 0}, "size = 0"),
        ({"size": GENES + 1}, "size = 201: there are 200 genes that may be taken"),
        ({"size": GENES, "never": [1]}, "199 genes that may be taken"),
        ({"penalty": 0.0}, "penalty"),
        ({"start": range(11)}, "has 11 genes already"),
        ({"start": [1, 1]}, "twice"),
        ({"start": [1], "never": [1]}, "never"),
    ],
)
def test_what_cannot_be_is_refused(values: np.ndarray, changes: dict, message: str) -> None:
    with pytest.raises(BadConfiguration, match=message):
        forward_selection(values, values, **({"size": 10, "penalty": PENALTY} | changes))


def test_it_can_be_cancelled(values: np.ndarray) -> None:
    X = values

    def report(progress: Progress) -> None:
        assert progress.total == 10
        raise Cancelled

    with pytest.raises(Cancelled):
        forward_selection(X, X, 10, PENALTY, report=report)
