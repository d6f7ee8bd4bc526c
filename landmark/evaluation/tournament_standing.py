"""Where every strategy stands over all folds and seeds: means, intervals, and differences to L1000 and to chance."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from landmark.evaluation.corrected_t import COVERAGE, corrected_t, holm, widened
from landmark.evaluation.tournament import MEASURES, REFERENCES, SCOPES

GAME = ["strategy", "size", "predictor"]
FOLD = ["seed", "fold"]
LEVEL = 1 - COVERAGE


def standing(results: pd.DataFrame, duels: pd.DataFrame, test_to_train: float) -> pd.DataFrame:
    """Summarise a tournament.

    Parameters
    ----------
    results
        Rows of ``tournament.Round.results`` with size, predictor, seed and fold. Several random sets of a fold count
        as one result, their mean.
    duels
        Rows of ``tournament.Round.duels`` with the same columns.
    test_to_train
        Number of test samples over that of training samples in a fold.

    Returns
    -------
    DataFrame
        strategy; size; predictor; scope; measure; results, their number; mean, low, high, see ``corrected_t``; and for
        each opponent L1000 and random: difference_, low_, high_ of strategy less opponent; p_, of Holm's method over
        the strategies; won_, the share of targets predicted better. The intervals of differences are widened for the
        number of strategies too (Bonferroni; where Holm's method rejects, by its factor), so that one leaves out 0
        just where its p is below 0.05. Missing where there is no such opponent. The best strategy of a size,
        predictor, scope and measure comes first.
    """
    table = pd.DataFrame(_means(results, test_to_train))
    keys = [*GAME, "scope", "measure"]
    for opponent in REFERENCES:
        told = pd.DataFrame(_differences(duels[duels["against"] == opponent], opponent, test_to_train))
        columns = [f"{name}_{opponent}" for name in ("difference", "low", "high", "p", "won")]
        if told.empty:
            table[columns] = np.nan
            continue
        family = told.groupby(keys[1:], sort=False)[f"p_{opponent}"]
        adjusted = family.transform(lambda p: holm(p.to_numpy()))
        tests = family.transform("count")
        told = _simultaneous(told, opponent, adjusted, tests).assign(**{f"p_{opponent}": adjusted})
        table = table.merge(told, on=keys, how="left")
    table["_better"] = table["mean"].where(table["measure"].map(MEASURES), -table["mean"])
    order = ["size", "predictor", "scope", "measure", "_better"]
    table = table.sort_values(order, ascending=[False, True, True, True, False], kind="stable")
    return table.drop(columns="_better").reset_index(drop=True)


def _simultaneous(told: pd.DataFrame, opponent: str, adjusted: pd.Series, tests: pd.Series) -> pd.DataFrame:
    """Widen intervals for several strategies; ``told`` holds raw p-values and the number of results."""
    low, high, raw = f"low_{opponent}", f"high_{opponent}", told[f"p_{opponent}"]
    for place in told.index[raw.notna() & (raw > 0)]:
        rejected = adjusted[place] < LEVEL
        factor = adjusted[place] / raw[place] if rejected else tests[place]
        middle = told.loc[place, f"difference_{opponent}"]
        half = widened(middle - told.loc[place, low], int(told.loc[place, "count"]), LEVEL / factor)
        told.loc[place, [low, high]] = middle - half, middle + half
    return told.drop(columns="count")


def _means(results: pd.DataFrame, test_to_train: float) -> Iterator[dict[str, object]]:
    per_fold = results.drop(columns="draw").groupby([*GAME, *FOLD], sort=False, as_index=False).mean()
    for game, part in per_fold.groupby(GAME, sort=False):
        for scope in SCOPES:
            for measure in MEASURES:
                if f"{measure}_{scope}" in part:
                    found = corrected_t(part[f"{measure}_{scope}"].to_numpy(), test_to_train)
                    told = {"results": len(part), "mean": found.mean, "low": found.low, "high": found.high}
                    yield dict(zip(GAME, game, strict=True)) | {"scope": scope, "measure": measure} | told


def _differences(duels: pd.DataFrame, opponent: str, test_to_train: float) -> Iterator[dict[str, object]]:
    keys = [*GAME, "scope", "measure"]
    for game, part in duels.groupby(keys, sort=False):
        found = corrected_t(part["difference"].to_numpy(), test_to_train)
        yield dict(zip(keys, game, strict=True)) | {
            "count": int(part["difference"].notna().sum()),
            f"difference_{opponent}": found.mean,
            f"low_{opponent}": found.low,
            f"high_{opponent}": found.high,
            f"p_{opponent}": found.p,
            f"won_{opponent}": float(part["won"].mean()),
        }
