"""What a person should know of a dataset that was just made: its reader's notes, what was left out, its size."""

from collections.abc import Iterable, Sequence
from typing import Any

from anndata import AnnData

from landmark.data.gene_index import landmarks_present
from landmark.data.history import history
from landmark.store.datasets import DatasetManifest
from landmark.workflows.small_data import size_notes

NAMED = 5
"""So many names are given as examples."""


def reading_notes(matrix: AnnData) -> tuple[str, ...]:
    """Give the notes that stand in the history, and say what was done about missing values."""
    notes: list[str] = []
    for step in history(matrix):
        found = step.get("notes") or []
        notes += [found] if isinstance(found, str) else [str(note) for note in found]
        notes += _missing(step)
    return tuple(dict.fromkeys(note for note in notes if note))


def joining_notes(
    annotated: int, samples_without: Sequence[str], rows_without: Sequence[str], by: str
) -> tuple[str, ...]:
    """Say which samples and lines a table of annotations and the matrix do not share."""
    notes = []
    if samples_without:
        notes.append(
            f"{annotated:,} samples were found in the column {by!r} of the annotations; {len(samples_without):,} were "
            f"not and stay without: {_some(samples_without)}."
        )
    if rows_without:
        notes.append(
            f"{len(rows_without):,} line{'s' * (len(rows_without) != 1)} of the annotations "
            f"{'is' if len(rows_without) == 1 else 'are'} about no sample and left out: {_some(rows_without)}."
        )
    return tuple(notes)


def dataset_notes(about: DatasetManifest, genes: Iterable[str]) -> tuple[str, ...]:
    """Say what the size of a stored dataset means for what follows."""
    names = list(genes)
    landmarks = landmarks_present(names, about.identifier)
    return size_notes(about.samples, about.split.get("test", 0), about.genes, landmarks)


def _missing(step: dict[str, Any]) -> list[str]:
    notes = []
    if count := step.get("genes_dropped"):
        notes.append(
            f"{count:,} gene{'s' * (count != 1)} with missing values {'was' if count == 1 else 'were'} dropped."
        )
    if count := step.get("values_filled"):
        notes.append(
            f"{count:,} missing value{'s' * (count != 1)} {'was' if count == 1 else 'were'} filled with the median of "
            "the gene."
        )
    return notes


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more:,} more" if more > 0 else "")
