"""Small expression matrices and files for the tests of reading."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
from anndata import AnnData

GENES = ["TP53", "EGFR", "MYC", "GAPDH", "ACTB", "BRCA1", "KRAS", "PTEN"]


def frame(samples: int = 5, genes: list[str] | None = None, seed: int = 0) -> pd.DataFrame:
    """Samples in rows, genes in columns, float32 values between 4 and 15."""
    genes = genes or GENES
    values = np.random.default_rng(seed).uniform(4, 15, (samples, len(genes))).astype(np.float32)
    return pd.DataFrame(values, [f"S{i + 1}" for i in range(samples)], genes)


def adata(samples: int = 5, genes: list[str] | None = None, seed: int = 0) -> AnnData:
    table = frame(samples, genes, seed)
    return AnnData(
        table.to_numpy(), obs=pd.DataFrame(index=table.index), var=pd.DataFrame(index=table.columns)
    )


def write(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = text.encode() if isinstance(text, str) else text
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def gct_text(table: pd.DataFrame) -> str:
    """GCT 1.2 of a table with samples in rows."""
    lines = ["#1.2", f"{table.shape[1]}\t{table.shape[0]}", "\t".join(["NAME", "Description", *table.index])]
    lines += ["\t".join([gene, "na", *map(str, table[gene])]) for gene in table.columns]
    return "\n".join(lines) + "\n"
