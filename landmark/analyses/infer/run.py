"""Write complete profiles of new samples, and how good they are as far as that can be known."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from landmark.analyses.infer.config import InferConfiguration
from landmark.analyses.infer.results import GRADES, HELD_OUT, ProfilesResults
from landmark.analyses.infer.source import fitted_for, new_samples
from landmark.analyses.infer.write import FAR, write_profiles
from landmark.data.io.writers import WRITERS, write
from landmark.errors import BadConfiguration
from landmark.store.profiles import GCTX, PROFILES, Profiles
from landmark.wording import counted, listed
from landmark.workflows.complete import Completion, complete
from landmark.workflows.context import Context, Outcome
from landmark.workflows.fitted import Fitted
from landmark.workflows.new_samples import landmark_table


def run(configuration: InferConfiguration, context: Context) -> Outcome:
    """Write profiles.h5ad and profiles.gctx, genes.parquet, samples.parquet, landmarks.parquet and scales.parquet."""
    _check_out(configuration.out)
    new = new_samples(configuration, context.workspace, context.report)
    fitted = fitted_for(configuration, context)
    completion = complete(new, fitted, configuration.scale, configuration.level, context.report)
    ready, match = completion.ready, completion.match
    landmarks = landmark_table(match, new.stream, fitted.landmarks)
    context.draft.table("landmarks", landmarks)
    context.draft.table("scales", completion.brought.table())
    written = write_profiles(completion, fitted, context.draft.folder, context.report)
    context.draft.table("genes", written.genes)
    context.draft.table("samples", written.samples)
    if ready.training is not None:
        context.draft.table(HELD_OUT, pd.DataFrame({"distance": ready.distances}))
    profiles = Profiles(context.draft.folder / PROFILES).stream()
    write(profiles, context.draft.folder / GCTX, context.report)
    if configuration.out:
        write(profiles, Path(configuration.out), context.report)
    inferred = written.genes[written.genes["state"] == "inferred"]
    found = ProfilesResults(
        predictor=ready.trained.fitted.method,
        set=fitted.set,
        title=new.title,
        learned_from=fitted.title,
        samples=new.stream.samples,
        genes=len(written.genes),
        landmarks=len(fitted.landmarks),
        landmarks_matched=len(ready.trained.landmarks),
        genes_unknown=len(match.unknown),
        genes_inferred=len(inferred),
        genes_trusted=int((inferred["grade"] == GRADES[0]).sum()),
        level=configuration.level,
        scale=completion.brought.scale,
        scale_proposed=configuration.scale == "proposed",
        refitted=len(ready.trained.landmarks) < len(fitted.landmarks),
        pcc=float(np.nanmean(ready.pcc)),
        calibration_samples=ready.calibration.samples,
        normalised=ready.calibration.difficulty is not None,
        **_cost(fitted, completion),
        **written.figures,
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
        compared = (
            "nearest training samples" if found.far_samples is not None else "mean of the training samples"
        )
        yield f"{SCALES[found.scale]} This was chosen by the distance to the {compared}; see scales."
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
