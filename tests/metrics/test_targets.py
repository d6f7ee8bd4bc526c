import pytest

from landmark.errors import BadData
from landmark.genesets.geneset import GeneSet
from landmark.metrics.gene_sets import TargetCount, Targets

GENES = tuple("ABCDEFGHIJ")
FIRST = GeneSet("first", ("A", "B", "C"), "")
SECOND = GeneSet("second", ("C", "D"), "")
RANDOM = GeneSet("random 0", ("A", "J", "E"), "")


def test_the_count_of_the_paper_is_written_out():
    count = TargetCount(10_463, (943, 943), 943 + 943 - 129, 0, 8_706)
    assert count.sentence() == "10,463 genes - 943 - 943 + 129 shared = 8,706"


def test_common_targets_are_in_none_of_the_sets():
    targets = Targets(GENES, (FIRST, SECOND))
    assert targets.of(FIRST) == targets.of(SECOND) == tuple("EFGHIJ")
    assert targets.count(FIRST).sentence() == "10 genes - 3 - 2 + 1 shared = 6"


def test_own_targets_are_outside_each_set():
    targets = Targets(GENES, (FIRST, SECOND), "own")
    assert targets.of(SECOND) == tuple("ABEFGHIJ")
    assert targets.count(SECOND).sentence() == "10 genes - 2 = 8"


def test_all_targets_are_all_genes():
    targets = Targets(GENES, (FIRST, SECOND), "all")
    assert targets.of(FIRST) == GENES
    assert targets.count(FIRST).sentence() == "10 genes"


def test_more_than_two_sets_are_counted_together():
    targets = Targets(GENES, (FIRST, SECOND, RANDOM))
    assert targets.count(FIRST).sentence() == "10 genes - 6 in at least one of 3 sets = 4"


@pytest.mark.parametrize(
    ("mode", "expected"), [("common", "FGHI"), ("own", "BCDFGHI"), ("all", "ABCDEFGHIJ")]
)
def test_a_random_set_is_not_asked_for_its_own_genes_unless_all_are_asked(mode, expected):
    assert Targets(GENES, (FIRST, SECOND), mode).of(RANDOM) == tuple(expected)


PROBES = {"A": "TP53", "J": "TP53", "D": "MYC", "E": "MYC", "F": "", "G": "EGFR"}


@pytest.mark.parametrize(
    ("mode", "expected", "sentence"),
    [
        ("common", "FGHI", "10 genes - 3 - 2 + 1 shared - 2 other probes of landmark genes = 4"),
        ("own", "DEFGHI", "10 genes - 3 - 1 other probes of landmark genes = 6"),
        ("all", "ABCDEFGHI", "10 genes - 1 other probes of landmark genes = 9"),
    ],
)
def test_strict_targets_leave_out_other_probes_of_a_landmark_gene(mode, expected, sentence):
    targets = Targets(GENES, (FIRST, SECOND), mode, PROBES)
    assert targets.of(FIRST) == tuple(expected)
    assert targets.count(FIRST).sentence() == sentence


def test_sets_that_cover_all_genes_leave_nothing():
    with pytest.raises(BadData, match="No target genes are left"):
        Targets(GENES, (GeneSet("all", GENES, ""),)).of(FIRST)
