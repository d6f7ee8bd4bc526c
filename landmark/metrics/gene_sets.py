"""Gene sets measured by what they predict: their targets, each target by itself, beside chance and each other."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from landmark.data.steps.genes import first_alike, shared_values
from landmark.errors import BadData
from landmark.genesets.geneset import GeneSet
from landmark.inference.predict import Prediction
from landmark.metrics.per_gene import accuracy, permutation_test, significant
from landmark.progress import Report, silent
from landmark.training.data import Samples, passing

Mode = Literal["common", "own", "all"]
"""``common``: genes in none of the sets, as in the paper; ``own``: for each set the genes outside it; ``all``:
every gene, where a set's own genes count as measured."""


@dataclass(frozen=True)
class TargetCount:
    """How many targets there are, and why.

    Attributes
    ----------
    genes
        Genes of the dataset.
    sizes
        Sizes of the sets that are taken away.
    taken
        Genes in at least one of those sets.
    other_probes
        Targets dropped because another probe of their gene is a landmark.
    targets
        What is left.
    """

    genes: int
    sizes: tuple[int, ...]
    taken: int
    other_probes: int
    targets: int

    def sentence(self) -> str:
        """Write the count out, such as "10,463 genes - 943 - 943 + 129 shared = 8,706"."""
        parts = [f"{self.genes:,} genes"]
        if len(self.sizes) <= 2:
            parts += [f"- {size:,}" for size in self.sizes]
            if shared := sum(self.sizes) - self.taken:
                parts.append(f"+ {shared:,} shared")
        else:
            parts.append(f"- {self.taken:,} in at least one of {len(self.sizes)} sets")
        if self.other_probes:
            parts.append(f"- {self.other_probes:,} other probes of landmark genes")
        return f"{' '.join(parts)} = {self.targets:,}" if len(parts) > 1 else parts[0]


@dataclass(frozen=True)
class Targets:
    """The rule by which targets are chosen for the sets of one comparison.

    Attributes
    ----------
    genes
        Genes of the dataset, in its order.
    sets
        The compared sets; all their genes are in the dataset.
    mode
        See ``Mode``.
    gene_of_probe
        Gene of each probe. Where it is given, the choice is strict: probes of a gene that is measured through
        another probe are no targets. (445 of the 943 landmark genes of D-GEX are among its targets so.)
    """

    genes: tuple[str, ...]
    sets: tuple[GeneSet, ...]
    mode: Mode = "common"
    gene_of_probe: Mapping[str, str] | None = None

    def of(self, gene_set: GeneSet) -> tuple[str, ...]:
        """Return the targets that a set is to predict, in the order of the dataset.

        The set may be one of those compared or another, such as a random set: under ``common`` it predicts
        the common targets except its own genes.

        BadData if no gene is left.
        """
        own = set(gene_set.genes)
        kept = [gene for gene in self._candidates(gene_set) if self.mode == "all" or gene not in own]
        if not kept:
            raise BadData(
                f"No target genes are left to predict from {gene_set.name!r}: the sets cover all "
                f"{len(self.genes):,} genes. Choose smaller sets."
            )
        return tuple(kept)

    def count(self, gene_set: GeneSet) -> TargetCount:
        """Return the number of targets of one of the compared sets, with its arithmetic."""
        taken_away = self._taken_away(gene_set)
        taken = len({gene for taken_set in taken_away for gene in taken_set.genes})
        targets = len(self.of(gene_set))
        return TargetCount(
            len(self.genes),
            tuple(len(taken_set) for taken_set in taken_away),
            taken,
            len(self.genes) - taken - targets,
            targets,
        )

    def _taken_away(self, gene_set: GeneSet) -> Sequence[GeneSet]:
        return {"common": self.sets, "own": (gene_set,), "all": ()}[self.mode]

    def _candidates(self, gene_set: GeneSet) -> list[str]:
        taken = {gene for taken_set in self._taken_away(gene_set) for gene in taken_set.genes}
        left = [gene for gene in self.genes if gene not in taken]
        if self.gene_of_probe is None:
            return left
        measured = taken | set(gene_set.genes)
        known = self.gene_of_probe
        measured_genes = {known[probe] for probe in measured if known.get(probe)}
        return [probe for probe in left if probe in measured or known.get(probe) not in measured_genes]


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
    return Evaluation(per_gene, chance_table(per_gene, chance, by_chance or predict, seed))


def chance_table(
    per_gene: Mapping[str, pd.DataFrame], chance: Sequence[GeneSet], predict: Predict, seed: int
) -> pd.DataFrame:
    """Measure random sets beside sets that are measured already: the table ``Evaluation.random``; see ``evaluate``."""
    rows = [_random_row(seed + number, predict(gene_set), per_gene) for number, gene_set in enumerate(chance)]
    return pd.DataFrame(rows)


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


def comparison_table(accuracies: Mapping[str, pd.DataFrame], genes: Iterable[str]) -> pd.DataFrame:
    """Put the accuracies of several sets beside each other.

    Parameters
    ----------
    accuracies
        Table of ``gene_sets.target_accuracy`` by name of set.
    genes
        Genes of the dataset: the order of rows.

    Returns
    -------
    DataFrame
        gene, and for each set NAME mae_NAME, pcc_NAME, p_NAME, significant_NAME; missing where a set does not
        predict the gene. A gene that no set predicts has no row.
    """
    parts = [table.set_index("gene").add_suffix(f"_{name}") for name, table in accuracies.items()]
    joined = pd.concat(parts, axis=1)
    joined = joined.loc[[gene for gene in genes if gene in joined.index]]
    flags = {name: "boolean" for name in joined if joined[name].dtype == object}
    return joined.astype(flags).rename_axis("gene").reset_index()


def summary_table(evaluation: Evaluation, sets: Sequence[GeneSet], kinds: Mapping[str, str]) -> pd.DataFrame:
    """Average over targets, one row per set, best PCC first, and one last row for the random sets.

    Parameters
    ----------
    evaluation
        Of the sets.
    sets, kinds
        The sets, and the kind of each by name: ranking, l1000 or list.

    Returns
    -------
    DataFrame
        set, size, targets, mae, pcc, significant (number of targets), kind. Of random sets targets, mae and
        pcc are means, and significant is missing.
    """
    rows: list[dict[str, Any]] = [
        {"set": s.name, "size": len(s), **evaluation.means(s.name), "kind": kinds[s.name]} for s in sets
    ]
    rows.sort(key=lambda row: -row["pcc"])
    if len(random := evaluation.random):
        rows.append(
            {
                "set": f"{len(random)} random sets",
                "size": int(random["size"].iloc[0]),
                "targets": round(random["targets"].mean()),
                "mae": random["mae"].mean(),
                "pcc": random["pcc"].mean(),
                "significant": None,
                "kind": "random",
            }
        )
    return pd.DataFrame(rows).astype({"significant": "Int64"})


def identical_columns(X: Samples) -> np.ndarray:
    """Find the genes whose values are those of another gene in every sample, [samples, genes] to bool [genes].

    Any one of them tells all the others, so a set that holds one predicts the others without error.
    """
    return shared_values(first_alike((values for _, values in passing(X)), X.shape[1]))


def without_identical(
    accuracies: Mapping[str, pd.DataFrame], sets: Collection[GeneSet], identical: Collection[str]
) -> dict[str, dict[str, Any]]:
    """Average each set's accuracy over the targets that no other gene copies.

    Parameters
    ----------
    accuracies
        Table of ``gene_sets.target_accuracy`` by name of set.
    sets
        The compared sets.
    identical
        Genes that carry the values of another.

    Returns
    -------
    dict
        Name of set to held (identical genes in the set), targets (that are left), mae and pcc over them.
    """
    copied = set(identical)
    found = {}
    for gene_set in sets:
        left = accuracies[gene_set.name]
        left = left[~left["gene"].isin(copied)]
        found[gene_set.name] = {
            "held": len(copied.intersection(gene_set.genes)),
            "targets": len(left),
            "mae": float(left["mae"].mean()),
            "pcc": float(left["pcc"].mean()),
        }
    return found
