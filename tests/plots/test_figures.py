"""What each figure shows, counted."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from landmark.analyses.clusters.figures import agreement_bars, cut_curve, unit_heat
from landmark.analyses.functions.figures import enrichment_dots, term_overlap
from landmark.analyses.ranking.figures import gene_profile, importance_curve
from landmark.analyses.size.figures import size_curve
from landmark.analyses.train.figures import training_curve
from landmark.data.quality import sample_quantiles
from landmark.errors import BadConfiguration, BadData
from landmark.plots import colours as c
from landmark.plots.comparison import comparison_densities, comparison_scatter, random_band, set_overlap
from landmark.plots.distributions import sample_distributions
from landmark.plots.samples import sample_scatter

from . import tables as t


def _map(embedding: pd.DataFrame) -> go.Figure:
    return sample_scatter(embedding, "umap_1", "umap_2", "label", "UMAP 1", "UMAP 2")


def test_training_marks_the_lowest_held_out_loss():
    figure = training_curve(t.history(20))
    assert [trace.line.dash for trace in figure.data[:2]] == ["solid", "dash"]
    assert list(figure.data[2].x) == [12]
    assert "at epoch 12" in figure.data[2].name


def test_a_live_curve_spans_the_planned_epochs():
    assert training_curve(t.history(3), epochs=100).layout.xaxis.range[1] >= 100
    assert training_curve(t.history(3), log=True).layout.yaxis.type == "log"


def test_training_without_held_out_samples():
    history = t.history(3).assign(validation_loss=np.nan)
    assert len(training_curve(history).data) == 2


@pytest.mark.parametrize("log", [False, True])
def test_importance_divides_at_the_cut(log):
    figure = importance_curve(
        t.ranking(300).sample(frac=1, random_state=0), 50, ["G3", "G200", "absent"], log
    )
    chosen, rest, marked = figure.data
    assert list(chosen.x) == list(range(1, 51))
    assert len(rest.x) == 250
    assert (chosen.line.color, rest.line.color) == (c.DEEPLIFT, c.NEUTRAL)
    assert list(marked.text) == ["G3", "G200"]
    assert list(marked.marker.color) == [c.DEEPLIFT, c.NEUTRAL]
    named = {note.text: note.x for note in figure.layout.annotations}
    assert named["G200"] == pytest.approx(np.log10(201) if log else 201)
    assert figure.layout.shapes[0].x0 == 50


def test_many_highlighted_genes_name_only_some():
    figure = importance_curve(t.ranking(300), 50, [f"G{place}" for place in range(1, 100)])
    assert len(figure.layout.annotations) == 1 + 12
    assert len(figure.data[2].x) == 99


def test_profile_sorts_the_units():
    row = pd.Series({"gene": "TP53", "unit_0": 0.1, "unit_1": 0.3, "unit_2": 0.2})
    (bars,) = gene_profile(row).data
    assert list(bars.y) == [0.3, 0.2, 0.1]
    assert list(bars.text) == ["1", "2", "0"]


@pytest.mark.parametrize(("measure", "sign"), [("mae", -1), ("pcc", 1)])
def test_a_dot_has_the_colour_of_the_better_set(measure, sign):
    table = t.comparison()
    figure = comparison_scatter(table, "D490", "L1000", measure)
    diagonal, first, second = figure.data
    assert (first.marker.color, second.marker.color) == (c.DEEPLIFT, c.L1000)
    wins = sign * (table[f"{measure}_D490"] - table[f"{measure}_L1000"]) > 0
    assert len(first.x) == wins.sum()
    assert len(second.x) == (~wins).sum()
    assert f"{100 * wins.mean():.1f}%" in first.name
    assert (sign * (np.asarray(first.x) - np.asarray(first.y)) > 0).all()
    assert list(diagonal.x) == list(diagonal.y)
    upper_left = figure.layout.annotations[0]
    assert upper_left.text == ("D490 better" if measure == "mae" else "L1000 better")


def test_genes_without_a_value_are_left_out():
    table = t.comparison(10)
    table.loc[3, "pcc_D490"] = np.nan
    figure = comparison_scatter(table, "D490", "L1000", "pcc")
    assert sum(len(trace.x) for trace in figure.data[1:]) == 9


def test_thousands_of_dots_use_webgl():
    many = comparison_scatter(t.comparison(5000), "D490", "L1000")
    assert [type(trace) for trace in many.data[1:]] == [go.Scattergl] * 2
    assert not [
        trace
        for trace in comparison_scatter(t.comparison(500), "D490", "L1000").data
        if trace.type == "scattergl"
    ]
    assert {trace.type for trace in _map(t.samples(2000)[0]).data} == {"scattergl"}


def test_densities_of_sets_differ_in_dash_and_colour():
    figure = comparison_densities(t.comparison(), ["D490", "L1000", t.ODD])
    assert len({(trace.line.color, trace.line.dash) for trace in figure.data}) == 3
    assert len({trace.line.dash for trace in figure.data}) == 3


def test_unknown_measure_is_refused():
    with pytest.raises(BadConfiguration, match="measure = 'rmse'"):
        comparison_scatter(t.comparison(), "D490", "L1000", "rmse")


@pytest.mark.parametrize(("measure", "beaten"), [("mae", 20), ("pcc", 20)])
def test_standing_among_random_sets(measure, beaten):
    figure = random_band(t.random(20), t.summary(), measure)
    dots, *sets = figure.data
    assert len(dots.x) == 20
    assert [trace.marker.color for trace in sets] == [c.DEEPLIFT, c.L1000, c.IMPROVED]
    assert f"better than {beaten} of 20 random sets" in sets[2].hovertemplate
    assert "better than 0 of 20" in sets[0].hovertemplate
    band = figure.layout.shapes[0]
    low, high = np.quantile(t.random(20)[measure], [0.025, 0.975])
    assert (band.x0, band.x1) == pytest.approx((low, high))


def test_random_sets_may_be_absent():
    figure = random_band(t.random(0), t.summary())
    assert "no random sets" in figure.data[0].hovertemplate


def test_overlap_counts_every_gene_once():
    bars, joins, dots = set_overlap(t.sets()).data
    found = {text.split("<br>")[0]: count for text, count in zip(bars.customdata, bars.y, strict=True)}
    odd = "&lt;b&gt;odd&lt;/b&gt; &amp; &#36;x&#36;"
    assert found == {
        "<b>3 genes</b> only in L1000": 3,
        "<b>2 genes</b> only in D490": 2,
        f"<b>1 gene</b> only in {odd}": 1,
        "<b>1 gene</b> in D490 and L1000": 1,
        f"<b>1 gene</b> in D490, L1000 and {odd}": 1,
    }
    assert bars.marker.color[0] == c.L1000
    assert sum(bars.y) == t.sets()["gene"].nunique()
    assert len(dots.x) == 5 * 3
    assert len(joins.x) == 5 * 3


def test_overlap_of_too_many_sets_is_refused():
    many = pd.DataFrame({"set": [f"s{i}" for i in range(7)], "gene": "a"})
    with pytest.raises(BadData, match="at most 6"):
        set_overlap(many)
    assert "at least two" in set_overlap(many.iloc[:1]).layout.annotations[0].text


def test_every_sample_is_drawn_with_its_own_label_on_hover():
    embedding, _ = t.samples(400, 30)
    figure = _map(embedding)
    assert sum(len(trace.x) for trace in figure.data) == 400
    assert len(figure.data) == 21
    rest = figure.data[0]
    assert rest.name.startswith("other")
    assert "tissue" in rest.customdata[0]
    assert rest.legendrank == max(trace.legendrank for trace in figure.data)


def test_umap_and_tree_agree_in_colours():
    from landmark.analyses.clusters.figures_tree import dendrogram

    embedding, linkage = t.samples(100, 5)
    scatter = {trace.name: trace.marker.color for trace in _map(embedding).data}
    tree = {trace.name: trace.line.color for trace in dendrogram(linkage, embedding).data if trace.showlegend}
    assert scatter == tree


def test_samples_without_labels_have_no_legend():
    figure = sample_scatter(t.samples()[0], "umap_1", "umap_2", None, "PC 1 (23%)", "PC 2 (9%)")
    assert len(figure.data) == 1
    assert not figure.data[0].showlegend


def test_agreement_colours_by_representation():
    figure = agreement_bars(t.agreement().assign(silhouette=[0.1, -0.001, 0, -0.2, 0.1]))
    bars = [trace for trace in figure.data if trace.type == "bar"]
    numbers = [trace for trace in figure.data if trace.type == "scatter"]
    assert len(bars) == len(numbers) == 4
    assert list(bars[0].marker.color) == [c.AUTOENCODER, c.PCA, c.ALL_GENES, c.RANDOM, c.NEUTRAL]
    assert list(numbers[2].text) == ["0.10", "0.00", "0.00", "-0.20", "0.10"]
    assert figure.layout.xaxis.range[0] < -0.2


def test_agreement_shows_intervals_and_held_out_samples_where_there_are_any():
    figure = agreement_bars(t.agreement_with_intervals())
    bars = [trace for trace in figure.data if trace.type == "bar"]
    assert len(bars) == 5
    np.testing.assert_allclose(bars[0].error_x.arrayminus, 0.1)
    without = t.agreement_with_intervals().assign(held_out_accuracy=np.nan)
    assert len([trace for trace in agreement_bars(without).data if trace.type == "bar"]) == 4


def test_units_of_a_like_profile_are_neighbours():
    profiles = pd.DataFrame([[1, -1, 1, -1], [-1, 1, -1, 1], [0, 0, 0, 0]], index=[1, 2, 3], columns=range(4))
    figure = unit_heat(profiles, {1: 5, 2: 3, 3: 1})
    first = figure.data[0].z[0]
    assert first[0] == first[1] == -first[2] == -first[3]
    assert figure.layout.yaxis.ticktext[2] == "3 (1 sample)"
    with pytest.raises(BadData, match="size of cluster 2"):
        unit_heat(profiles, {1: 5})


def test_the_best_cut_is_marked():
    figure = cut_curve(t.cuts(), 4)
    assert list(figure.data[2].x) == [3]
    assert figure.layout.shapes[0].x0 == 4
    assert len(cut_curve(t.cuts().drop(columns="adjusted_rand"), 4).data) == 2


def test_size_curve_lies_over_the_band():
    figure = size_curve(t.sizes(), t.random_sizes(), "pcc", cursor=100)
    names = [trace.name for trace in figure.data if trace.showlegend is not False]
    assert names[1:3] == ["D490", "L1000"]
    assert [trace.line.color for trace in figure.data[3:5]] == [c.DEEPLIFT, c.L1000]
    high, low = figure.data[:2]
    assert low.fill == "tonexty"
    assert (np.asarray(high.y) > np.asarray(low.y)).all()
    assert figure.layout.shapes[0].x0 == 100


def test_enrichment_shows_share_size_and_significance():
    figure = enrichment_dots(t.enrichment(), genes=50)
    chance, *classes = figure.data
    assert [trace.name for trace in classes] == [name for name, _, _ in c.SIGNIFICANCE.values()]
    assert [float(trace.x[0]) for trace in classes] == [20, 80, 6, 2]
    assert list(chance.x) == [5, 4, 2.4, 10]
    assert classes[1].marker.size[0] > classes[2].marker.size[0]
    assert classes[-1].marker.symbol == "circle-open"
    assert len(enrichment_dots(t.enrichment(), 50, top=2).data) == 3


def test_terms_of_one_group_stand_side_by_side():
    figure = term_overlap(t.enrichment())
    np.testing.assert_allclose(figure.data[0].z[1:3, 1:3], [[100, 60], [60, 100]])
    assert figure.data[0].z[0, 1:].max() == 0


def test_samples_stand_in_order_of_their_median():
    X = np.array([[5.0, 6, 7], [1, 2, 3], [9, 9, 9]])
    median = sample_distributions(sample_quantiles(X, ["a", "b", "c"])).data[-1]
    assert list(median.text) == ["b", "a", "c"]
    assert list(median.y) == [2, 6, 9]


def test_quantiles_are_numpys():
    X = np.random.default_rng(0).normal(size=(4, 101))
    table = sample_quantiles(X, list("abcd"))
    np.testing.assert_allclose(table["q25"], np.quantile(X, 0.25, axis=1))
