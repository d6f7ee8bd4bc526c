"""Several datasets as one: the genes that all of them measure, all of their samples."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.errors import BadData
from landmark.expression.history import describe, fact, history, record
from landmark.expression.identifiers import TITLES
from landmark.expression.joint import join_quantiles
from landmark.expression.preview import looks_logged
from landmark.expression.split import COLUMN as SPLIT
from landmark.progress import Progress, Report, silent

ORIGIN = "origin"
"""Annotation column that tells which dataset a sample came from; numbered where the name is taken."""


@dataclass(frozen=True)
class Merged:
    """Several datasets as one.

    Attributes
    ----------
    matrix
        All samples, the common genes in the order of the first dataset.
    counts
        dataset, samples, genes, common, lost: one row per dataset.
    lost
        dataset, gene: the genes that not all have.
    renamed
        Number of samples whose name occurred in more than one dataset.
    """

    matrix: AnnData
    counts: pd.DataFrame
    lost: pd.DataFrame
    renamed: int


def merge(
    matrices: Sequence[AnnData], titles: Sequence[str], joint: bool = False, report: Report = silent
) -> Merged:
    """Merge datasets on their common genes.

    Parameters
    ----------
    matrices
        Two or more; those after the first are changed where ``joint`` is asked for.
    titles
        Their names for people.
    joint
        Bring all others onto the distribution of the first by rank, over the common genes.

    Raises
    ------
    BadData
        The datasets have different kinds of gene names, too few genes in common, or different units without ``joint``.
    """
    titles = unique_titles(titles)
    _check_identifiers(matrices, titles)
    if not joint:
        _check_units(matrices, titles)
    genes = common_genes([matrix.var_names for matrix in matrices])
    if len(genes) < 2:
        raise BadData(
            f"These datasets have {len(genes)} genes in common, so they cannot be merged. Merge datasets with the same "
            "kind of gene names."
        )
    report(Progress("Bringing the genes into one order"))
    shared = [matrix[:, genes].copy() for matrix in matrices]
    if joint:
        join_quantiles(shared[0], shared[1:], report)
    report(Progress("Putting the samples together"))
    names, renamed = _sample_names(matrices, titles)
    merged = AnnData(
        np.concatenate([matrix.X for matrix in shared]),
        obs=_annotations(matrices, titles).set_axis(pd.Index(names, dtype=object)),
        var=pd.DataFrame(index=genes),
    )
    describe(
        merged,
        identifier=fact(matrices[0], "identifier"),
        unit=next((fact(matrix, "unit") for matrix in shared if fact(matrix, "unit")), ""),
        source="; ".join(dict.fromkeys(fact(matrix, "source") for matrix in matrices)),
    )
    for title, matrix in zip(titles, shared, strict=True):
        for step in history(matrix):
            record(merged, f"{title}: {step.pop('step')}", **step)
    lost = [matrix.n_vars - len(genes) for matrix in matrices]
    record(
        merged,
        "Merged on common genes",
        datasets=titles,
        samples=[matrix.n_obs for matrix in matrices],
        genes=len(genes),
        genes_lost=lost,
        samples_renamed=renamed,
    )
    counts = pd.DataFrame(
        {
            "dataset": titles,
            "samples": [matrix.n_obs for matrix in matrices],
            "genes": [matrix.n_vars for matrix in matrices],
            "common": len(genes),
            "lost": lost,
        }
    )
    common = set(genes)
    missing = [
        (title, gene)
        for title, matrix in zip(titles, matrices, strict=True)
        for gene in matrix.var_names
        if gene not in common
    ]
    return Merged(merged, counts, pd.DataFrame(missing, columns=["dataset", "gene"]), renamed)


def common_genes(names: Sequence[Sequence[str]]) -> list[str]:
    """Return the genes that are in all lists, in the order of the first."""
    others = [set(genes) for genes in names[1:]]
    return [gene for gene in names[0] if all(gene in genes for genes in others)]


def unique_titles(titles: Sequence[str]) -> list[str]:
    """Number the titles that occur more than once: "Lung", "Lung 2"."""
    seen: Counter[str] = Counter()
    unique: list[str] = []
    for title in titles:
        seen[title] += 1
        unique.append(title if seen[title] == 1 else f"{title} {seen[title]}")
    return unique


def _check_identifiers(matrices: Sequence[AnnData], titles: Sequence[str]) -> None:
    kinds = [fact(matrix, "identifier") or "unknown" for matrix in matrices]
    other = next((i for i, kind in enumerate(kinds) if kind != kinds[0]), None)
    if other is not None:
        raise BadData(
            f"{titles[0]!r} names its genes by {TITLES[kinds[0]]}, {titles[other]!r} by {TITLES[kinds[other]]}. "  # type: ignore[index]
            "Bring all datasets to gene symbols while merging."
        )


def _check_units(matrices: Sequence[AnnData], titles: Sequence[str]) -> None:
    logged = [looks_logged(matrix.X) for matrix in matrices]
    if len({found.looks for found in logged}) > 1:
        yes = next(i for i, found in enumerate(logged) if found.looks)
        no = next(i for i, found in enumerate(logged) if not found.looks)
        raise BadData(
            f"{titles[no]!r} is not logged ({logged[no].reason.split(':')[0].lower()}), while {titles[yes]!r} is. "
            f"Take log2 of {titles[no]!r} on the Prepare page first, or choose joint quantile normalisation, which "
            "looks at ranks only."
        )
    stated = {fact(matrix, "unit"): title for title, matrix in zip(titles, matrices, strict=True)}
    stated.pop("", None)
    if len(stated) > 1:
        (one, first), (two, second) = list(stated.items())[:2]
        raise BadData(
            f"{first!r} is in {one}, {second!r} in {two}. Prepare them alike first, or choose joint quantile "
            "normalisation, which looks at ranks only."
        )


def _sample_names(matrices: Sequence[AnnData], titles: Sequence[str]) -> tuple[list[str], int]:
    """Prefix the title of the dataset where a name is in several; number what is then still not unique."""
    counts = Counter(name for matrix in matrices for name in matrix.obs_names)
    names: list[str] = []
    for title, matrix in zip(titles, matrices, strict=True):
        names += [f"{title}: {name}" if counts[name] > 1 else name for name in matrix.obs_names]
    return unique_titles(names), sum(count for count in counts.values() if count > 1)


def _annotations(matrices: Sequence[AnnData], titles: Sequence[str]) -> pd.DataFrame:
    """Put the annotations one below the other; what a dataset lacks is missing there."""
    taken = {name for matrix in matrices for name in matrix.obs}
    origin = next(name for name in (ORIGIN, *(f"{ORIGIN} {i}" for i in range(2, 1000))) if name not in taken)
    frames = []
    for title, matrix in zip(titles, matrices, strict=True):
        frame = matrix.obs.drop(columns=SPLIT, errors="ignore")
        frame = frame.astype(
            {name: object for name in frame if isinstance(frame[name].dtype, pd.CategoricalDtype)}
        )
        frame.insert(0, origin, title)
        frames.append(frame)
    together = pd.concat(frames, ignore_index=True)
    for name in together:
        kinds = {pd.api.types.is_numeric_dtype(frame[name]) for frame in frames if name in frame}
        if len(kinds) > 1:  # a number in one dataset, a text in another: text in both
            together[name] = together[name].map(str, na_action="ignore")
    if all(SPLIT in matrix.obs for matrix in matrices):
        together[SPLIT] = np.concatenate([matrix.obs[SPLIT].to_numpy().astype(str) for matrix in matrices])
    return together
