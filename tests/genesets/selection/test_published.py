"""Published ways of choosing genes, beside direct computations with scikit-learn, and on planted clusters of genes."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from landmark.errors import BadConfiguration
from landmark.genesets import selection
from landmark.genesets.published import GeneBasis, Loadings, Medoids
from landmark.genesets.selection import Panel

METHODS = {"medoids": Medoids(), "genebasis": GeneBasis(), "loadings": Loadings()}


def standardised(X: np.ndarray) -> np.ndarray:
    return ((X - X.mean(axis=0)) / X.std(axis=0)).astype(np.float32)


def programs() -> np.ndarray:
    rng = np.random.default_rng(0)
    hidden = rng.standard_normal((40, 6)) @ rng.standard_normal((6, 30))
    return standardised(hidden + rng.standard_normal((40, 30)))


X = programs()


@pytest.fixture(scope="module")
def clustered() -> np.ndarray:
    """Eight groups of five genes, each around a pattern of its own; the first gene of each is the pattern itself."""
    rng = np.random.default_rng(1)
    patterns = np.linalg.qr(rng.standard_normal((60, 8)))[0]
    mixed = np.repeat(np.eye(8), 5, axis=0)
    mixed += 0.05 * rng.standard_normal((40, 8)) * (np.arange(40) % 5 > 0)[:, None]
    return standardised(patterns @ mixed.T)


def missed(X: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return geneBasis's error of each gene, with neighbours found in these places [samples, dimensions]."""
    near = NearestNeighbors(n_neighbors=6).fit(places).kneighbors(places, return_distance=False)
    predicted = np.array([X[others[others != own][:5]].mean(axis=0) for own, others in enumerate(near)])
    return (np.abs(X - predicted) ** 3).mean(axis=0) ** (1 / 3)


def test_genebasis_takes_what_neighbours_miss_most() -> None:
    true = missed(X, PCA(30).fit_transform(X))
    order, gains = [], []
    above = (np.abs(X) ** 3).mean(axis=0) ** (1 / 3) - true
    for _ in range(12):
        above[order] = -np.inf
        order.append(int(np.argmax(above)))
        gains.append(above[order[-1]])
        above = missed(X, X[:, order]) - true
    found = GeneBasis()(X, Panel(12))
    assert list(found.order) == order
    assert found.gain == pytest.approx(gains, rel=1e-4)


def test_loadings_are_those_of_the_components() -> None:
    components = np.abs(PCA(30).fit(X.astype(np.float64)).components_)
    order: list[int] = []
    for component in components:
        component[order] = -1
        order.append(int(np.argmax(component)))
    assert list(Loadings()(X, Panel(20)).order) == order[:20]


def test_with_more_genes_than_components_each_component_gets_another() -> None:
    few = standardised(X[:5])
    found = Loadings()(few, Panel(8))
    assert len(set(found.order)) == 8
    first = np.abs(PCA(4).fit(few).components_[0])
    assert set(found.order[[0, 4]]) <= set(np.argsort(-first)[:6])
    assert found.gain[0] > found.gain[4]


def test_medoids_take_the_middle_of_every_cluster(clustered: np.ndarray) -> None:
    found = Medoids()(clustered, Panel(8))
    assert sorted(found.order) == list(range(0, 40, 5))
    assert list(found.gain) == [5] * 8


def test_medoids_leave_clusters_that_are_represented(clustered: np.ndarray) -> None:
    found = Medoids()(clustered, Panel(8, start=(7, 21), never=(30,)))
    assert list(found.order[:2]) == [7, 21]
    assert sorted(gene // 5 for gene in found.order) == list(range(8))
    assert 30 not in found.order


def test_the_larger_cluster_comes_first(clustered: np.ndarray) -> None:
    found = Medoids()(clustered[:, 3:], Panel(8))
    assert found.order[-1] in (0, 1)
    assert list(found.gain) == [5] * 7 + [2]


@pytest.mark.parametrize("name", METHODS)
def test_genes_that_are_alike_or_constant_can_be_chosen(name: str) -> None:
    rng = np.random.default_rng(2)
    X = standardised(np.repeat(rng.standard_normal((12, 3)), 4, axis=1))
    X[:, 5] = 0
    assert sorted(METHODS[name](X, Panel(12)).order) == list(range(12))
    assert len(set(METHODS[name](np.zeros_like(X), Panel(5)).order)) == 5


@pytest.mark.parametrize("method", [Medoids, GeneBasis, Loadings])
def test_of_very_many_samples_some_are_drawn(method, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = method()(X, Panel(9))
    monkeypatch.setattr(selection, "MOST_SAMPLES", 20)
    first, again = method(seed=1)(X, Panel(9)), method(seed=1)(X, Panel(9))
    assert list(first.order) == list(again.order)
    assert list(first.gain) == list(again.gain)
    assert list(first.order) != list(whole.order)


def test_two_samples_have_no_neighbours() -> None:
    with pytest.raises(BadConfiguration, match="to have neighbours takes 3"):
        GeneBasis()(X[:2], Panel(2))
