"""Gene sets are measured by what they predict, each target by itself, and beside chance."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from landmark.evaluation.accuracy import accuracy
from landmark.evaluation.permutation import permutation_test, significant
from landmark.genesets.geneset import GeneSet
from landmark.inference.predict import Prediction
from landmark.progress import Report, silent

Predict = Callable[[GeneSet], Prediction]
"""Predicts the targets of a set in test samples."""


@dataclass(frozen=True)
class MeanAccuracy:
    """Means over the targets of one set, the correlation over those that vary; NaN where none does."""

    targets: int
    mae: float
    pcc: float


@dataclass(frozen=True)
class Evaluation:
    """What sets are worth.

    Attributes
    ----------
    per_gene
        Table of ``target_accuracy`` by name of set.
    random
        One row per random set: seed, size, targets, mae, pcc, and for each set NAME mae_NAME and pcc_NAME, over the
        targets of the random set. Without rows and columns where there were no random sets.
    """

    per_gene: Mapping[str, pd.DataFrame]
    random: pd.DataFrame

    def means(self, name: str) -> dict[str, float]:
        """Return the figures of a set: targets, mae, pcc, significant (number of targets)."""
        table = self.per_gene[name]
        return {
            "targets": len(table),
            "mae": float(table["mae"].mean()),
            "pcc": float(table["pcc"].mean()),
            "significant": int(table["significant"].sum()),
        }

    def percentiles(self, name: str) -> dict[str, float]:
        """Return percentile and percentile_mae: the random sets that a set beats in each measure, in percent.

        Either is judged on the targets of each random set; nothing where there is none.
        """
        random = self.random
        if random.empty:
            return {}
        return {
            "percentile": 100 * float((random[f"pcc_{name}"] > random["pcc"]).mean()),
            "percentile_mae": 100 * float((random[f"mae_{name}"] < random["mae"]).mean()),
        }

    def chance(self) -> dict[str, float]:
        """Return how many random sets there are, and the mean and standard deviation of their figures.

        A standard deviation is 0 with a single set; nothing where there is none.
        """
        if self.random.empty:
            return {}
        found: dict[str, float] = {"random_sets": len(self.random)}
        for measure in ("pcc", "mae"):
            found[f"random_{measure}"] = float(self.random[measure].mean())
            found[f"random_{measure}_sd"] = float(self.random[measure].std()) if len(self.random) > 1 else 0.0
        return found


def target_accuracy(prediction: Prediction, *, report: Report = silent) -> pd.DataFrame:
    """Measure every target of a prediction.

    Returns
    -------
    DataFrame
        gene; mae in standard deviations of the training samples; pcc; p, of the permutation test; significant,
        p below 0.01.
    """
    measured = accuracy(prediction.true, prediction.predicted)
    p = permutation_test(prediction.true, prediction.predicted, report=report)
    return pd.DataFrame(
        {
            "gene": prediction.targets,
            "mae": measured.mae,
            "pcc": measured.pcc,
            "p": p,
            "significant": significant(p),
        }
    )


def mean_accuracy(prediction: Prediction) -> MeanAccuracy:
    """Average over the targets of a prediction."""
    measured = accuracy(prediction.true, prediction.predicted)
    known = measured.pcc[np.isfinite(measured.pcc)]
    pcc = float(known.mean()) if len(known) else float("nan")
    return MeanAccuracy(len(prediction.targets), float(measured.mae.mean()), pcc)


def evaluate(
    sets: Sequence[GeneSet],
    predict: Predict,
    chance: Sequence[GeneSet] = (),
    by_chance: Predict | None = None,
    *,
    seed: int = 0,
) -> Evaluation:
    """Measure sets, one after the other, then random sets, of which only the means are kept.

    Parameters
    ----------
    sets
        With different names.
    predict
        Called once for each set.
    chance
        Random sets.
    by_chance
        Called once for each random set; by default as ``predict``.
    seed
        That the first random set was drawn with; each further one has the next.
    """
    per_gene = {gene_set.name: target_accuracy(predict(gene_set)) for gene_set in sets}
    rows = [
        _random_row(seed + number, (by_chance or predict)(gene_set), per_gene)
        for number, gene_set in enumerate(chance)
    ]
    return Evaluation(per_gene, pd.DataFrame(rows))


def _random_row(seed: int, prediction: Prediction, per_gene: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Measure one random set, and the compared sets on the same targets.

    A random set holds some of the compared sets' targets, which it cannot be asked to predict. So that like is set
    against like, each compared set is averaged again over the targets that the random set does predict.
    """
    means = mean_accuracy(prediction)
    row = {"seed": seed, "size": len(prediction.landmarks), **asdict(means)}
    for name, table in per_gene.items():
        shared = table[table["gene"].isin(prediction.targets)]
        row |= {f"mae_{name}": shared["mae"].mean(), f"pcc_{name}": shared["pcc"].mean()}
    return row
