"""Write complete profiles of new samples, and how good they are as far as that can be known."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.analyses.infer.accuracy import Against
from landmark.analyses.infer.config import InferConfiguration
from landmark.analyses.infer.results import ProfilesResults
from landmark.analyses.infer.source import fitted_for
from landmark.data.gene_identifiers import Identifier
from landmark.data.history import KEY, describe, record
from landmark.data.io.writers import WRITERS, write
from landmark.data.shared_samples import shared_samples
from landmark.data.steps.stream import check_room
from landmark.errors import BadConfiguration
from landmark.inference.neighbours import Neighbours
from landmark.progress import Report
from landmark.store.profiles import PROFILES, Profiles, ProfileWriter, bytes_of
from landmark.wording import counted, listed
from landmark.workflows.calibration import GRADES, grades
from landmark.workflows.complete import Completion, bring
from landmark.workflows.context import Context, Outcome
from landmark.workflows.fitted import Fitted
from landmark.workflows.new_samples import check_landmarks, landmark_table, match_genes, open_samples

GCTX = "profiles.gctx"

FAR = 99.0
"""Samples beyond so many per cent of the held-out training samples lie outside what was learned from."""

NAMED = 3
"""Nearest training samples that are named."""

MOST_VALUES = 40_000_000
"""Of samples with more landmark values, only names are compared with the training samples: values would take long."""


def run(configuration: InferConfiguration, context: Context) -> Outcome:
    """Write profiles.h5ad and profiles.gctx, genes.parquet, samples.parquet, landmarks.parquet and scales.parquet."""
    _check_out(configuration.out)
    new = open_samples(
        context.workspace,
        configuration.dataset,
        names_from=configuration.names_from,
        logged=not configuration.log2,
        report=context.report,
    )
    fitted = fitted_for(configuration, context)
    about = new.stream.about
    match = match_genes(about, fitted.genes, fitted.identifier)
    check_landmarks(match, fitted.landmarks, cast(Identifier, fitted.identifier), about)
    present = [gene for gene in fitted.landmarks if gene in match]
    ready = fitted.ready(present, context.report)
    ready.calibration.quantile(configuration.level)  # refused before anything is written
    brought = bring(configuration.scale, ready, new, match, context.report)
    landmarks = landmark_table(match, new.stream, fitted.landmarks)
    context.draft.table("landmarks", landmarks)
    context.draft.table("scales", brought.table())

    completion = Completion(fitted.genes, ready, new, match, brought, configuration.level)
    genes, samples, figures = _written(completion, fitted, context.draft.folder, context.report)
    context.draft.table("genes", genes)
    context.draft.table("samples", samples)
    profiles = Profiles(context.draft.folder / PROFILES).stream()
    write(profiles, context.draft.folder / GCTX, context.report)
    if configuration.out:
        write(profiles, Path(configuration.out), context.report)
    inferred = genes[genes["state"] == "inferred"]
    found = ProfilesResults(
        predictor=ready.trained.fitted.method,
        set=fitted.set,
        title=new.title,
        learned_from=fitted.title,
        samples=new.stream.samples,
        genes=len(genes),
        landmarks=len(fitted.landmarks),
        landmarks_matched=len(present),
        genes_unknown=len(match.unknown),
        genes_inferred=len(inferred),
        genes_trusted=int((inferred["grade"] == GRADES[0]).sum()),
        level=configuration.level,
        scale=brought.scale,
        scale_proposed=configuration.scale == "proposed",
        refitted=len(present) < len(fitted.landmarks),
        pcc=float(np.nanmean(ready.pcc)),
        calibration_samples=ready.calibration.samples,
        normalised=ready.calibration.difficulty is not None,
        **_cost(fitted, completion),
        **figures,
    )
    return Outcome(
        parents={**fitted.parents, **({"new": new.dataset} if new.dataset else {})},
        results=found,
        seed=configuration.seed,
        notes=tuple(_notes(found, landmarks)),
    )


def _check_out(out: str) -> None:
    """Refuse a file that could not be written in the end, before any work."""
    if not out:
        return
    path = Path(out)
    if path.suffix.lower() not in WRITERS:
        raise BadConfiguration(f"out = {path.name!r}: the ending should be one of {', '.join(WRITERS)}")
    if path.exists():
        raise BadConfiguration(f"out: {path} is there already. Choose another name, or delete it first.")
    if not path.parent.is_dir():
        raise BadConfiguration(f"out: there is no folder {path.parent}. Make it, or choose another.")


def _written(
    completion: Completion, fitted: Fitted, folder: Path, report: Report
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any]]:
    """Write the profiles as h5ad; return the tables of genes and samples, and figures."""
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
            places.append(_places(completion, block.first, len(block.values), block.neighbours))
        samples = pd.concat(places, ignore_index=True)
        if ready.training is not None:
            samples["learned_from"] = learned
        samples = samples.assign(**against.by_sample())
        genes = genes.assign(half_width=against.half_widths(), **against.by_gene())
        writer.describe(_annotations(completion, samples), genes.set_index("gene").rename_axis(None))
    finally:
        writer.close()
    return genes, samples, {**_outside(samples), **against.figures(), "learned_samples": int(learned.sum())}


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


def _places(completion: Completion, first: int, count: int, neighbours: Neighbours | None) -> pd.DataFrame:
    """Say of some samples how far outside they lie, and which training samples are nearest."""
    names = completion.new.names[first : first + count]
    if neighbours is None or completion.ready.training is None:
        return pd.DataFrame({"sample": names})
    percentile = completion.ready.percentiles(neighbours.distance)
    called = completion.ready.training.names
    return pd.DataFrame(
        {
            "sample": names,
            "distance": neighbours.distance,
            "percentile": percentile,
            "far": percentile >= FAR,
            "nearest": [", ".join(called[place] for place in row[:NAMED]) for row in neighbours.nearest],
        }
    )


def _outside(samples: pd.DataFrame) -> dict[str, Any]:
    if "far" not in samples:
        return {}
    return {
        "far_samples": int(samples["far"].sum()),
        "median_percentile": float(samples["percentile"].median()),
    }


def _cost(fitted: Fitted, completion: Completion) -> dict[str, float]:
    """Say what missing landmark genes cost, on held-out samples."""
    if len(completion.ready.trained.landmarks) == len(fitted.landmarks):
        return {}
    found = fitted.cost(completion.ready)
    return {} if found is None else {"pcc_all_landmarks": found[0], "pcc_present_landmarks": found[1]}


def _notes(found: ProfilesResults, landmarks: pd.DataFrame) -> Iterator[str]:
    """Say what a person should know before using the profiles."""
    missing = list(landmarks.loc[landmarks["state"] == "missing", "gene"])
    if missing:
        cost = ""
        if found.pcc_all_landmarks is not None and found.pcc_present_landmarks is not None:
            cost = (
                f" On held-out samples the mean correlation is {found.pcc_present_landmarks:.3f} without them, "
                f"{found.pcc_all_landmarks:.3f} with them."
            )
        yield (
            f"{counted(len(missing), 'landmark gene')} not found ({listed(missing)}): the predictor was fitted again "
            f"without.{cost}"
        )
    if found.scale_proposed:
        yield f"{SCALES[found.scale]} This was chosen by the distance to the nearest training samples; see scales."
    if found.far_samples:
        yield (
            f"{counted(found.far_samples, 'sample')} of {found.samples:,} lie farther from the training samples than "
            f"{FAR:.0f}% of the held-out ones: intervals promise nothing there, as they hold for samples like those "
            "learned from."
        )
    if found.learned_samples:
        yield (
            f"The predictor learned from {counted(found.learned_samples, 'sample')} of these; accuracy and coverage "
            "are of the others."
        )


SCALES: Mapping[str, str] = {
    "none": "Values were taken as they are.",
    "standardise": "Each gene was brought to the mean and spread it has in the training samples.",
    "quantiles": "Landmark genes were brought to the training samples' values by their rank within each sample.",
}
"""What each way of bringing samples over did, in a sentence."""
