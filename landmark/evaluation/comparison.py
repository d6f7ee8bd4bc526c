"""Tables of a comparison of gene sets: accuracy per target, means per set, and random sets."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from landmark.evaluation.accuracy import accuracy
from landmark.evaluation.permutation import permutation_test, significant
from landmark.inference.predict import Prediction
from landmark.progress import Report, silent


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


def comparison_table(accuracies: Mapping[str, pd.DataFrame], genes: Iterable[str]) -> pd.DataFrame:
    """Put the accuracies of several sets beside each other.

    Parameters
    ----------
    accuracies
        Table of ``target_accuracy`` by name of set.
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


def summary_table(
    accuracies: Mapping[str, pd.DataFrame],
    sizes: Mapping[str, int],
    kinds: Mapping[str, str],
    random: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Average over targets, one row per set, best PCC first, and one last row for the random sets.

    Parameters
    ----------
    accuracies
        Table of ``target_accuracy`` by name of set.
    sizes, kinds
        Number of genes of each set, and its kind: ranking, l1000 or list.
    random
        Table of ``random_table``.

    Returns
    -------
    DataFrame
        set, size, targets, mae, pcc, significant (number of targets), kind. Of random sets targets, mae and
        pcc are means, and significant is missing.
    """
    rows = [
        {
            "set": name,
            "size": sizes[name],
            "targets": len(table),
            "mae": table["mae"].mean(),
            "pcc": table["pcc"].mean(),
            "significant": int(table["significant"].sum()),
            "kind": kinds[name],
        }
        for name, table in accuracies.items()
    ]
    rows.sort(key=lambda row: -row["pcc"])
    if random is not None and len(random):
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


def random_row(seed: int, prediction: Prediction, accuracies: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Measure one random set, and the compared sets on the same targets.

    A random set holds some of the compared sets' targets, which it cannot be asked to predict. So that like is
    set against like, each compared set is averaged again over the targets that the random set does predict.

    Returns
    -------
    dict
        seed, size, targets, mae, pcc, and for each set NAME mae_NAME and pcc_NAME.
    """
    measured = accuracy(prediction.true, prediction.predicted)
    row = {
        "seed": seed,
        "size": len(prediction.landmarks),
        "targets": len(prediction.targets),
        "mae": float(measured.mae.mean()),
        "pcc": float(np.nanmean(measured.pcc)) if np.isfinite(measured.pcc).any() else float("nan"),
    }
    for name, table in accuracies.items():
        shared = table[table["gene"].isin(prediction.targets)]
        row |= {f"mae_{name}": shared["mae"].mean(), f"pcc_{name}": shared["pcc"].mean()}
    return row


def random_table(rows: Iterable[Mapping[str, float]]) -> pd.DataFrame:
    """Put rows of ``random_row`` into a table, one per random set."""
    return pd.DataFrame(list(rows))
