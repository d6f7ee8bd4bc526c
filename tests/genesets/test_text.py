import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark.errors import BadData
from landmark.genesets.text import known_names, known_symbols, triage

PRESENT = ["TP53", "MYC", "C1orf43", "1007_s_at"]
KNOWN = {"EGFR", "TP53", "MYC"}


@pytest.mark.parametrize(
    "text",
    [
        "TP53\nEGFR\nxx\nMYC",
        "TP53, EGFR; xx ,MYC,",
        "TP53\tEGFR\txx\tMYC",
        "\ufeff\"TP53\" 'EGFR' xx “MYC”\r\n",
        "# a\nTP53 EGFR xx MYC",
    ],
)
def test_the_same_list_in_many_forms(text):
    result = triage(text, PRESENT, KNOWN)
    assert result.used == ("TP53", "MYC")
    assert result.absent == ("EGFR",)
    assert result.unknown == ("xx",)
    assert result.duplicated == ()


def test_duplicates_are_named_once_whatever_their_kind():
    result = triage("TP53 TP53 tp53 EGFR xx EGFR xx", PRESENT, KNOWN)
    assert result.duplicated == ("TP53", "EGFR", "xx")
    assert result.used == ("TP53",)


def test_case_is_ignored_where_it_is_not_ambiguous():
    assert triage("tp53 c1ORF43", PRESENT, KNOWN).used == ("TP53", "C1orf43")
    ambiguous = triage("abc Abc", ["ABC", "Abc"], KNOWN)
    assert ambiguous.used == ("Abc",)
    assert ambiguous.unknown == ("abc",)


def test_lines_of_a_gmt_file_lose_name_and_description():
    result = triage("MY SET\thttp://x\tTP53\tEGFR\nOTHER\t\tMYC", PRESENT, KNOWN)
    assert (result.used, result.absent, result.unknown) == (("TP53", "MYC"), ("EGFR",), ())


def test_a_list_in_one_row_keeps_its_first_genes():
    assert triage("TP53\tMYC\tEGFR", PRESENT, KNOWN).used == ("TP53", "MYC")


def test_a_list_without_a_gene_of_the_dataset_makes_no_set():
    with pytest.raises(BadData, match="1 known but not measured here, 2 unknown"):
        triage("EGFR foo bar", PRESENT, KNOWN).gene_set("mine", "pasted")
    assert triage("MYC", PRESENT, KNOWN).gene_set("mine", "pasted").genes == ("MYC",)


def test_symbols_of_go_and_former_symbols_of_l1000_are_known():
    assert {"TP53", "CD97", "ADGRE5", "AARS1", "AARS"} <= known_symbols()


@given(st.text(max_size=60))
def test_any_text_is_triaged_without_overlap(text):
    result = triage(text, PRESENT, KNOWN)
    kinds = [result.used, result.absent, result.unknown]
    assert sum(map(len, kinds)) == len(set().union(*kinds))
    assert set(result.duplicated) <= set().union(*kinds)
    assert set(result.used) <= set(PRESENT)


@given(st.lists(st.sampled_from(PRESENT), unique=True), st.sampled_from(["\n", ",", "\t", " ; ", "\r\n"]))
def test_genes_of_the_dataset_survive_any_separator(genes, separator):
    assert triage(separator.join(genes), PRESENT, KNOWN).used == tuple(genes)


def test_names_of_the_kind_that_the_dataset_uses_are_known():
    assert "TP53" in known_names("symbol")
    assert {"1007_s_at", "TP53"} <= known_names("hgu133a_probe")
    assert "7157" in known_names("entrez")
    assert "7157" not in known_names("symbol")
    assert "ENSG00000141510" in known_names("ensembl")
