"""Kept predictors, by name or as a file, in the form that new samples are given to."""

from pathlib import Path

from landmark.analyses.fit.config import FitConfiguration
from landmark.analyses.fit.run import method
from landmark.errors import BadConfiguration, BadData, BadRun
from landmark.progress import Report
from landmark.store.kept import Kept, KeptStore
from landmark.store.kept_file import unpack_kept
from landmark.store.workspace import Workspace
from landmark.workflows.fitted import Fitted


def kept_predictor(text: str, workspace: Workspace, checkpoints: Path, report: Report) -> Fitted:
    """Return a predictor that is kept under a name, or lies in a file that is named by its absolute path.

    Raises
    ------
    BadRun, BadData
        If there is no such predictor, or it cannot be used.
    """
    store = KeptStore(workspace)
    if not Path(text).is_absolute():
        return of_kept(store.get(text), checkpoints, report)
    with store.draft() as folder:
        return of_file(Path(text), folder, checkpoints, report)[1]


def of_file(path: Path, folder: Path, checkpoints: Path, report: Report) -> tuple[Kept, Fitted]:
    """Take a predictor out of its file into an empty folder, and read it.

    Raises
    ------
    BadData
        If it is no file of a predictor, or cannot be used.
    """
    kept = unpack_kept(path, folder, report)
    try:
        return kept, of_kept(kept, checkpoints, report)
    except BadRun as error:
        raise BadData(f"{path.name}: {error}") from error


def of_kept(kept: Kept, checkpoints: Path, report: Report) -> Fitted:
    """Read a kept predictor; ``checkpoints`` is where a network that is trained again would keep its own.

    Raises
    ------
    BadRun
        If it is damaged, or this version cannot use it.
    """
    about = kept.manifest
    try:
        made = FitConfiguration.parse(about.configuration)
    except BadConfiguration as error:
        raise BadRun(
            f"The predictor {kept.name!r} was made by Landmark {about.versions.get('landmark', 'of another version')} "
            f"with settings that this version does not know ({error}). Update Landmark to use it."
        ) from error
    predictor, genes = kept.load(report)
    return Fitted(
        title=about.learned_from.title,
        identifier=about.learned_from.identifier,
        unit=about.learned_from.unit,
        set=about.set,
        genes=genes,
        trained=predictor.trained,
        predictor=method(made, checkpoints, made.seed),
        training=predictor.training,
        seed=made.seed,
        kept=predictor,
    )
