"""Tables of a comparison of gene sets: accuracy per target, and means per set."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from landmark.evaluation.evaluate import Evaluation
from landmark.genesets.geneset import GeneSet


def comparison_table(accuracies: Mapping[str, pd.DataFrame], genes: Iterable[str]) -> pd.DataFrame:
    """Put the accuracies of several sets beside each other.

    Parameters
    ----------
    accuracies
        Table of ``evaluate.target_accuracy`` by name of set.
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
