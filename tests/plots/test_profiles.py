"""Figures of complete profiles."""

import numpy as np
import pytest

from landmark.analyses.infer.figures import (
    against_nearest,
    coverage_density,
    error_histogram,
    gene_intervals,
    profile_heat,
    sample_distances,
)

from . import profile_tables as p
from . import tables as t


def test_every_inferred_gene_is_counted_once_in_the_colour_of_its_grade():
    table = p.genes()
    table.loc[3, "grade"] = "measured"
    figure = error_histogram(table, "pcc", {"trust": 0.5, "with care": 0.25})
    assert sum(sum(bar.y) for bar in figure.data) == len(table) - 1
    for bar in figure.data:
        grade = bar.name.partition(" (")[0]
        assert sum(bar.y) == (table["grade"] == grade).sum()
    said = {note.text.strip() for note in figure.layout.annotations}
    assert said == {"trust", "with care"}
    assert figure.layout.xaxis.title.text == "Held-out r (trust from 0.5, with care from 0.25)"


def test_bounds_of_r_are_not_drawn_on_an_axis_of_errors():
    figure = error_histogram(p.genes(), "mae", {"trust": 0.5})
    assert not figure.layout.annotations
    assert not figure.layout.shapes


def test_the_bars_of_a_sample_reach_from_the_lower_to_the_upper_end():
    table = p.gene()
    inferred, measured = gene_intervals(table, "TP53", "log2", 0.9).data
    np.testing.assert_allclose(np.asarray(inferred.y) + inferred.error_y.array, table["upper"])
    np.testing.assert_allclose(np.asarray(inferred.y) - inferred.error_y.arrayminus, table["lower"])
    np.testing.assert_allclose(measured.y, table["truth"])


def test_a_measured_gene_has_no_intervals():
    table = p.gene(truth=False)
    table["lower"] = table["upper"] = table["value"]
    (measured,) = gene_intervals(table, "TP53", "log2", 0.9).data
    assert measured.name == "measured"
    assert measured.error_y.array is None


def test_groups_are_named_in_the_middle_of_their_samples():
    axis = gene_intervals(p.grouped(9), "TP53", "log2", 0.9).layout.xaxis
    assert list(axis.tickvals) == [2, 5, 8]


@pytest.mark.parametrize("held_out", [None, p.distances(90)])
def test_all_new_samples_are_marked_and_one_of_them_by_a_line(held_out):
    table = p.distances()
    figure = sample_distances(table, held_out, "S3")
    np.testing.assert_allclose(figure.data[-1].x, table["distance"])
    assert [line.x0 for line in figure.layout.shapes][-1] == table["distance"][3]


def test_every_gene_is_a_dot_beside_the_nearest_sample():
    table = p.profile()
    _, inferred, measured = against_nearest(table, "a", "b", "log2").data
    assert len(measured.x) == table["measured"].sum()
    assert len(inferred.x) + len(measured.x) == len(table)


def test_a_heat_map_shows_differences_and_puts_alike_samples_together():
    table = p.heat(20)
    table.iloc[::2] += np.linspace(5, 9, table.shape[1])
    (heat,) = profile_heat(table, {}, "log2").data
    shown = np.asarray(heat.z)
    np.testing.assert_allclose(shown.mean(axis=1), 0, atol=1e-9)
    high = shown.sum(axis=0) > 0
    assert np.abs(np.diff(high.astype(int))).sum() == 1


def test_one_sample_is_shown_as_it_is():
    table = p.heat(1)
    (heat,) = profile_heat(table, {}, "log2").data
    np.testing.assert_allclose(np.sort(np.ravel(heat.z)), np.sort(table.to_numpy().ravel()))


def test_one_gene_that_was_inferred_is_enough():
    figure = coverage_density(p.genes(1), 0.9)
    assert len(figure.data) == 1
    assert error_histogram(p.genes(1), "mae", {}, t.ODD).data
