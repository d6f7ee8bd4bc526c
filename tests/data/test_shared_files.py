"""Every real file imports with the right shape, orientation, identifiers and labels; tables that are no expression
matrices are refused with words that say so."""

from pathlib import Path

import numpy as np
import pytest

from landmark.data import read
from landmark.data.history import fact, history
from landmark.errors import BadData

MATRICES = {
    "LJP009_A375_24H_X1_B20_QNORM_n371x978.gct": (371, 978, "hgu133a_probe", "rows"),
    "bhattacharjee_lung_u95a_1543x203.tsv.gz": (203, 1543, "unknown", "rows"),
    "bladder_hgu133a_rma.csv.gz": (57, 22_283, "hgu133a_probe", "rows"),
    "borovecki_hgu133a_mas5.tsv.gz": (31, 22_283, "hgu133a_probe", "rows"),
    "chowdary_hgu133a_mas5.tsv.gz": (104, 22_283, "hgu133a_probe", "rows"),
    "gdsc_cell_lines.h5ad": (975, 6163, "symbol", "columns"),
    "gtex_467x520_log2.tsv.gz": (520, 467, "entrez", "rows"),
    "gtex_tissues_19139x29_tpm.tsv.gz": (29, 19_139, "ensembl", "rows"),
    "lukk_hgu133a_rma_24.tsv.gz": (24, 22_283, "hgu133a_probe", "rows"),
}


@pytest.mark.parametrize("name", MATRICES)
def test_matrix(shared: Path, name: str) -> None:
    samples, genes, identifier, genes_in = MATRICES[name]
    adata = read(shared / "data" / name)
    assert adata.shape == (samples, genes)
    assert adata.X.dtype == np.float32
    assert np.isfinite(adata.X).all()
    assert adata.obs_names.is_unique
    assert adata.var_names.is_unique
    assert fact(adata, "identifier") == identifier
    assert history(adata)[-1]["genes_in"] == genes_in
    assert history(adata)[-1]["orientation_decided_by"] == "names"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bhattacharjee_lung_samples.csv", "annotations"),
        ("bladder_hgu133a_samples.csv", "description of samples"),
        ("borovecki_hgu133a_samples.csv", "annotations"),
        ("chowdary_hgu133a_samples.csv", "annotations"),
        ("lukk_hgu133a_samples.csv", "annotations"),
        ("deepchrome_toy_train.csv", "instead of names"),
        ("deepchrome_toy_valid.csv", "instead of names"),
        ("deepchrome_toy_test.csv", "instead of names"),
        ("README.md", "no table"),
    ],
)
def test_other_tables_are_refused(shared: Path, name: str, words: str) -> None:
    with pytest.raises(BadData, match=words):
        read(shared / "data" / name)


def test_values_and_labels(shared: Path) -> None:
    bladder = read(shared / "data" / "bladder_hgu133a_rma.csv.gz")
    assert bladder["GSM71020.CEL", "1007_s_at"].X.item() == np.float32(8.628)
    lines = read(shared / "data" / "gdsc_cell_lines.h5ad")
    assert lines.obs["tcga_label"].value_counts()[["LUAD", "LUSC", "SCLC"]].tolist() == [63, 15, 61]
    plate = read(shared / "data" / "LJP009_A375_24H_X1_B20_QNORM_n371x978.gct")
    assert set(plate.obs["cell_id"]) == {"A375"}
    assert "pr_gene_symbol" in plate.var
    gtex = read(shared / "data" / "gtex_467x520_log2.tsv.gz")
    assert (gtex.obs["tissue"].value_counts() == 20).all()
    assert gtex.obs["tissue"].nunique() == 26
    assert gtex.obs_names[:2].tolist() == ["Adipose Tissue 1", "Adipose Tissue 2"]
