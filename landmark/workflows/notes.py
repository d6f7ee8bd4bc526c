"""What a person should know of a dataset: what its reader noted, and what few samples or genes change."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from anndata import AnnData

from landmark.data.gene_index import landmarks_present
from landmark.data.history import history
from landmark.data.split import COLUMN, MOST_OF_ONE, divided_groups, numbered_groups, people_column
from landmark.errors import BadData
from landmark.metrics.per_gene import FEWEST, FEWEST_GENES
from landmark.models.settings import AutoencoderConfiguration
from landmark.models.size import suited
from landmark.store.datasets import DatasetManifest

FEW_SAMPLES = 100
"""The paper has 111,009 samples; below some hundred, results move much with the seed and the split."""

LEAST_HELD_OUT = 2
"""A correlation over fewer does not exist."""


def paper_network(about: DatasetManifest) -> AutoencoderConfiguration:
    """Give the paper's network, smaller where the data would not carry it."""
    return suited(AutoencoderConfiguration(), about.split.get("train", 0), about.genes)


def paper_changes(about: DatasetManifest) -> dict[str, Any]:
    """Give the settings of ``paper_network`` that are not the paper's, by name."""
    return paper_network(about).model_dump(exclude_defaults=True)


def made_smaller(about: DatasetManifest, changed: dict[str, Any]) -> str:
    """Say what is set otherwise than in the paper, and why; empty where nothing is."""
    if not changed:
        return ""
    paper = AutoencoderConfiguration()
    parts = [
        f"{name.replace('_', ' ')} {value:,} instead of {getattr(paper, name):,}"
        for name, value in changed.items()
    ]
    genes = f"{about.genes:,} gene{'s' * (about.genes != 1)}"
    return (
        f"This dataset is small, {about.split.get('train', 0):,} training samples of {genes}, so the network is "
        f"smaller than the paper's: {', '.join(parts)}."
    )


def training_notes(about: DatasetManifest, network: AutoencoderConfiguration) -> tuple[str, ...]:
    """Say what a training on few samples must not be taken for."""
    changed = {name: value for name, value in paper_changes(about).items() if getattr(network, name) == value}
    notes = [made_smaller(about, changed)]
    train, test = about.split.get("train", 0), about.split.get("test", 0)
    if train <= network.bottleneck:
        notes.append(
            f"With {network.bottleneck:,} bottleneck units and only {train:,} training samples the network can learn "
            "every sample by heart. Choose a smaller bottleneck, or compare with principal components carefully."
        )
    notes.append(no_significance(test))
    return tuple(note for note in notes if note)


def no_significance(samples: int, genes: int = FEWEST_GENES, which: str = "held-out sample") -> str:
    """Say why no gene can be called significant of those judged by so many samples; empty where some can."""
    if samples < FEWEST:
        judged = f"{samples:,} {which}{'s' * (samples != 1)}"
        return f"No gene can be called significant from {judged}: at least {FEWEST} are needed."
    if genes < FEWEST_GENES:
        return (
            f"No gene can be called significant among {genes:,}: at least {FEWEST_GENES} are needed, as a gene must do "
            "better than 99 in 100 others."
        )
    return ""


def check_held_out(test: int) -> None:
    """Refuse to judge by fewer than two held-out samples, by ``BadData``."""
    if test < LEAST_HELD_OUT:
        raise BadData(
            f"Only {test} sample{'s are' * (test != 1) or ' is'} held out for testing, and a correlation needs at "
            f"least {LEAST_HELD_OUT}. Import the data again, or prepare them, with a larger share held out."
        )


def size_notes(samples: int, test: int, genes: int, landmarks: int) -> tuple[str, ...]:
    """Say what the numbers of samples (held-out ones among them) and genes (L1000's among them) mean."""
    notes = []
    if samples < FEW_SAMPLES:
        few = (
            f"{samples:,} samples are few, of which {test:,} {'is' if test == 1 else 'are'} kept for testing: the "
            "paper learns from 99,909. All steps can be tried, but their figures depend much on which are held out"
        )
        notes.append(
            f"{few}, and no gene can be called significant from fewer than {FEWEST} of them."
            if test < FEWEST
            else f"{few}."
        )
    if genes and landmarks >= genes:
        notes.append(
            "Every gene here is an L1000 landmark gene, so none is left that L1000 could predict: a comparison with "
            "all of L1000 is not possible. Smaller sets can be compared with each other."
        )
    return tuple(notes)


NAMED = 5
"""So many names are given as examples."""


def reading_notes(matrix: AnnData) -> tuple[str, ...]:
    """Give the notes that stand in the history, and say which values were filled and which genes left out."""
    notes: list[str] = []
    for step in history(matrix):
        found = step.get("notes") or []
        notes += [found] if isinstance(found, str) else [str(note) for note in found]
        notes += _left_out(step)
    return tuple(dict.fromkeys(note for note in notes if note))


def split_notes(matrix: AnnData, twins: pd.DataFrame | None = None, distance: float = 0.0) -> tuple[str, ...]:
    """Say where the split divides samples that belong together: those of a person, and near-duplicates.

    Parameters
    ----------
    matrix
        The annotations of the samples, and their split.
    twins
        Near-duplicates, as ``near_duplicates`` finds them within ``distance``; None where nobody looked.
    """
    if COLUMN not in matrix.obs:
        return ()
    notes = []
    annotations = matrix.obs.drop(columns=COLUMN)
    values = {str(name): int(annotations[name].nunique()) for name in annotations}
    people = people_column(values, matrix.n_obs)
    if people and (divided := divided_groups(matrix, people)):
        notes.append(
            f"The annotation {people!r} seems to name {values[people]:,} people, {divided:,} of whom have samples on "
            "both sides of the split: a test on people that training knows looks better than one on others. Split by "
            f"{people!r} to keep all samples of one on one side: import --split-by, prepare --split 'by group' --group."
        )
    if twins is None or twins.empty:
        return tuple(notes)
    later, earlier = twins["later"].to_numpy(), twins["earlier"].to_numpy()
    part = matrix.obs[COLUMN].astype(str).to_numpy()
    apart = int((part[later] != part[earlier]).sum())
    if not apart:
        return tuple(notes)
    shared = [
        name
        for name in annotations
        if 2 < values[str(name)] < matrix.n_obs <= MOST_OF_ONE * values[str(name)]
        and (numbers := numbered_groups(annotations[name]))[later].tolist() == numbers[earlier].tolist()
    ]
    remedy = "Prepare removes them"
    if shared:
        remedy += f"; all of them share their {shared[0]!r}, so split_by (--split-by) keeps them together"
    lie = "samples lie" if len(twins) > 1 else "sample lies"
    notes.append(
        f"{len(twins):,} {lie} closer than {distance:g} to another one, as one sample under two names does, and the "
        f"split divides {apart:,} of these pairs: training then knows what the test asks. {remedy}."
    )
    return tuple(notes)


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


_WHY = {"Missing values": "missing values", "Genes without any value": "no value in any sample"}
"""Step of the history to what the genes have that it leaves out."""


def _left_out(step: dict[str, Any]) -> list[str]:
    notes = []
    if count := step.get("genes_dropped"):
        why = _WHY.get(step["step"], "the values of another gene")
        notes.append(
            f"{count:,} gene{'s' * (count != 1)} with {why} {'was' if count == 1 else 'were'} dropped."
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
