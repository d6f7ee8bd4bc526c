"""What would come of an inference, before it is asked for: genes that are found, scale, what missing genes cost."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from landmark.analyses.infer.config import InferConfiguration
from landmark.analyses.infer.results import FORESEEN, TRUST, Foreseen
from landmark.analyses.infer.source import fitted_for_now, named_predictor, new_samples
from landmark.errors import BadData
from landmark.progress import Progress, Report
from landmark.store.files import write_json
from landmark.store.workspace import Workspace
from landmark.wording import counted
from landmark.workflows.complete import Completion, complete
from landmark.workflows.fitted import Fitted
from landmark.workflows.new_samples import landmark_table, match_genes

AT_ONCE = ("ridge", "knn")
"""Predictors that are fitted for a look."""


def look_ahead(configuration: InferConfiguration, workspace: Workspace, folder: Path, report: Report) -> None:
    """Write what would come of it into a folder: foreseen.json, landmarks.parquet and scales.parquet.

    What takes long to fit and is not fitted yet is not: ridge regression stands in for it, which finds the same genes
    and the same scale; nothing is said of accuracy then.

    Raises
    ------
    BadData, BadConfiguration, BadRun
        If it could not be done, in a sentence that says why.
    """
    new = new_samples(configuration, workspace, report)
    stands_in = bool(configuration.train_on) and configuration.predictor not in AT_ONCE
    fitted = _fitted(configuration, workspace, folder, report)
    match = match_genes(new.stream.about, fitted.genes, fitted.identifier)
    present = sum(gene in match for gene in fitted.landmarks)
    if stands_in and configuration.is_network and present < len(fitted.landmarks):
        raise BadData(
            f"{counted(len(fitted.landmarks) - present, 'landmark gene')} of {len(fitted.landmarks):,} are missing in "
            "the new samples, and a network is not trained again without them. Choose ridge regression or nearest "
            "neighbours, or a set of genes that are all there."
        )
    _write(
        folder, "landmarks", landmark_table(match, new.stream, fitted.landmarks)
    )  # seen while the rest goes on
    completion = complete(new, fitted, configuration.scale, configuration.level, report)
    _write(folder, "scales", completion.brought.table())
    report(Progress("Measuring what missing genes cost"))
    found = Foreseen(
        title=new.title,
        samples=new.stream.samples,
        learned_from=fitted.title,
        set=fitted.set,
        genes=len(completion.genes),
        landmarks=len(fitted.landmarks),
        landmarks_matched=present,
        genes_unknown=len(match.unknown),
        genes_known=len(completion.known),
        scale=completion.brought.scale,
        percentile=_percentile(completion),
        **({} if stands_in else _accuracy(fitted, completion)),
    )
    write_json(folder / FORESEEN, found.metrics())


def _fitted(configuration: InferConfiguration, workspace: Workspace, folder: Path, report: Report) -> Fitted:
    if configuration.fit:
        return named_predictor(configuration.fit, workspace, folder, report)
    there = configuration.predictor in AT_ONCE
    quick = configuration if there else configuration.model_copy(update={"predictor": "ridge"})
    return fitted_for_now(quick, workspace, folder, report)


def _write(folder: Path, name: str, table: pd.DataFrame) -> None:
    draft = folder / f".{name}.part"
    table.to_parquet(draft, index=False)
    draft.replace(folder / f"{name}.parquet")  # a page may be reading


def _percentile(completion: Completion) -> float | None:
    distance = completion.brought.options[completion.brought.scale].distance
    if not np.isfinite(distance):
        return None
    return float(completion.ready.percentiles(np.array([distance]))[0])


def _accuracy(fitted: Fitted, completion: Completion) -> dict[str, Any]:
    ready = completion.ready
    found: dict[str, Any] = {"genes_trusted": int((ready.pcc >= TRUST).sum())}
    if len(ready.trained.landmarks) < len(fitted.landmarks) and (cost := fitted.cost(ready)) is not None:
        found |= {"pcc_all_landmarks": cost[0], "pcc_present_landmarks": cost[1]}
    return found
