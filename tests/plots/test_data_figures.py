"""What the figures of the data pages show, counted."""

import numpy as np
import pytest

from landmark.analyses.quality.figures import (
    OUTLIER,
    correlation_heat,
    explained_bars,
    explained_heat,
    outlier_plane,
    sample_boxes,
)
from landmark.plots.distributions import before_and_after, genes_shared

from . import data_tables as d
from .tables import ODD


def test_a_box_per_sample_in_the_colour_of_its_group():
    figure = sample_boxes(d.quality(), d.groups())
    assert sum(len(box.x) for box in figure.data) == 30
    assert len({box.marker.color for box in figure.data}) == 3
    assert not sample_boxes(d.quality()).data[0].showlegend


def test_outliers_have_a_colour_and_a_shape_of_their_own():
    usual, outliers = outlier_plane(d.quality(), 5.0).data
    assert (len(usual.x), len(outliers.x)) == (29, 1)
    assert outliers.marker.color == OUTLIER
    assert outliers.marker.symbol != usual.marker.symbol


def test_the_strip_above_the_correlations_names_the_groups():
    table = d.correlation()
    labels = d.groups(12).set_axis(table["sample"])
    figure = correlation_heat(table, labels)
    part = correlation_heat(table.iloc[3:8, :1].join(table.iloc[3:8, 4:9]), labels)
    heats = [trace for trace in figure.data if trace.type == "heatmap"]
    np.testing.assert_allclose(np.diag(heats[1].z), 1, rtol=1e-6)
    assert sorted({int(code) for code in heats[0].z[0]}) == [0, 1, 2]
    assert len([trace for trace in figure.data if trace.type == "scatter"]) == 3
    assert len(correlation_heat(d.correlation()).data) == 1
    colours = {trace.legendgroup: trace.marker.color for trace in figure.data if trace.type == "scatter"}
    for trace in part.data:
        assert trace.type != "scatter" or trace.marker.color == colours[trace.legendgroup]


def test_explained_variance_stands_beside_chance():
    bars, chance, text = explained_bars(d.overall()).data
    assert list(bars.x) == [60, 20, 1]
    assert list(chance.x) == [3, 3, 3]
    assert list(text.text) == ["60%", "20%", "1%"]
    assert text.x[2] > chance.x[2]


def test_components_come_with_their_share():
    (heat,) = explained_heat(d.explained(), ["batch", ODD, "split"]).data
    assert heat.z.shape == (3, 4)
    assert heat.z[0, 0] == 100
    assert list(heat.x)[:2] == ["1<br>40%", "2<br>20%"]


def test_genes_in_common_and_lost():
    common, lost = genes_shared(d.counts()).data
    assert list(common.x) == [40, 40]
    assert list(lost.x) == [0, 20]


@pytest.mark.parametrize(("factor", "axes"), [(1.0, 1), (50.0, 2)])
def test_ranges_that_differ_much_get_an_axis_each(factor, axes):
    after = d.values()["after"].to_numpy()
    figure = before_and_after(after * factor, after)
    assert len(list(figure.select_xaxes())) == axes
    assert len({trace.line.color for trace in figure.data}) == 2
