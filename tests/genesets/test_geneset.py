import pytest

from landmark.errors import BadData
from landmark.genesets.geneset import GeneSet, match, present_part


def test_an_empty_set_is_refused():
    with pytest.raises(BadData, match="empty"):
        GeneSet("mine", (), "a list")


def test_a_gene_named_twice_is_refused_and_named():
    with pytest.raises(BadData, match="TP53 2 times"):
        GeneSet("mine", ("TP53", "MYC", "TP53"), "a list")


def test_match_splits_into_used_and_absent_in_the_order_of_the_set():
    used, absent = match(GeneSet("mine", ("C", "X", "A"), ""), ["A", "B", "C"])
    assert used == ("C", "A")
    assert absent == ("X",)


def test_match_uses_a_former_name_only_where_the_present_one_is_absent():
    older = {"NEW": "OLD", "A": "B"}
    used, absent = match(GeneSet("mine", ("NEW", "A"), ""), ["OLD", "A", "B"], older)
    assert used == ("OLD", "A")
    assert absent == ()


def test_match_names_a_gene_once_when_two_names_lead_to_it():
    used, _ = match(GeneSet("mine", ("NEW", "OLD"), ""), ["OLD"], {"NEW": "OLD"})
    assert used == ("OLD",)


def test_a_set_without_measured_genes_is_refused_with_an_example():
    with pytest.raises(BadData, match=r"such as 1007_s_at"):
        present_part(GeneSet("mine", ("1007_s_at",), ""), ["DDR1"])
