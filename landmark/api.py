"""Fit a predictor and complete profiles from Python: ``landmark.fit`` and ``landmark.infer``."""

import tempfile
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias

import anndata
import numpy as np
from anndata import AnnData

from landmark.analyses.infer.write import write_profiles
from landmark.analyses.keep.source import kept_predictor
from landmark.data.gene_identifiers import recognise
from landmark.data.gene_names import check_names
from landmark.data.history import KEY, describe, fact
from landmark.data.reading import read
from landmark.data.split import COLUMN, OF_FILE, annotation_kept_whole, numbered_groups, training_rows
from landmark.errors import BadConfiguration, BadData
from landmark.genesets.sources import l1000_present
from landmark.inference.calibrated import TrainingSamples
from landmark.inference.split import SplitExpression
from landmark.inference.trained import METHODS
from landmark.progress import Report, silent
from landmark.store.profiles import PROFILES
from landmark.store.workspace import open_workspace
from landmark.workflows.calibration import calibrated
from landmark.workflows.complete import complete
from landmark.workflows.fitted import Fitted
from landmark.workflows.new_samples import NewSamples, open_file, samples_in_memory

Matrix: TypeAlias = AnnData | str | PathLike[str]
"""Samples by genes in memory, or a file in any format that can be imported."""


def fit(
    dataset: Matrix,
    genes: str | Sequence[str] = "L1000",
    method: str = "ridge",
    *,
    groups: str = "",
    seed: int = 0,
    report: Report = silent,
    **settings: Any,
) -> Fitted:
    """Learn to predict all genes of a dataset from a few of them, with an error for every value.

    Parameters
    ----------
    dataset
        Complete samples, [samples, genes], logged; AnnData or a file. Where ``obs["split"]`` says which samples are
        for training, only these are learned from.
    genes
        Landmark genes: their names, or "L1000" for those of the L1000 genes that are there.
    method
        Name of a predictor, such as "ridge" or "knn".
    groups
        Annotation of samples that belong together, such as "patient": errors are then those for a new patient. Empty
        for the groups that the split of an imported dataset keeps together, if it does.
    seed
        Of the samples on which settings and errors are judged.
    report
        Told about progress.
    settings
        Of the method, such as ``penalties=(100.0,)`` of ridge regression.

    Returns
    -------
    Fitted
        What ``infer`` takes.

    Raises
    ------
    BadData, BadConfiguration
        If the dataset cannot be read, has no such genes or annotation, or there is no such method.
    """
    if method not in METHODS:
        raise BadConfiguration(f"method = {method!r}: choose one of {', '.join(METHODS)}")
    matrix = _described(dataset)
    split = _split(matrix, groups)
    names = _landmarks(genes, split, fact(matrix, "identifier"))
    predictor = METHODS[method](**settings)
    own = set(names)
    training = TrainingSamples(split, tuple(map(str, matrix.obs_names)))
    targets = [gene for gene in split.genes if gene not in own]
    ready = calibrated(training, names, targets, predictor, seed=seed, report=report)
    return Fitted(
        title=fact(matrix, "title"),
        identifier=fact(matrix, "identifier"),
        unit=fact(matrix, "unit"),
        set=genes if isinstance(genes, str) else f"{len(names):,} genes",
        genes=split.genes,
        trained=ready.trained,
        predictor=predictor,
        training=training,
        seed=seed,
        kept=ready,
    )


def infer(
    new: Matrix,
    predictor: Fitted | str | PathLike[str],
    *,
    level: float = 0.9,
    scale: str = "proposed",
    report: Report = silent,
) -> AnnData:
    """Complete the profiles of new samples.

    Parameters
    ----------
    new
        Samples in which some or all landmark genes are measured; one sample is enough. AnnData or a file.
    predictor
        From ``fit``, the name of a predictor that is kept here, or a file of one. Where landmark genes are missing, it
        is fitted again on those that are there.
    level
        Share of the values that the intervals are to cover, between 0 and 1.
    scale
        How samples are brought to the scale of the training samples: "none", "standardise", "quantiles", or "proposed"
        by the data.
    report
        Told about progress.

    Returns
    -------
    AnnData
        X: complete profiles in the unit of the training data, float32 [samples, genes], with the layers ``lower`` and
        ``upper`` (ends of the prediction intervals), ``measured``, and ``truth`` where inferred genes were measured as
        well. ``var``: grade, held-out correlation and error of every gene. ``obs``: distance to the training samples
        and the nearest of them.

    Raises
    ------
    BadData, BadConfiguration, BadRun
        If the samples cannot be read or completed, or there is no such predictor.
    """
    if not 0 < level < 1:
        raise BadConfiguration(f"level = {level}: it lies between 0 and 1")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        fitted = predictor if isinstance(predictor, Fitted) else _kept(predictor, folder, report)
        completion = complete(_new(new, report), fitted, scale, level, report)
        write_profiles(completion, fitted, folder, report)
        return anndata.read_h5ad(folder / PROFILES)


def _kept(predictor: str | PathLike[str], folder: Path, report: Report) -> Fitted:
    path = Path(predictor)
    name = str(path.resolve()) if path.is_file() else str(predictor)
    return kept_predictor(name, open_workspace(), folder / "checkpoints", report)


def _described(dataset: Matrix) -> AnnData:
    """Read a dataset, or take it from memory; only its training samples, where they are marked."""
    if not isinstance(dataset, AnnData):
        matrix = read(dataset)
        if OF_FILE in matrix.obs:  # here the split of the file counts; none is drawn
            matrix.obs = matrix.obs.rename(columns={OF_FILE: COLUMN})
    else:
        genes = list(map(str, dataset.var_names))
        check_names(genes, "gene")
        known = {KEY: dict(dataset.uns.get(KEY, {}))}
        matrix = AnnData(_dense(dataset), obs=dataset.obs.copy(), var=dataset.var.copy(), uns=known)
        matrix.var_names = genes
        identifier = recognise(genes).identifier
        describe(matrix, title="data in memory", source="memory", unit="", identifier=identifier)
    train = training_rows(matrix)
    return matrix if train is None else matrix[train].copy()


def _new(new: Matrix, report: Report) -> NewSamples:
    if not isinstance(new, AnnData):
        return open_file(Path(new), report=report)
    return samples_in_memory(
        AnnData(_dense(new), obs=new.obs.copy(), var=new.var.copy()), "samples in memory"
    )


def _dense(matrix: AnnData) -> np.ndarray:
    """Return the values of a matrix as float32; BadData where some are missing or infinite."""
    X = matrix.X.toarray() if hasattr(matrix.X, "toarray") else matrix.X
    found = np.asarray(X, np.float32)
    if not np.isfinite(found).all():
        raise BadData("Some values are missing or infinite. Fill them in, or leave their genes out.")
    return found


def _split(matrix: AnnData, groups: str) -> SplitExpression:
    if groups and groups not in matrix.obs:
        offered = ", ".join(map(str, matrix.obs)) or "there is none"
        raise BadData(f"groups = {groups!r}: the samples have no such annotation. Choose from: {offered}.")
    groups = groups or annotation_kept_whole(matrix)
    of_samples = numbered_groups(matrix.obs[groups]) if groups else None
    return SplitExpression.of_training(matrix.X, list(map(str, matrix.var_names)), groups=of_samples)


def _landmarks(genes: str | Sequence[str], split: SplitExpression, identifier: str) -> tuple[str, ...]:
    if isinstance(genes, str):
        if genes != "L1000":
            raise BadConfiguration(f"genes = {genes!r}: give a list of names, or 'L1000'")
        return l1000_present(split.genes, identifier).genes
    there = set(split.genes)
    found = tuple(dict.fromkeys(map(str, genes)))
    if unknown := [gene for gene in found if gene not in there]:
        raise BadData(
            f"{len(unknown):,} of the {len(found):,} genes are not in the dataset, {unknown[0]} among them. Leave them "
            "out, or spell them as the dataset does."
        )
    return found
