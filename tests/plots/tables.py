"""Small result tables of the shapes that workflows write."""

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import linkage as cluster

ODD = "<b>odd</b> & $x$"


def names(stem: str, count: int) -> list[str]:
    return [ODD, *(f"{stem}{place}" for place in range(1, count))]


def history(epochs: int = 20) -> pd.DataFrame:
    epoch = np.arange(1, epochs + 1)
    return pd.DataFrame(
        {"epoch": epoch, "train_loss": 1 / epoch, "validation_loss": 0.1 + (epoch - 12) ** 2 / 99}
    )


def reconstruction(genes: int = 300) -> pd.DataFrame:
    r = np.random.default_rng(0)
    table = pd.DataFrame(
        {"gene": names("G", genes), "mae": r.uniform(0.1, 0.9, genes), "pcc": r.beta(8, 2, genes)}
    )
    return table.assign(mae_pca=table["mae"] + 0.05, pcc_pca=table["pcc"] - 0.05)


def predictions(samples: int = 40) -> pd.DataFrame:
    r = np.random.default_rng(3)
    measured = r.normal(8, 1, samples)
    return pd.DataFrame(
        {
            "sample": names("S", samples),
            "measured": measured,
            "predicted": measured + r.normal(0, 0.4, samples),
        }
    )


def ranking(genes: int = 300) -> pd.DataFrame:
    return pd.DataFrame(
        {"gene": names("G", genes), "score": np.linspace(1, 0, genes), "rank": range(1, genes + 1)}
    )


def contributions(units: int = 30) -> pd.Series:
    values = np.random.default_rng(1).gamma(1, 0.1, units)
    return pd.Series({"gene": ODD, **{f"unit_{unit}": value for unit, value in enumerate(values)}})


def sample_groups() -> pd.DataFrame:
    return pd.DataFrame(
        {"group": [ODD, "lung", "skin"], "contribution": [0.01, 0.03, 0.02], "samples": [9, 7, 1]}
    )


def drivers() -> pd.DataFrame:
    return pd.DataFrame(
        {"gene": ["G1", ODD, "G3"], "mean_absolute": [0.2, 0.3, 0.1], "slope": [-0.2, 0.4, 0.0]}
    )


def driver_groups() -> pd.DataFrame:
    pairs = [(gene, group) for group in (ODD, "lung") for gene in ("G1", ODD)]
    return pd.DataFrame(pairs, columns=["gene", "group"]).assign(mean=[0.1, -0.2, 0.05, 0.0])


def comparison(genes: int = 300) -> pd.DataFrame:
    r = np.random.default_rng(2)
    table = pd.DataFrame({"gene": names("G", genes)})
    for name in ("D490", "L1000", ODD):
        table[f"mae_{name}"] = r.uniform(0.2, 0.8, genes)
        table[f"pcc_{name}"] = r.uniform(-0.1, 0.95, genes)
    return table


def random(sets: int = 20) -> pd.DataFrame:
    r = np.random.default_rng(3)
    return pd.DataFrame(
        {"seed": range(sets), "mae": r.normal(0.49, 0.001, sets), "pcc": r.normal(0.68, 0.001, sets)}
    )


def summary() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "set": ["D490", "L1000", ODD, "random"],
            "mae": [0.51, 0.48, 0.47, 0.49],
            "pcc": [0.67, 0.69, 0.70, 0.68],
            "kind": ["ranking", "l1000", "improved", "random"],
        }
    )


def sets() -> pd.DataFrame:
    members = {"D490": ["a", "b", "c", ODD], "L1000": ["b", "c", "d", "e", "f"], ODD: ["c", "g"]}
    return pd.DataFrame(
        [(name, gene) for name, genes in members.items() for gene in genes], columns=["set", "gene"]
    )


def published() -> pd.DataFrame:
    about = {"figure": "MAE", "value": [0.32, 0.38], "measure": "mae", "scale": "standardised"}
    ours = {"origin": f"{ODD}; 90 samples", "here_values": [{"standardised": 0.5}, {}]}
    return pd.DataFrame({"paper": ["Chen et al. 2016 (D-GEX)", ODD], **about, **ours})


def samples(count: int = 60, labels: int = 4) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Embedding and linkage of samples that form groups."""
    r = np.random.default_rng(4)
    group = r.integers(0, labels, count)
    X = r.normal(0, 5, (labels, 6))[group] + r.normal(0, 1, (count, 6))
    embedding = pd.DataFrame(
        {
            "sample": names("S", count),
            "umap_1": X[:, 0],
            "umap_2": X[:, 1],
            "cluster": group + 1,
            "label": [ODD if g == 0 else f"tissue {g}" for g in group],
        }
    )
    return embedding, pd.DataFrame(cluster(X, "average"), columns=["left", "right", "distance", "size"])


def agreement() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "representation": ["bottleneck", "PCA 100", "all genes", "permuted labels", ODD],
            "adjusted_rand": [0.3, 0.2, 0.2, 0.0, 0.1],
            "mutual_information": [0.5, 0.4, 0.4, 0.0, 0.1],
            "silhouette": [0.1, 0.0, 0.0, -0.2, 0.1],
            "neighbour_accuracy": [0.7, 0.7, 0.7, 0.1, 0.1],
        }
    )


def agreement_with_intervals() -> pd.DataFrame:
    table = agreement().assign(held_out_accuracy=[0.8, 0.7, 0.7, 0.3, 0.2])
    for name in list(table.columns[1:]):
        table[f"{name}_low"], table[f"{name}_high"] = table[name] - 0.1, table[name] + 0.05
    return table


def cuts() -> pd.DataFrame:
    rows = [(k, 1 / k, 0.5 - abs(k - 3) / 20, 0.6 - abs(k - 3) / 10) for k in range(2, 8)]
    return pd.DataFrame(rows, columns=["clusters", "height", "silhouette", "adjusted_rand"])


def unit_profiles() -> pd.DataFrame:
    return pd.DataFrame(np.random.default_rng(5).normal(size=(3, 70)), index=[1, 2, 3])


def sizes() -> pd.DataFrame:
    rows = [
        (s, k, 0.6 - k / 2000, 0.5 + k / 2000, k / 300)
        for s in ("D490", "L1000", ODD)
        for k in (50, 100, 200)
    ]
    return pd.DataFrame(rows, columns=["set", "size", "mae", "pcc", "recovered"])


def random_sizes() -> pd.DataFrame:
    r = np.random.default_rng(5)
    rows = [
        (k, r.normal(0.55, 0.01), r.normal(0.6, 0.01), k / r.uniform(300, 400))
        for k in (50, 100, 200)
        for _ in range(10)
    ]
    return pd.DataFrame(rows, columns=["size", "mae", "pcc", "recovered"])


def enrichment() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "term": [
                ODD,
                "a very long name of a molecular function, acting on things, with more words",
                "small",
                "none",
            ],
            "overlap": [10, 40, 3, 1],
            "size": [100, 80, 50, 200],
            "expected": [2.5, 2.0, 1.2, 5.0],
            "p_value": [1e-8, 1e-4, 1e-2, 0.5],
            "p_adjusted": [1e-6, 5e-3, 4e-2, 0.6],
            "genes": ["A B C D", "A B C E", "F G", "H"],
            "group": [1, 1, 2, 0],
        }
    )


def seeds(count: int = 3) -> pd.DataFrame:
    r = np.random.default_rng(6)
    figures = {"set_pcc": 0.69, "l1000_pcc": 0.70, "pcc_difference": -0.01, "reconstruction_pcc": 0.64}
    rows = [(seed, name, r.normal(value, 0.001)) for seed in range(count) for name, value in figures.items()]
    return pd.DataFrame(rows, columns=["seed", "figure", "value"])


def seed_overlaps() -> pd.DataFrame:
    return pd.DataFrame({"first_seed": [0, 0, 1], "second_seed": [1, 2, 2], "overlap": [0.7, 0.72, 0.69]})


def tissues() -> pd.DataFrame:
    rows = [
        (s, t, 20, 0.5 + i / 50, 0.6 - i / 50)
        for s in (ODD, "L1000")
        for i, t in enumerate(("lung", ODD, "skin"))
    ]
    return pd.DataFrame(rows, columns=["set", "tissue", "samples", "mae", "pcc"])


def repeated_choices() -> pd.DataFrame:
    kinds = ["seeds", "seeds", "halves", "random", "random"]
    pairs = pd.DataFrame({"kind": kinds, "first": ODD, "second": names("choice ", 5), "size": 100})
    shared, exchangeable = np.array([70, 65, 30, 8, 9]), np.array([2, 5, 4, 6, 7])
    return pairs.assign(
        shared=shared, exchangeable=exchangeable, different=100 - shared - exchangeable, by_chance=8.0
    )


def expression(samples: int = 60) -> pd.DataFrame:
    r = np.random.default_rng(5)
    group = np.array([ODD, "skin", "blood"])[np.arange(samples) % 3]
    return pd.DataFrame({"sample": names("S", samples), "value": r.normal(8, 1, samples), "group": group})
