"""The tree equals SciPy's, is quick, and says what is wrong with a damaged one."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster import hierarchy

from landmark.analyses.clusters.figures_tree import Circle, Tree, dendrogram
from landmark.errors import BadData

from . import tables as t

COLUMNS = ["left", "right", "distance", "size"]


def clustering(seed: int, count: int, method: str) -> np.ndarray:
    return hierarchy.linkage(np.random.default_rng(seed).normal(size=(count, 3)), method)


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    count=st.integers(2, 60),
    method=st.sampled_from(["average", "single", "complete", "ward", "centroid"]),
)
def test_places_and_order_are_scipys(seed, count, method):
    linkage = clustering(seed, count, method)
    tree = Tree.from_linkage(pd.DataFrame(linkage, columns=COLUMNS))
    theirs = hierarchy.dendrogram(linkage, no_plot=True)
    assert tree.leaves.tolist() == theirs["leaves"]
    # SciPy draws leaf i at 5 + 10 i; links come in another order.
    ours = sorted(
        [*(5 + 10 * tree.place[link]), h] for link, h in zip(tree.children, tree.height[count:], strict=True)
    )
    expected = sorted([x[0], x[2], y[1]] for x, y in zip(theirs["icoord"], theirs["dcoord"], strict=True))
    np.testing.assert_allclose(ours, expected)


def test_a_chain_deeper_than_the_stack_is_laid_out():
    count = 5000
    chain = pd.DataFrame(
        {"left": [0, *range(count, 2 * count - 2)], "right": range(1, count), "distance": range(1, count)}
    )
    assert Tree.from_linkage(chain).leaves.tolist() == list(range(count))


@pytest.mark.parametrize("circular", [True, False])
def test_a_thousand_samples_take_less_than_two_seconds_and_few_traces(circular):
    embedding, linkage = t.samples(1000, 20)
    start = time.perf_counter()
    figure = dendrogram(linkage, embedding, circular)
    text = figure.to_json()
    assert time.perf_counter() - start < 2
    assert len(figure.data) <= 2 * 20 + 3
    assert len(text) < 1_500_000


@pytest.mark.parametrize("circular", [True, False])
def test_hover_names_the_samples_in_drawing_order(circular):
    embedding, linkage = t.samples()
    figure = dendrogram(linkage, embedding, circular)
    leaves = hierarchy.leaves_list(linkage.to_numpy())
    expected = ["&lt;b&gt;odd&lt;/b&gt; &amp; &#36;x&#36;" if leaf == 0 else f"S{leaf}" for leaf in leaves]
    assert list(figure.data[-1].text) == expected


def test_every_link_is_drawn_once_and_branches_of_one_label_have_its_colour():
    embedding, linkage = t.samples(60, 3)
    figure = dendrogram(linkage, embedding, circular=False)
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    branches = [trace for trace in lines if trace.line.width < 2]
    assert sum(np.isnan(trace.x).sum() for trace in branches) == 59
    rings = {trace.line.color: trace for trace in lines if trace.line.width > 10}
    assert len(rings) == 3
    for trace in branches[1:]:
        band = rings[trace.line.color].x
        low, high = np.nanmin(trace.x), np.nanmax(trace.x)
        starts, ends = band[0::3], band[1::3]
        assert ((starts <= low) & (high <= ends)).any() or len(starts) > 1


def test_band_covers_every_sample_once():
    embedding, linkage = t.samples()
    figure = dendrogram(linkage, embedding, circular=False)
    covered = sum(
        float(np.sum(trace.x[1::3] - trace.x[0::3])) for trace in figure.data if (trace.line.width or 0) > 10
    )
    assert covered == len(embedding)


def test_circle_keeps_its_proportions():
    embedding, linkage = t.samples()
    figure = dendrogram(linkage, embedding)
    assert figure.layout.yaxis.scaleanchor == "x"
    leaves = figure.data[-1]
    np.testing.assert_allclose(np.hypot(leaves.x, leaves.y), 1.05, rtol=1e-6)


def test_two_samples_of_distance_zero():
    embedding = pd.DataFrame({"sample": ["a", "b"], "label": ["x", "y"]})
    linkage = pd.DataFrame([[0, 1, 0.0, 2]], columns=COLUMNS)
    assert dendrogram(linkage, embedding).data


def test_tables_of_different_samples_are_refused():
    embedding, linkage = t.samples()
    with pytest.raises(BadData, match="60 samples but the embedding holds 59"):
        dendrogram(linkage, embedding.iloc[:-1])


@pytest.mark.parametrize("children", [[[0, 1], [0, 3]], [[0, 4], [1, 2]], [[0, -1], [1, 3]]])
def test_a_damaged_tree_is_refused(children):
    damaged = pd.DataFrame(children, columns=["left", "right"]).assign(distance=1.0)
    with pytest.raises(BadData, match="do not form one tree"):
        Tree.from_linkage(damaged)


@pytest.mark.parametrize("circular", [True, False])
def test_the_cut_is_drawn_at_its_height(circular):
    embedding, linkage = t.samples()
    height = float(linkage["distance"].iloc[-3:-1].mean())
    figure = dendrogram(linkage, embedding, circular, cut=height)
    (cut,) = [trace for trace in figure.data if trace.name == "cut"]
    top = float(linkage["distance"].max())
    expected = Circle(60, top).radius(height) if circular else height
    np.testing.assert_allclose(np.hypot(cut.x, cut.y) if circular else cut.y, expected, rtol=1e-5)
