import anndata
import pytest

from landmark.errors import BadData
from landmark.genesets.sources import l1000, l1000_present, older_symbols


@pytest.mark.parametrize("identifier", ["symbol", "hgu133a_probe", "entrez", "ensembl"])
def test_there_are_978_landmark_genes_and_943_of_dgex(identifier):
    everything, dgex = l1000(identifier), l1000(identifier, dgex=True)
    assert (len(everything), len(dgex)) == (978, 943)
    assert set(dgex.genes) < set(everything.genes)


def test_the_genes_are_known_under_their_identifiers():
    assert "ADGRE5" in l1000("symbol").genes
    assert "202910_s_at" in l1000("hgu133a_probe").genes
    assert "976" in l1000("entrez").genes
    assert "ENSG00000123146" in l1000("ensembl").genes


def test_a_former_symbol_counts_as_the_gene():
    assert older_symbols()["ADGRE5"] == "CD97"
    assert l1000_present(["CD97", "AARS", "not a gene"]).genes == ("AARS", "CD97")


def test_another_kind_of_identifier_is_refused():
    with pytest.raises(BadData, match=r"names of no known kind.*Import it again"):
        l1000("unknown")


def test_the_cell_lines_measure_490_of_the_943(shared):
    genes = anndata.read_h5ad(shared / "data" / "gdsc_cell_lines.h5ad", backed="r").var_names
    assert len(l1000_present(list(genes), dgex=True)) == 490
