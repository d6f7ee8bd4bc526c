"""Laws that every way of choosing genes obeys."""

import numpy as np
import pytest

from landmark.errors import BadConfiguration
from landmark.genesets.forward import Forward
from landmark.genesets.published import GeneBasis, Loadings, Medoids
from landmark.genesets.selection import HighestScores, Panel, Strategy, by_chance
from landmark.progress import silent

SAMPLES, GENES = 40, 60
X = np.random.default_rng(0).standard_normal((SAMPLES, GENES)).astype(np.float32)

STRATEGIES: dict[str, Strategy] = {
    "forward": Forward(X, 5.0),
    "highest scores": HighestScores(X.var(axis=0)),
    "by chance": by_chance(GENES, 3),
    "gene basis": GeneBasis(),
    "loadings": Loadings(),
    "medoids": Medoids(),
}
ANEW = ("medoids",)


@pytest.fixture(params=STRATEGIES)
def strategy(request: pytest.FixtureRequest) -> Strategy:
    return STRATEGIES[request.param]


def test_chooses_as_many_as_asked_each_once(strategy: Strategy) -> None:
    found = strategy(X, Panel(17), silent)
    assert len(found.order) == len(found.gain) == len(set(found.order)) == 17


def test_a_panel_to_extend_stays_as_it_is(strategy: Strategy) -> None:
    found = strategy(X, Panel(10, start=(50, 2, 31)), silent)
    assert list(found.order[:3]) == [50, 2, 31]
    assert len(set(found.order)) == 10


def test_never_means_never(strategy: Strategy) -> None:
    favourites = tuple(int(gene) for gene in strategy(X, Panel(20), silent).order)
    assert not set(strategy(X, Panel(GENES - 20, never=favourites), silent).order) & set(favourites)


@pytest.mark.parametrize("name", sorted(set(STRATEGIES) - set(ANEW)))
def test_a_smaller_set_is_the_beginning_of_a_larger_one(name: str) -> None:
    strategy = STRATEGIES[name]
    few, many = strategy(X, Panel(5), silent), strategy(X, Panel(25), silent)
    assert list(many.order[:5]) == list(few.order)


@pytest.mark.parametrize(
    ("panel", "message"),
    [
        (Panel(0), "size = 0"),
        (Panel(GENES + 1), "size = 61: there are 60 genes that may be chosen"),
        (Panel(GENES, never=(1,)), "59 genes that may be chosen"),
        (Panel(3, start=(1, 2, 3, 4)), "has 4 genes already"),
        (Panel(3, start=(1, 1)), "twice"),
        (Panel(3, start=(1,), never=(1,)), "must not be chosen"),
    ],
)
def test_a_panel_that_cannot_be_had_is_refused(strategy: Strategy, panel: Panel, message: str) -> None:
    with pytest.raises(BadConfiguration, match=message):
        strategy(X, panel, silent)
