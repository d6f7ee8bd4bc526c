"""All genes of one cell type, from one file or from three."""

import numpy as np

from landmark.errors import BadData
from landmark.expression.histones.layout import Files
from landmark.expression.histones.marks import PARTS
from landmark.expression.histones.profiles import Profiles, draw_split
from landmark.expression.histones.reading import Genes, read_genes
from landmark.expression.limits import Limits

FEWEST = 3
"""Genes of a file without a split: one for each part."""


def read_cell_type(
    files: Files, validation: float, test: float, seed: int, within: Limits | None = None
) -> Profiles:
    """Read the files of one cell type.

    Parameters
    ----------
    files
        As ``layout.look`` found them.
    validation, test
        Shares of the genes where the file has no split.
    seed
        Of that split.
    within
        Limits on size; those of this machine if not given.

    Raises
    ------
    BadData
        As ``read_genes``; or a gene is in two files, or there are too few genes to split.
    """
    if "" in files.paths:
        genes = read_genes(files.paths[""], within)
        if len(genes.names) < FEWEST:
            raise BadData(
                f"{genes.path.name} holds {len(genes.names)} genes; at least {FEWEST} are needed for training, "
                "validation and test."
            )
        split = draw_split(genes.names, validation, test, seed)
        return Profiles(files.cell_type, genes.names, genes.counts, genes.labels, split)
    read = [read_genes(files.paths[part], within) for part in PARTS]
    _refuse_shared(read)
    return Profiles(
        files.cell_type,
        np.concatenate([genes.names for genes in read]),
        np.concatenate([genes.counts for genes in read]),
        np.concatenate([genes.labels for genes in read]),
        np.repeat(PARTS, [len(genes.names) for genes in read]),
    )


def _refuse_shared(read: list[Genes]) -> None:
    """Refuse a gene that is in two parts: it would be learned and then tested."""
    seen: dict[str, str] = {}
    for genes in read:
        for name, line in zip(genes.names.tolist(), genes.lines.tolist(), strict=True):
            if name in seen:
                raise BadData(
                    f"{genes.path.name}, gene {name}, line {line}: this gene is in {seen[name]} too; each gene must "
                    "be in one of the files only."
                )
        seen |= dict.fromkeys(genes.names.tolist(), genes.path.name)
