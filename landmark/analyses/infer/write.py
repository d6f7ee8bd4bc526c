"""Write complete profiles into a file while they pass, and gather what is known of their genes and samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.analyses.infer.accuracy import Against
from landmark.data.history import KEY, describe, record
from landmark.data.shared_samples import shared_samples
from landmark.data.steps.stream import check_room
from landmark.progress import Report, silent
from landmark.store.profiles import PROFILES, ProfileWriter, bytes_of
from landmark.workflows.calibration import grades
from landmark.workflows.complete import Block, Completion
from landmark.workflows.fitted import Fitted

FAR = 99.0
"""Samples beyond so many per cent of the held-out training samples lie outside what was learned from."""

NAMED = 3
"""Nearest training samples that are named."""

MOST_VALUES = 40_000_000
"""Of samples with more landmark values, only names are compared with the training samples: values would take long."""


@dataclass(frozen=True)
class Written:
    """What is known of profiles that were written.

    Attributes
    ----------
    genes, samples
        Tables of that name.
    figures
        Figures of the run: widths of intervals, samples that lie outside, accuracy where measured values are known.
    """

    genes: pd.DataFrame
    samples: pd.DataFrame
    figures: dict[str, Any]


def write_profiles(completion: Completion, fitted: Fitted, folder: Path, report: Report = silent) -> Written:
    """Write profiles.h5ad into a folder, block by block, and return what is known of it.

    Raises
    ------
    BadData
        If the disk has not enough room.
    """
    ready, stream = completion.ready, completion.new.stream
    truth = bool(completion.known)
    check_room(2 * bytes_of(stream.samples, len(fitted.genes), truth), folder)
    learned = _learned(completion)
    against = Against.begin(completion, ~learned)
    genes = _genes(completion)
    writer = ProfileWriter(folder / PROFILES, _about(completion, fitted, genes), completion.measured, truth)
    places: list[pd.DataFrame] = []
    try:
        for block in completion.blocks(report):
            values = block.values, block.lower, block.upper
            writer.write(block.first, *values, *(() if block.truth is None else (block.truth,)))
            against.add(block)
            places.append(_places(completion, block))
        samples = pd.concat(places, ignore_index=True)
        if ready.training is not None:
            samples["learned_from"] = learned
        samples = samples.assign(**against.by_sample())
        genes = genes.assign(half_width=against.half_widths(), **against.by_gene())
        writer.describe(_annotations(completion, samples), genes.set_index("gene").rename_axis(None))
    finally:
        writer.close()
    figures = {**_outside(samples), **against.figures(), "learned_samples": int(learned.sum())}
    return Written(genes, samples, figures)


def _learned(completion: Completion) -> np.ndarray:
    """Say which new samples are among those the predictor learned from, by name or values, bool [samples]."""
    new, ready = completion.new, completion.ready
    if ready.training is None or ready.reference is None:
        return np.zeros(new.stream.samples, dtype=bool)
    landmarks, nothing = ready.trained.landmarks, np.empty((0, 0))
    own, theirs = nothing, np.empty((new.stream.samples, 0))
    if new.stream.samples * len(landmarks) <= MOST_VALUES:
        own = ready.trained.landmark_scaling.invert(ready.reference)
        theirs = np.concatenate([completion.match.take(block, landmarks) for block in new.stream.blocks()])
    found: np.ndarray = shared_samples(own, theirs, ready.training.names, new.names).place >= 0
    return found


def _genes(completion: Completion) -> pd.DataFrame:
    """List the genes with what held-out training samples say of them."""
    ready, inferred = completion.ready, ~completion.measured
    order = {gene: number for number, gene in enumerate(ready.trained.targets)}
    places = [order[gene] for gene in np.array(completion.genes, dtype=object)[inferred]]
    table = pd.DataFrame(
        {"gene": completion.genes, "state": np.where(inferred, "inferred", "measured"), "grade": "measured"}
    )
    table["pcc"] = table["mae"] = np.nan
    table.loc[inferred, "grade"] = grades(ready.pcc[places])
    table.loc[inferred, "pcc"] = ready.pcc[places]
    table.loc[inferred, "mae"] = ready.mae[places]
    return table


def _about(completion: Completion, fitted: Fitted, genes: pd.DataFrame) -> AnnData:
    """Describe the profiles: names, the unit of the training data, and what was done."""
    new = completion.new.stream.about
    about = AnnData(
        obs=pd.DataFrame(index=new.obs_names.astype(str)),
        var=genes.set_index("gene").rename_axis(None),
        uns={KEY: {**new.uns.get(KEY, {})}},
    )
    describe(
        about, title=f"{completion.new.title}, completed", unit=fitted.unit, identifier=fitted.identifier
    )
    record(
        about,
        "Inferred",
        predictor=completion.ready.trained.fitted.method,
        learned_from=fitted.title,
        landmarks=len(completion.ready.trained.landmarks),
        scale=completion.brought.scale,
        level=completion.level,
    )
    return about


def _annotations(completion: Completion, samples: pd.DataFrame) -> pd.DataFrame:
    """Put what was found of the samples beside the annotations they came with."""
    own = completion.new.stream.about.obs
    found = samples.set_index("sample").rename_axis(None)
    kept = own.rename(columns={name: f"{name} (file)" for name in own if name in found})
    return pd.concat([kept.set_axis(found.index), found], axis=1)


def _places(completion: Completion, block: Block) -> pd.DataFrame:
    """Say of some samples how far outside they lie, and which training samples are nearest or make them up."""
    table = pd.DataFrame({"sample": completion.new.names[block.first : block.first + len(block.values)]})
    if block.neighbours is None or completion.ready.training is None:
        return table
    called = completion.ready.training.names
    percentile = completion.ready.percentiles(block.neighbours.distance)
    table = table.assign(
        distance=block.neighbours.distance,
        percentile=percentile,
        far=percentile >= FAR,
        nearest=[", ".join(called[place] for place in row[:NAMED]) for row in block.neighbours.nearest],
    )
    if block.mixtures is None:
        return table
    return table.assign(mixture=[_mixture(weights, called) for weights in block.mixtures])


def _mixture(weights: np.ndarray, called: Sequence[str]) -> str:
    """Name the training samples with the largest weights: "A 0.41, B 0.20, C -0.08 and 31 more"."""
    first = np.argsort(-np.abs(weights), kind="stable")[: min(NAMED, np.count_nonzero(weights))]
    named = ", ".join(f"{called[place]} {weights[place]:.2f}" for place in first)
    more = np.count_nonzero(weights) - len(first)
    return f"{named} and {more} more" if more else named


def _outside(samples: pd.DataFrame) -> dict[str, Any]:
    if "far" not in samples:
        return {}
    return {
        "far_samples": int(samples["far"].sum()),
        "median_percentile": float(samples["percentile"].median()),
    }
