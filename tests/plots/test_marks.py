"""Histone marks and what a network makes of them."""

import numpy as np
import pytest

from landmark.epigenome.figures import (
    _ticks,
    area_dots,
    class_contributions,
    gene_contributions,
    kilobases,
    mean_profiles,
    pattern_maps,
    roc_curves,
)
from landmark.errors import BadData
from landmark.plots.colours import LOWERS, RAISES

from . import marks_tables as m
from .tables import ODD


def heats(figure):
    return [trace for trace in figure.data if trace.type == "heatmap"]


def bars(figure):
    return [trace for trace in figure.data if trace.type == "bar"]


def test_the_start_lies_between_the_two_middle_bins():
    places = kilobases(100)
    assert places[0] == pytest.approx(-4.95)
    assert places[49] == pytest.approx(-0.05)
    assert places[-1] == pytest.approx(4.95)


def test_each_mark_has_its_panel_with_both_classes():
    figure = mean_profiles(m.means())
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert len(lines) == 2 * len(m.MARKS)
    assert [trace.name for trace in lines if trace.showlegend] == ["expressed genes", "unexpressed genes"]
    raised, flat = (trace for trace in lines if "H3K4me3" in trace.hovertemplate)
    assert raised.y - flat.y == pytest.approx(np.ones(m.BINS))


def test_rows_in_any_order_give_the_same_profile():
    table = m.means()
    shuffled = table.assign(place=table["bin"] % 7).sort_values(["label", "mark", "place"], kind="stable")
    marks = {trace.hovertemplate: list(trace.y) for trace in mean_profiles(table).data}
    assert {trace.hovertemplate: list(trace.y) for trace in mean_profiles(shuffled).data} == marks


def test_pattern_maps_share_one_scale_from_nothing_to_one():
    figure = pattern_maps(m.maps(), m.frequency())
    high, low = heats(figure)
    assert {(trace.zmin, trace.zmax) for trace in (high, low)} == {(0, 1)}
    assert (high.showscale, low.showscale) == (True, False)
    assert (high.z - low.z) == pytest.approx(np.full((3, m.BINS), 1 / (m.BINS + 1)))
    shares = m.frequency()
    assert list(bars(figure)[0].x) == list(shares.loc[shares["label"] == 1, "frequency"])


def test_contributions_of_classes_reach_equally_far_to_both_sides():
    figure = class_contributions(m.average())
    assert {(trace.zmin, trace.zmax) for trace in heats(figure)} == {(-0.2, 0.2)}
    high, low = bars(figure)
    assert high.x == pytest.approx(np.full(3, 0.2 * m.BINS))
    assert set(high.marker.color) == {RAISES}
    assert set(low.marker.color) == {LOWERS}


def test_a_gene_shows_contributions_above_reads():
    table = m.contributions()
    figure = gene_contributions(table)
    contributions, reads = heats(figure)
    assert contributions.zmax == -contributions.zmin == pytest.approx(0.3)
    assert reads.z == pytest.approx(np.log2(1 + np.asarray(reads.text, float)))
    sums, totals = bars(figure)
    assert sum(sums.x) == pytest.approx(table["contribution"].sum())
    assert sum(totals.x) == pytest.approx(table["count"].sum())
    assert (figure.layout.xaxis.matches, figure.layout.xaxis4.matches) == ("x", None)


def test_a_gene_without_reads_and_contributions_is_drawn():
    figure = gene_contributions(m.contributions().assign(count=0.0, contribution=0.0))
    assert (heats(figure)[0].zmin, heats(figure)[0].zmax) == (-1, 1)


def test_the_chosen_cell_type_stands_out_and_the_others_are_one_grey_trace():
    figure = roc_curves(m.roc(4), "E002", {"E002": 0.8125, ODD: float("nan")})
    others, chance, chosen = figure.data
    assert chosen.name == "E002: AUC 0.812"
    assert others.name == "3 other cell types"
    assert chance.name == "chance: AUC 0.5"
    assert np.isnan(others.y).sum() == 3
    assert "AUC not known" in others.customdata[0]
    assert "AUC not known" in others.customdata[-1]


def test_areas_stand_in_order_with_the_largest_on_top():
    figure = area_dots(m.cells(), "E1")
    assert list(figure.layout.yaxis.ticktext)[-1] == "E1"
    logistic, others, own = figure.data
    assert list(logistic.x) == pytest.approx([0.6, 0.7, 0.8])
    assert (list(others.y), list(own.y)) == ([0, 1], [2])
    assert list(own.error_x.array) == pytest.approx([0.05])
    assert [trace.showlegend for trace in (others, own)] == [False, True]


@pytest.mark.parametrize(
    ("bars", "ticks"),
    [
        ([4.3, -4.5], [-4, 0, 4]),
        ([4.3, -0.5], [0, 4]),
        ([-0.031], [-0.03, 0]),
        ([730.0, 20.0], [0, 700]),
        ([0.0], [0]),
    ],
)
def test_bars_have_few_round_ticks(bars, ticks):
    assert _ticks(np.array(bars)) == pytest.approx(ticks)


def test_one_cell_type_has_no_others():
    assert len(roc_curves(m.roc(1), ODD, {}).data) == 2


def test_missing_columns_are_named():
    with pytest.raises(BadData, match="frequency"):
        pattern_maps(m.maps(), m.frequency().drop(columns="frequency"))
    with pytest.raises(BadData, match="true_positive_rate"):
        roc_curves(m.roc().drop(columns="true_positive_rate"), ODD, {})
