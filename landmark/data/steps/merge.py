"""Several datasets as one: the genes that all of them measure, all of their samples."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.data.gene_identifiers import TITLES
from landmark.data.history import describe, fact, history, identifier_of, record
from landmark.data.split import COLUMN as SPLIT
from landmark.data.split import SPLIT as STEP
from landmark.data.split import annotation_kept_whole
from landmark.data.steps.normalise import difference, joined_quantiles
from landmark.data.steps.stream import Stream, chosen_genes, evenly_spaced
from landmark.errors import BadData
from landmark.progress import Report, silent

ORIGIN = "origin"
"""Annotation column that tells which dataset a sample came from; numbered where the name is taken."""


LOOKED_AT = 50  # evenly spaced samples of each dataset by which units are compared


@dataclass(frozen=True)
class Merged:
    """Several datasets as one."""

    stream: Stream  # all samples, the common genes in the order of the first dataset
    counts: pd.DataFrame  # dataset, samples, genes, common, lost: one row per dataset
    lost: pd.DataFrame  # dataset, gene: the genes that not all have
    renamed: int  # number of samples whose name occurred in more than one dataset


def merge(
    parts: Sequence[Stream],
    titles: Sequence[str],
    joint: bool = False,
    report: Report = silent,
    dense: bool = False,
) -> Merged:
    """Merge datasets on their common genes.

    ``joint`` brings all others onto the distribution of the first by rank, over the common genes; ``dense``
    says how equal values are then placed (``joined_quantiles``). BadData: the datasets have different kinds
    of gene names, too few genes in common, or different units without ``joint``.
    """
    titles = unique_titles(titles)
    _check_identifiers(parts, titles)
    if not joint:
        looked_at = [part.rows(evenly_spaced(part.samples, LOOKED_AT)) for part in parts]
        if found := difference(looked_at, [fact(part.about, "unit") for part in parts], titles):
            raise BadData(found)
    genes = common_genes([list(part.about.var_names) for part in parts])
    if len(genes) < 2:
        raise BadData(
            f"These datasets have {len(genes)} genes in common, so they cannot be merged. Merge datasets with the same "
            "kind of gene names."
        )
    shared = [chosen_genes(part, part.about.var_names.get_indexer(genes)) for part in parts]
    if joint:
        shared = [shared[0], *joined_quantiles(shared[0], shared[1:], report, dense)]
    names, renamed = _sample_names(parts, titles)
    obs = _annotations([part.about.obs for part in parts], titles)
    about = AnnData(obs=obs.set_axis(pd.Index(names, dtype=object)), var=pd.DataFrame(index=genes))
    describe(
        about,
        identifier=fact(parts[0].about, "identifier"),
        unit=next((fact(part.about, "unit") for part in shared if fact(part.about, "unit")), ""),
        source="; ".join(dict.fromkeys(fact(part.about, "source") for part in parts)),
    )
    for title, part in zip(titles, shared, strict=True):
        for step in history(part.about):
            record(about, f"{title}: {step.pop('step')}", **step)
    together = {annotation_kept_whole(part.about) for part in parts}
    if SPLIT in obs and len(together) == 1 and (group := together.pop()):
        sizes = obs[SPLIT].value_counts()
        record(about, STEP, group=group, train=int(sizes["train"]), test=int(sizes["test"]))
    counts = pd.DataFrame(
        {
            "dataset": titles,
            "samples": [part.samples for part in parts],
            "genes": [part.genes for part in parts],
            "common": len(genes),
            "lost": [part.genes - len(genes) for part in parts],
        }
    )
    record(
        about,
        "Merged on common genes",
        datasets=titles,
        samples=counts["samples"].tolist(),
        genes=len(genes),
        genes_lost=counts["lost"].tolist(),
        samples_renamed=renamed,
    )
    common = set(genes)
    lost = [
        (title, gene)
        for title, part in zip(titles, parts, strict=True)
        for gene in part.about.var_names
        if gene not in common
    ]
    lost_genes = pd.DataFrame(lost, columns=["dataset", "gene"])
    return Merged(_one_after_the_other(about, shared), counts, lost_genes, renamed)


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


def _check_identifiers(parts: Sequence[Stream], titles: Sequence[str]) -> None:
    kinds = [identifier_of(part.about) for part in parts]
    other = next((i for i, kind in enumerate(kinds) if kind != kinds[0]), None)
    if other is not None:
        raise BadData(
            f"{titles[0]!r} names its genes by {TITLES[kinds[0]]}, {titles[other]!r} by {TITLES[kinds[other]]}. "
            "Bring all datasets to gene symbols while merging."
        )


def _sample_names(parts: Sequence[Stream], titles: Sequence[str]) -> tuple[list[str], int]:
    """Prefix the title of the dataset where a name is in several; number what is then still not unique."""
    counts = Counter(name for part in parts for name in part.about.obs_names)
    names: list[str] = []
    for title, part in zip(titles, parts, strict=True):
        names += [f"{title}: {name}" if counts[name] > 1 else name for name in part.about.obs_names]
    return unique_titles(names), sum(count for count in counts.values() if count > 1)


def _annotations(tables: Sequence[pd.DataFrame], titles: Sequence[str]) -> pd.DataFrame:
    """Put the annotations one below the other; what a dataset lacks is missing there."""
    taken = {name for table in tables for name in table}
    origin = next(name for name in (ORIGIN, *(f"{ORIGIN} {i}" for i in range(2, 1000))) if name not in taken)
    frames = []
    for title, table in zip(titles, tables, strict=True):
        frame = table.drop(columns=SPLIT, errors="ignore")
        categories = [name for name in frame if isinstance(frame[name].dtype, pd.CategoricalDtype)]
        frame = frame.astype(dict.fromkeys(categories, object))
        frame.insert(0, origin, title)
        frames.append(frame)
    together = pd.concat(frames, ignore_index=True)
    for name in together:
        kinds = {pd.api.types.is_numeric_dtype(frame[name]) for frame in frames if name in frame}
        if len(kinds) > 1:  # a number in one dataset, a text in another: text in both
            together[name] = together[name].map(str, na_action="ignore")
    if all(SPLIT in table for table in tables):
        together[SPLIT] = np.concatenate([table[SPLIT].to_numpy().astype(str) for table in tables])
    return together


def _one_after_the_other(about: AnnData, parts: Sequence[Stream]) -> Stream:
    starts = np.cumsum([0, *(part.samples for part in parts)])

    def blocks() -> Iterator[np.ndarray]:
        for part in parts:
            yield from part.blocks()

    def rows(positions: np.ndarray) -> np.ndarray:
        edges = np.searchsorted(positions, starts)
        found = [
            part.rows(positions[low:high] - start)
            for part, start, low, high in zip(parts, starts[:-1], edges[:-1], edges[1:], strict=True)
            if high > low
        ]
        return np.concatenate(found)

    return Stream(about, blocks, rows)
