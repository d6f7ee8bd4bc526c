import numpy as np
import pandas as pd
import pytest

from landmark.errors import BadData
from landmark.genesets.sources import most_variable, random_set, random_sets, top

GENES = [f"g{i}" for i in range(50)]


def test_top_takes_the_best_ranks_whatever_the_order_of_rows():
    ranking = pd.DataFrame({"gene": ["c", "a", "b"], "score": [1.0, 3.0, 2.0], "rank": [3, 1, 2]})
    chosen = top(ranking, 2, "run 7")
    assert chosen.genes == ("a", "b")
    assert (chosen.name, chosen.origin) == ("D2", "run 7")


@pytest.mark.parametrize("size", [0, 4])
def test_top_of_too_many_or_none_is_refused(size):
    ranking = pd.DataFrame({"gene": ["c", "a", "b"], "rank": [3, 1, 2]})
    with pytest.raises(BadData, match="from 1 to 3"):
        top(ranking, size, "")


def test_a_seed_gives_the_same_set_and_another_seed_another():
    assert random_set(GENES, 10, 1) == random_set(GENES, 10, 1)
    assert random_set(GENES, 10, 1).genes != random_set(GENES, 10, 2).genes


def test_random_sets_count_up_from_their_seed():
    assert list(random_sets(GENES, 5, 3, seed=4)) == [random_set(GENES, 5, seed) for seed in (4, 5, 6)]


def test_every_gene_is_drawn_equally_often():
    drawn = [gene for chosen in random_sets(GENES, 10, 2000) for gene in chosen.genes]
    counts = pd.Series(drawn).value_counts()
    # 2000 draws at probability 0.2: 400 expected, standard deviation 17.9
    assert len(counts) == 50
    assert counts.between(400 - 4 * 17.9, 400 + 4 * 17.9).all()


def test_more_random_genes_than_there_are_is_refused():
    with pytest.raises(BadData, match="from 50"):
        random_set(GENES, 51, 0)


def test_most_variable_finds_planted_genes():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(100, 50)).astype(np.float32)
    X[:, [7, 3]] *= [[5, 9]]
    assert most_variable(X + 1e3, GENES, 2).genes == ("g3", "g7")
    with pytest.raises(BadData, match="from 1 to 50"):
        most_variable(X, GENES, 0)
