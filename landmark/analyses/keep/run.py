"""Keep a fitted predictor under a name, or bring in one from a file."""

from pathlib import Path

import numpy as np

from landmark.analyses.fit.config import FitConfiguration
from landmark.analyses.infer.source import of_run
from landmark.analyses.keep.config import KeepConfiguration
from landmark.analyses.keep.results import KeepResults
from landmark.analyses.keep.source import of_file
from landmark.analyses.keep.wording import what_it_holds
from landmark.errors import BadConfiguration
from landmark.progress import Progress
from landmark.store.files import write_json
from landmark.store.kept import GENES, Kept, KeptManifest, KeptStore, LearnedFrom, described
from landmark.store.request import now
from landmark.store.runs import versions
from landmark.workflows.context import Context, Outcome


def run(configuration: KeepConfiguration, context: Context) -> Outcome:
    """Publish the predictor among the kept ones; the run itself holds nothing but its figures."""
    kept = _done(context) or _made(configuration, context)
    about = kept.manifest
    return Outcome(
        parents={},
        results=KeepResults(
            name=kept.name,
            predictor=about.method,
            covariate=about.covariate,
            set=about.set,
            size=about.size,
            genes=about.learned_from.genes,
            learned_from=about.learned_from.title,
            samples=about.learned_from.samples,
            pcc=about.pcc,
            values=about.values,
            bytes=about.bytes,
        ),
        notes=(
            what_it_holds(about.values, about.learned_from.samples),
            *([f"Licence: {about.licence}"] if about.licence else []),
        ),
    )


def _done(context: Context) -> Kept | None:
    """Return what this very run has kept before it was stopped, if it has."""
    own = context.draft.request.id
    return next((kept for kept in KeptStore(context.workspace).all() if kept.manifest.kept_by == own), None)


def _made(configuration: KeepConfiguration, context: Context) -> Kept:
    if Path(configuration.fit).is_absolute():
        return _brought(configuration, context)
    store = KeptStore(context.workspace)
    store.check_name(configuration.name)
    run = context.runs.get(configuration.fit, "fit")
    fitted = of_run(run, context.workspace, context.draft.folder / "checkpoints")
    ready = fitted.to_keep(values=not configuration.without_values, report=context.report)
    known = ready.pcc[np.isfinite(ready.pcc)]
    with store.draft() as draft:
        context.report(Progress("Writing the predictor"))
        ready.save(draft)
        write_json(draft / GENES, {"genes": fitted.genes})
        manifest = KeptManifest(
            name=configuration.name,
            learned_from=LearnedFrom(
                title=fitted.title,
                dataset=run.manifest.parents["dataset"],
                unit=fitted.unit,
                identifier=fitted.identifier,
                samples=run.manifest.split["train"],
                genes=len(fitted.genes),
            ),
            set=fitted.set,
            size=len(fitted.landmarks),
            method=fitted.trained.fitted.method,
            covariate=fitted.trained.covariate.name if fitted.trained.covariate else "",
            pcc=float(known.mean()) if len(known) else None,
            configuration=FitConfiguration.parse(run.manifest.configuration).model_dump(mode="json"),
            values=not configuration.without_values,
            licence=" ".join(configuration.licence.split()),
            versions=versions(),
            created=now(),
            kept_by=context.draft.request.id,
        )
        return store.publish(draft, described(draft, manifest, context.report))


def _brought(configuration: KeepConfiguration, context: Context) -> Kept:
    """Bring in a predictor from its file; it is read once, so that what cannot be used is refused."""
    if configuration.licence or configuration.without_values:
        raise BadConfiguration(
            "licence and without_values are chosen where a predictor is fitted: a file is brought in as it is"
        )
    store = KeptStore(context.workspace)
    if configuration.name:
        store.check_name(configuration.name)
    with store.draft() as draft:
        kept, _ = of_file(
            Path(configuration.fit), draft, context.draft.folder / "checkpoints", context.report
        )
        changed = {"name": configuration.name or kept.name, "kept_by": context.draft.request.id}
        return store.publish(draft, kept.manifest.model_copy(update=changed))
