import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark.errors import BadData
from landmark.genesets.geneset import GeneSet
from landmark.genesets.gmt import molecular_functions, parse_gmt, read_gmt, write_gmt

words = st.text("ABC123-_.", min_size=1, max_size=6)
gene_sets = st.builds(GeneSet, words, st.lists(words, min_size=1, max_size=5, unique=True).map(tuple), words)


@given(st.lists(gene_sets, max_size=4, unique_by=lambda s: s.name))
def test_what_is_written_is_read_again(sets):
    assert parse_gmt(write_gmt(sets).splitlines(), "here") == sets


def test_read_plain_and_compressed(tmp_path):
    text = "first\thttp://x\tA\tB\tA\t\n\nsecond\t\tC\r\n"
    (tmp_path / "sets.gmt").write_text(text)
    (tmp_path / "sets.gmt.gz").write_bytes(gzip.compress(text.encode()))
    for name in ("sets.gmt", "sets.gmt.gz"):
        assert read_gmt(tmp_path / name) == [
            GeneSet("first", ("A", "B"), "http://x"),
            GeneSet("second", ("C",), name),
        ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A\tx\tG\nB\n", "Line 2 of here"),
        ("just words", "Line 1 of here"),
        ("A\tx\tG\nA\tx\tH\n", "second time"),
    ],
)
def test_lines_that_are_no_gene_set_are_named(text, message):
    with pytest.raises(BadData, match=message):
        parse_gmt(text.splitlines(), "here")


def test_a_binary_file_is_refused(tmp_path):
    (tmp_path / "sets.gmt").write_bytes(b"\xfe\x00\x01")
    (tmp_path / "sets.gmt.gz").write_bytes(b"not compressed")
    for name, said in (("sets.gmt", "not a text file"), ("sets.gmt.gz", "no gzip file")):
        with pytest.raises(BadData, match=said):
            read_gmt(tmp_path / name)


def test_the_gene_ontology_is_there():
    sets = {s.name: s for s in molecular_functions()}
    assert len(sets) == 1963
    assert "AARS1" in sets["tRNA binding (GO:0000049)"].genes
    assert all(5 <= len(s) <= 2000 for s in sets.values())
