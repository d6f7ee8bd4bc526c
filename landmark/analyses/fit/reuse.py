"""Find a finished fit that answers the same question, so that nothing is fitted twice."""

import hashlib
from collections.abc import Iterable, Sequence

from landmark.analyses.fit.config import FitConfiguration
from landmark.analyses.fit.results import FitResults
from landmark.errors import BadConfiguration, BadRun
from landmark.store.runs import Run, RunStore
from landmark.training.settings import PredictorTraining


def fingerprint(genes: Iterable[str]) -> str:
    """Return what tells a list of genes, in its order, from any other."""
    return hashlib.sha256("\n".join(genes).encode()).hexdigest()[:16]


def finished_fit(wanted: FitConfiguration, genes: Sequence[str], runs: RunStore) -> Run | None:
    """Return the newest fit of the same genes of the same dataset by the same settings, or None.

    The genes decide, not how the set was written: a file may have changed since, and the same genes may have come
    from another ranking.
    """
    for run in runs.all("fit"):
        try:
            made = FitConfiguration.parse(run.manifest.configuration)
            found = FitResults.read(run.manifest.metrics)
        except (BadConfiguration, BadRun):  # a run of another version
            continue
        if _settings(made) == _settings(wanted) and found.fingerprint == fingerprint(genes):
            return run
    return None


def _settings(configuration: FitConfiguration) -> dict[str, object]:
    """Return what decides a fit; a network that names no seed has that of the run."""
    used = {"dataset", "predictor", "seed", "covariate"}
    decisive = configuration.model_dump(include=used)
    for name in configuration.networks:
        network: PredictorTraining = getattr(configuration, name)
        decisive[name] = network.seeded(configuration.seed).model_dump(exclude={"checkpoint_every"})
    if configuration.predictor == "ensemble":
        decisive["members"] = configuration.ensemble.members
    return decisive
