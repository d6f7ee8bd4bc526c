"""Real files on the command line: shape, names and labels of what is stored."""

import json
from pathlib import Path
from typing import Any

import pytest

from landmark.store.datasets import DatasetStore
from landmark.store.workspace import Workspace

FILES = {
    "GSE781_family.soft.gz": (17, 22_283, "hgu133a_probe", "", ""),
    "LJP009_A375_24H_X1_B20_QNORM_n371x978.gct": (371, 978, "hgu133a_probe", "", "cell_id"),
    "bhattacharjee_lung_u95a_1543x203.tsv.gz": (
        203,
        1543,
        "unknown",
        "bhattacharjee_lung_samples.csv",
        "class",
    ),
    "gtex_467x520_log2.tsv.gz": (520, 467, "entrez", "", "tissue"),
    "gtex_tissues_19139x29_tpm.tsv.gz": (29, 19_139, "ensembl", "", ""),
    "lukk_hgu133a_rma_24.tsv.gz": (24, 22_283, "hgu133a_probe", "lukk_hgu133a_samples.csv", "Tissue"),
}
"""One of each layout; the library's own tests read all of them."""


@pytest.mark.parametrize("name", FILES)
def test_a_real_file(landmark: Any, shared: Path, own_home: Path, name: str) -> None:
    samples, genes, identifier, table, label = FILES[name]
    words = ["--annotations", shared / "data" / table] if table else []
    answer = landmark("import", shared / "data" / name, *words, "--json")
    assert answer.code == 0, answer.err
    metrics = json.loads(answer.out)["metrics"]
    assert (metrics["samples"], metrics["genes"], metrics["identifier"]) == (samples, genes, identifier)
    assert metrics.get("annotated", samples) == samples
    stored = DatasetStore(Workspace(own_home)).all()[0]
    assert not label or label in stored.manifest.labels


def test_a_table_about_samples_is_no_matrix(landmark: Any, shared: Path) -> None:
    answer = landmark("import", shared / "data" / "lukk_hgu133a_samples.csv")
    assert answer.code == 2
    assert "annotations" in answer.err
