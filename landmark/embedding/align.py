"""Samples of any dataset, put into the genes that an encoder was trained on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark.data.gene_identifiers import TITLES, Identifier, symbols_of
from landmark.errors import BadData

_NAMED = 5


@dataclass(frozen=True)
class Genes:
    """Names of genes and their kind."""

    names: tuple[str, ...]
    identifier: Identifier


@dataclass(frozen=True)
class Aligned:
    """Samples in an encoder's genes.

    Attributes
    ----------
    values
        float32 [samples, genes of the encoder].
    missing
        Genes of the encoder that the dataset lacks; their values are the filling.
    """

    values: np.ndarray
    missing: tuple[str, ...]


def align(values: np.ndarray, have: Genes, wanted: Genes, fill: np.ndarray, most_missing: float) -> Aligned:
    """Bring samples into the order of an encoder's genes and fill what is missing.

    Genes are found by their names; where the two name genes by different kinds of identifier, by their symbols.
    Several columns of one symbol are averaged.

    Parameters
    ----------
    values
        Of the samples, [samples, genes of the dataset].
    have, wanted
        Genes of the dataset and of the encoder.
    fill
        Value of a missing gene, [genes of the encoder]: its mean over training samples.
    most_missing
        Largest share of the encoder's genes that may be missing.

    Raises
    ------
    BadData
        If more are missing.
    """
    there, sought = _common_names(have, wanted)
    columns: dict[str, list[int]] = {}
    for place, name in enumerate(there):
        if name:
            columns.setdefault(name, []).append(place)
    found = [columns.get(name, []) for name in sought]
    missing = tuple(name for name, places in zip(wanted.names, found, strict=True) if not places)
    if len(missing) > most_missing * len(wanted.names):
        raise BadData(_refusal(missing, have, wanted, most_missing))
    result = np.tile(fill.astype(np.float32), (len(values), 1))
    single = [place for place, places in enumerate(found) if len(places) == 1]
    result[:, single] = values[:, [found[place][0] for place in single]]
    for place, places in enumerate(found):
        if len(places) > 1:
            result[:, place] = values[:, places].mean(axis=1)
    return Aligned(result, missing)


def _common_names(have: Genes, wanted: Genes) -> tuple[Sequence[str], Sequence[str]]:
    kinds = {have.identifier, wanted.identifier}
    if len(kinds) == 1 or "unknown" in kinds:
        return have.names, wanted.names
    return symbols_of(have.names, have.identifier), symbols_of(wanted.names, wanted.identifier)


def _refusal(missing: tuple[str, ...], have: Genes, wanted: Genes, most_missing: float) -> str:
    text = (
        f"The dataset lacks {len(missing):,} of the {len(wanted.names):,} genes that the network was trained on "
        f"({', '.join(missing[:_NAMED])}{', ...' if len(missing) > _NAMED else ''}), more than the "
        f"{100 * most_missing:g}% that may be filled with the training mean. "
    )
    if have.identifier != wanted.identifier and "unknown" in (have.identifier, wanted.identifier):
        return text + (
            f"Its genes are {TITLES[have.identifier]}, those of the network {TITLES[wanted.identifier]}: bring "
            "both to gene symbols."
        )
    return text + "Train a network on the genes that both have, or allow more missing genes."
