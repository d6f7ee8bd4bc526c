"""Small files of expression values for tests that go through the whole program."""

import csv
import gzip
from pathlib import Path

import anndata
import numpy as np
import pandas as pd

ROOT = Path(__file__).parent.parent


def symbols(count: int) -> list[str]:
    """Return gene symbols: every other one is a landmark gene of the L1000."""
    with (ROOT / "assets" / "l1000.csv").open(encoding="utf-8") as file:
        landmarks = [row["symbol"] for row in csv.DictReader(file)]
    with gzip.open(ROOT / "assets" / "ensembl_symbols.csv.gz", "rt", encoding="utf-8") as file:
        known = sorted({row["symbol"] for row in csv.DictReader(file)} - set(landmarks))
    others = [name for name in known if name.isalnum()][1000:]
    return [name for pair in zip(landmarks, others, strict=False) for name in pair][:count]


def values(samples: int = 60, genes: int = 40, seed: int = 0) -> np.ndarray:
    """Return correlated values [samples, genes]: three hidden causes and noise."""
    rng = np.random.default_rng(seed)
    causes = rng.normal(size=(samples, 3)) @ rng.normal(size=(3, genes))
    return 8 + causes + 0.3 * rng.normal(size=(samples, genes))


def write_h5ad(path: Path, samples: int = 60, genes: int = 80, seed: int = 0) -> Path:
    """Write a matrix with a label per sample; the label moves half of the genes."""
    X = values(samples, genes, seed)
    tissue = np.array(["lung", "skin", "blood"])[np.arange(samples) % 3]
    for shift, name in enumerate(("lung", "skin", "blood")):
        X[tissue == name, : genes // 2] += 2 * shift
    matrix = anndata.AnnData(
        X.astype(np.float32),
        obs=pd.DataFrame({"tissue": tissue}, index=[f"sample{i}" for i in range(samples)]),
        var=pd.DataFrame(index=symbols(genes)),
    )
    matrix.write_h5ad(path)
    return path


def write_csv(path: Path, samples: int = 60, genes: int = 40, seed: int = 0) -> Path:
    """Write a matrix as people keep it: genes in rows, samples in columns."""
    rows = zip(symbols(genes), values(samples, genes, seed).T, strict=True)
    lines = ["gene," + ",".join(f"sample{i}" for i in range(samples))]
    lines += [f"{name}," + ",".join(f"{value:.4f}" for value in row) for name, row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
