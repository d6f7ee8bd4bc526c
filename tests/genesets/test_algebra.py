import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark.errors import BadData
from landmark.genesets.geneset import GeneSet, cut_to_same_size, difference, intersection, panel, union

sets = st.lists(st.sampled_from("ABCDEFGH"), min_size=1, unique=True).map(
    lambda genes: GeneSet("set", tuple(genes), "here")
)


@given(sets, sets)
def test_sizes_add_up(first, second):
    both = set(first.genes) & set(second.genes)
    assert len(union(first, second)) == len(first) + len(second) - len(both)
    if both:
        assert intersection(first, second).genes == tuple(g for g in first.genes if g in both)
    else:
        with pytest.raises(BadData, match="empty"):
            intersection(first, second)
    if set(first.genes) - both:
        assert set(difference(first, second).genes) == set(first.genes) - both
    else:
        with pytest.raises(BadData, match="empty"):
            difference(first, second)


@given(st.lists(sets, min_size=1, max_size=4))
def test_cut_sets_keep_their_first_genes_and_have_one_size(many):
    cut = cut_to_same_size(many)
    smallest = min(map(len, many))
    for before, after in zip(many, cut, strict=True):
        assert after.genes == before.genes[:smallest]
        assert (after is before) == (len(before) == smallest)
        assert after.name == before.name


def test_the_origin_says_what_was_cut():
    ranked, small = GeneSet("D3", ("A", "B", "C"), "run 7"), GeneSet("mine", ("A",), "a list")
    assert cut_to_same_size([ranked, small])[0].origin == "the first 1 of 3 genes: run 7"


def test_a_panel_holds_what_it_must_and_is_filled_up_in_order():
    required = GeneSet("must", ("X", "B"), "pasted")
    ranking = GeneSet("D4", ("A", "B", "C", "D"), "run")
    assert panel(required, ranking, 4).genes == ("X", "B", "A", "C")
    assert panel(required, ranking, 2).genes == ("X", "B")
    with pytest.raises(BadData, match="2 are required"):
        panel(required, ranking, 1)
    with pytest.raises(BadData, match="5 genes together"):
        panel(required, ranking, 6)
