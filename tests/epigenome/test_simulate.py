import numpy as np

from landmark.epigenome.profiles import BINS, MARKS
from landmark.epigenome.simulate import RULES, simulate_histones


def simulated(cell_types=2, genes=400, seed=0):
    return list(simulate_histones(cell_types, genes, 1 / 3, 1 / 3, seed))


def test_shapes_labels_and_seed():
    first, second = simulated()
    assert first.counts.shape == (400, BINS, len(MARKS))
    assert first.labels.mean() == second.labels.mean() == 0.5
    assert len(set(first.genes)) == 400
    np.testing.assert_array_equal(first.split, second.split)
    assert (first.labels == second.labels).mean() > 0.6  # cell types share part of their marks
    np.testing.assert_array_equal(simulated()[1].counts, second.counts)
    assert (simulated(seed=1)[0].counts != first.counts).any()


def test_counts_are_over_dispersed():
    [profiles] = simulated(1)
    assert (profiles.counts % 1 == 0).all()
    assert profiles.counts.var(axis=0).mean() > 2 * profiles.counts.mean()


def test_every_rule_shows_where_it_is_planted():
    [profiles] = simulated(1, genes=2000)
    unexpressed, expressed = profiles.means()
    for rule in RULES:
        bins = slice(rule.first_bin - 1, rule.last_bin)
        mark = MARKS.index(rule.mark)
        ratio = expressed[bins, mark].mean() / unexpressed[bins, mark].mean()
        assert np.log(ratio) * rule.sign > 0.05 if rule.sign else abs(np.log(ratio)) < 0.2


def test_means_of_a_label_without_genes_are_zero():
    [profiles] = simulated(1)
    profiles.labels[:] = 1
    assert not profiles.means()[0].any()
