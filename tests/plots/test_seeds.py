"""Strips of seeds: every seed is a dot, and the panels say what they compare with."""

import numpy as np
import pytest

from landmark.analyses.replicates.figures import network_strips, prediction_strips
from landmark.plots import colours as c

from . import tables as t


def test_every_seed_is_a_dot_and_the_mean_a_line():
    values = t.seeds(5)
    figure = prediction_strips(values, "D490")
    dots = [trace for trace in figure.data if trace.customdata is not None]
    assert len(dots) == 3
    chosen = values.loc[values["figure"] == "set_pcc", "value"].to_numpy()
    band, first, mean = figure.data[:3]
    assert list(first.x) == list(chosen)
    assert list(first.customdata) == [f"seed {seed}" for seed in range(5)]
    assert list(band.x) == [chosen.min(), chosen.max()]
    assert mean.x[0] == pytest.approx(chosen.mean())
    assert f"{np.std(chosen, ddof=1):.4f}" in mean.hovertemplate


def test_colours_tell_sets_apart_and_rows_are_named():
    figure = prediction_strips(t.seeds(), "D490")
    dots = [trace for trace in figure.data if trace.customdata is not None]
    assert [trace.marker.color for trace in dots[:2]] == [c.DEEPLIFT, c.L1000]
    assert list(figure.layout.yaxis.ticktext) == ["D490", "L1000"]


def test_overlaps_stand_beside_chance():
    figure = prediction_strips(t.seeds(), "D490", t.seed_overlaps(), 490, 0.08)
    assert list(figure.data[1].customdata) == ["seeds 0 and 1", "seeds 0 and 2", "seeds 1 and 2"]
    assert figure.layout.xaxis.title.text == "Share of the top 490 genes in common"
    assert 0.08 in {line.x0 for line in figure.layout.shapes}
    low, high = figure.layout.xaxis.range
    assert low < 0.08 < high


def test_a_small_spread_looks_small():
    figure = network_strips(t.seeds())
    low, high = figure.layout.xaxis.range
    assert high - low >= 0.02
    assert [trace.marker.color for trace in figure.data if trace.customdata is not None] == [c.AUTOENCODER]
