"""Tables that set predictors against each other, all of which infer the same genes of the same test samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from landmark.data.scaling import Scaling
from landmark.inference.predict import Prediction
from landmark.metrics.paired import compare_pairs
from landmark.metrics.per_gene import within_groups
from landmark.metrics.per_sample import MEASURES, resampled_mean, sample_accuracy
from landmark.metrics.recall import LEVELS, Recall
from landmark.progress import Report, silent

GENE_MEANS = "gene means"
"""Name of the prediction that knows nothing of a sample: the mean of each gene in the training samples."""

PAIRED = ("spearman", "spearman_standardised")
"""Measures of whole samples in which two predictors are set against each other."""


@dataclass(frozen=True)
class Inferred:
    """What one predictor makes of the test samples.

    Attributes
    ----------
    name, predictor, covariate
        Its name here, the method, and the annotation that it is given beside the genes, empty for none.
    prediction
        Measured and predicted values, standardised.
    scaling
        Of the targets.
    accuracy
        Of every target gene: the table of ``gene_sets.target_accuracy``.
    recall
        Of its targets.
    seconds
        That the fit took.
    """

    name: str
    predictor: str
    covariate: str
    prediction: Prediction
    scaling: Scaling
    accuracy: pd.DataFrame
    recall: Recall
    seconds: float

    @cached_property
    def samples(self) -> pd.DataFrame:
        """Accuracy of every test sample; see ``per_sample.sample_accuracy``."""
        return sample_accuracy(self.prediction.true, self.prediction.predicted, self.scaling)

    @property
    def pcc(self) -> float:
        """Mean correlation of its target genes."""
        return float(self.accuracy["pcc"].mean())


def best_of(inferred: Sequence[Inferred]) -> Inferred:
    """Return the predictor with the highest mean correlation of genes."""
    return max(inferred, key=lambda one: one.pcc)


def _gene_means(of: Inferred) -> pd.DataFrame:
    """Measure every test sample as if nothing were known of it but the mean of each gene."""
    true = of.prediction.true
    return sample_accuracy(true, np.zeros_like(true), of.scaling)


def overall_table(inferred: Sequence[Inferred], groups: np.ndarray | None = None) -> pd.DataFrame:
    """Average everything, one row per predictor, the best first, and the gene means last.

    Parameters
    ----------
    groups
        Of the test samples, int [samples], within which correlations are measured too; see ``within_groups``.

    Returns
    -------
    DataFrame
        name; predictor; covariate; mae and pcc, means over genes of the standardised error and of the correlation over
        samples, which is 0 for the gene means; with groups pcc_within, the same within them; sample_<measure>, the mean
        over samples of each of ``per_sample.MEASURES``; recalled_95 and recalled_99, numbers of genes; seconds.
    """
    rows = [
        {
            "name": one.name,
            "predictor": one.predictor,
            "covariate": one.covariate,
            "mae": float(one.accuracy["mae"].mean()),
            "pcc": one.pcc,
            **({} if groups is None else {"pcc_within": _within(one, groups)}),
            **{f"sample_{measure}": float(one.samples[measure].mean()) for measure in MEASURES},
            **{
                f"recalled_{100 * level:.0f}": recalled
                for level, recalled in zip(LEVELS, one.recall.table["recalled"], strict=True)
            },
            "seconds": one.seconds,
        }
        for one in sorted(inferred, key=lambda one: -one.pcc)
    ]
    means = _gene_means(inferred[0])
    nothing: dict[str, object] = {"name": GENE_MEANS, "predictor": "", "covariate": "", "pcc": 0.0}
    nothing |= {} if groups is None else {"pcc_within": 0.0}
    nothing["mae"] = float(means["mae_standardised"].mean())
    nothing |= {f"sample_{measure}": float(means[measure].mean()) for measure in MEASURES}
    nothing |= {f"recalled_{100 * level:.0f}": 0 for level in LEVELS}
    return pd.DataFrame([*rows, nothing])


def _within(one: Inferred, groups: np.ndarray) -> float:
    pcc = within_groups(one.prediction.true, one.prediction.predicted, groups)
    return float(np.nanmean(pcc)) if np.isfinite(pcc).any() else float("nan")


def samples_table(inferred: Sequence[Inferred], about: pd.DataFrame) -> pd.DataFrame:
    """Put the samples of all predictors and of the gene means below each other.

    Parameters
    ----------
    about
        What is known of each sample, such as sample and group; comes before the measures.
    """
    parts = [(one.name, one.samples) for one in inferred] + [(GENE_MEANS, _gene_means(inferred[0]))]
    return pd.concat(
        [pd.concat([about, samples], axis=1).assign(name=name) for name, samples in parts], ignore_index=True
    )


def recall_table(inferred: Sequence[Inferred]) -> pd.DataFrame:
    """Put the recall of all predictors below each other: name and the columns of ``recall.Recall.table``."""
    return pd.concat([one.recall.table.assign(name=one.name) for one in inferred], ignore_index=True)


def genes_table(inferred: Sequence[Inferred]) -> pd.DataFrame:
    """Put the genes of all predictors below each other: name, gene, mae, pcc, spearman, R."""
    return pd.concat(
        [
            one.accuracy[["gene", "mae", "pcc"]].assign(
                name=one.name, spearman=one.recall.spearman, R=one.recall.R
            )
            for one in inferred
        ],
        ignore_index=True,
    )


def pairs_table(
    inferred: Sequence[Inferred],
    *,
    seed: int = 0,
    groups: np.ndarray | None = None,
    report: Report = silent,
) -> pd.DataFrame:
    """Set the best predictor against each other one, and each that is given an annotation against itself without.

    Returns
    -------
    DataFrame
        first; second; measure: mae and pcc over genes, spearman and spearman_standardised over samples; difference,
        the mean of first less second; low and high, its interval when the test samples, or groups of them that belong
        together, are drawn again; won, the share of genes or samples in which the first is better.
    """
    by_name = {one.name: one for one in inferred}
    predictions = {name: one.prediction for name, one in by_name.items()}
    rows: list[tuple[str, str, str, float, float, float, float]] = []
    for found in compare_pairs(predictions, _pairs(inferred), seed=seed, groups=groups, report=report):
        names = found.first, found.second
        for measure, about in (("mae", found.mae), ("pcc", found.pcc)):
            rows.append((*names, measure, about.mean, about.low, about.high, about.won))
        first, second = (by_name[name].samples for name in names)
        for measure in PAIRED:
            differences = (first[measure] - second[measure]).to_numpy()
            low, high = resampled_mean(differences, seed=seed, groups=groups)
            won = float((differences > 0).mean())
            rows.append((*names, measure, float(np.nanmean(differences)), low, high, won))
    columns = ["first", "second", "measure", "difference", "low", "high", "won"]
    return pd.DataFrame(rows, columns=columns)


def _pairs(inferred: Sequence[Inferred]) -> list[tuple[str, str]]:
    best = best_of(inferred)
    pairs = [(best.name, one.name) for one in inferred if one is not best]
    alone = {one.predictor: one for one in inferred if not one.covariate}
    for one in inferred:
        without = alone.get(one.predictor)
        if (
            one.covariate
            and without
            and not {(one.name, without.name), (without.name, one.name)} & set(pairs)
        ):
            pairs.append((one.name, without.name))
    return pairs
