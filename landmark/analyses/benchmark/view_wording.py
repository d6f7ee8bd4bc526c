"""What a tournament came to, in sentences, and the names of what can be chosen on its page."""

import pandas as pd

from landmark.analyses.benchmark.figures import style_of
from landmark.analyses.benchmark.results import TournamentResults
from landmark.analyses.choices import PREDICTORS
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.wording import counted, escaped, p_value

QUESTION = "Which way of choosing is best?"
WHY = "Ways of choosing genes compete: each chooses on some samples of a dataset and is judged on the others."
UNKNOWN = (
    "Not known yet on this dataset. Let the paper’s ranking, the greedy choices, L1000 and chance compete here, on "
    "samples that none of them has seen."
)
WORKING = "It is being found out: fold after fold, every strategy chooses genes, and predicts samples it has not seen."

FORMULA = (
    "Nested cross-validation: all samples are divided into folds. For each fold, the scaling of genes, the "
    "autoencoders, the chosen genes and the settings of the predictors (penalty, number of neighbours) come from the "
    "other folds alone; then the genes outside the sets of all sizes are predicted in the fold. MAE in standard "
    "deviations of the gene, PCC: Pearson correlation over the samples of the fold, both averaged over genes. L1000 "
    "at a smaller size: its first genes as published. Intervals and p-values: t-test over folds and seeds, its "
    "variance corrected to (1/J + test/train) s² because folds share training samples (Nadeau and Bengio, Machine "
    "Learning 52:239, 2003); p-values and the intervals of differences are corrected for several strategies by Holm’s"
    " method. The best way is picked on the folds that also judge it, which flatters its mean a little. With whole "
    "groups in a fold, folds differ in size and test/train is taken as 1/(folds - 1). Networks learn from nine tenths"
    " of the training samples and judge their epochs by the rest; ridge regression and nearest neighbours learn from "
    "all. What was done to the whole dataset before, such as normalisation at import, has seen all samples."
)

SCOPES = {"common": "Genes in no set", "genome": "All genes", "distinct": "Genes in no set, no copies"}
OPPONENTS = {"value": "Accuracy", "L1000": "Difference to L1000", "random": "Difference to random"}

CERTAIN = 0.05
"""p-value below which a difference is not put down to luck."""


def answer(run: Run) -> str:
    """Say what won and by how much, or that nothing did."""
    found = TournamentResults.read(run.manifest.metrics)
    samples = f"On {counted(found.samples, 'sample')}, each judged by choices made without it"
    if groups := run.manifest.configuration["groups"]:
        samples += f" and all others of its {escaped(groups)}"
    ranked = ranking(run, found.predictor)
    best, size = ranked.iloc[0], found.size
    predictor = PREDICTORS[found.predictor]
    if best["strategy"] == "random":
        sentence = (
            f"{samples}, **no way of choosing beats random sets**: {size:,} random genes predict the others with an "
            f"error of {best['mean']:.4f} ({predictor})"
        )
    elif best["strategy"] == "L1000":
        second = ranked.iloc[1]
        sentence = (
            f"{samples}, **L1000 is best**: its {size:,} genes predict the others with an error of {best['mean']:.4f} "
            f"({predictor}); next comes {_name(second)} with {second['mean']:.4f}"
        )
    else:
        sentence = (
            f"{samples}, **{_name(best)}** is best: its {size:,} genes predict the others with an error of "
            f"{best['mean']:.4f} ({predictor}), {_against(best, ranked)}"
        )
    return ". ".join([sentence, *_others(run)]) + "."


def ranking(run: Run, predictor: str) -> pd.DataFrame:
    """Return the strategies at the size of the headline, the one with the least error first."""
    table = resources.table(run.id, "standing")
    return table[
        (table["size"] == TournamentResults.read(run.manifest.metrics).size)
        & (table["predictor"] == predictor)
        & (table["scope"] == "common")
        & (table["measure"] == "mae")
    ]


def _name(row: pd.Series) -> str:
    name = style_of(row["strategy"]).name
    return f"the {name}" if name.startswith("DeepLIFT") else _lower(name)


def _against(best: pd.Series, ranked: pd.DataFrame) -> str:
    """Set the winner against L1000 and against chance, each with its uncertainty."""
    parts = []
    for opponent, name in (("L1000", "L1000"), ("random", "random sets")):
        theirs = ranked.loc[ranked["strategy"] == opponent, "mean"]
        difference, p = best[f"difference_{opponent}"], best[f"p_{opponent}"]
        if theirs.empty or pd.isna(difference):
            continue
        # On the same genes: a random set is not asked for its own, so its mean stands on a few genes fewer.
        lower = 100 * -difference / (best["mean"] - difference)
        side = f"{abs(lower):.1f}% {'below' if lower >= 0 else 'above'} {name}"
        if pd.isna(p):
            parts.append(f"**{side}**")
            continue
        interval = f"{best[f'low_{opponent}']:+.4f} to {best[f'high_{opponent}']:+.4f}"
        luck = "" if p < CERTAIN else ", which may be luck"
        parts.append(
            f"**{side}** (difference {difference:+.4f}, 95% interval {interval}, "
            f"{p_value(p)}, both for all ways compared{luck})"
        )
    return " and ".join(parts) or "with nothing to compare it with"


def _others(run: Run) -> list[str]:
    """Name the winner with the other predictors."""
    found, said = TournamentResults.read(run.manifest.metrics), []
    for predictor in found.predictors:
        if predictor != found.predictor:
            first = ranking(run, predictor).iloc[0]
            said.append(f"With {PREDICTORS[predictor]}, {_name(first)} is best ({first['mean']:.4f})")
    return said


def _lower(name: str) -> str:
    """Begin a name in the middle of a sentence; L1000 stays as it is."""
    return name if name[1:2].isdecimal() else f"{name[:1].lower()}{name[1:]}"
