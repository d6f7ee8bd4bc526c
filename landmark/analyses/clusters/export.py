"""Clustered samples as one h5ad file that Scanpy and cellxgene open."""

from pathlib import Path

import anndata
import numpy as np
import pandas as pd

from landmark.errors import BadRun
from landmark.store.datasets import DatasetStore
from landmark.store.runs import Run, RunStore
from landmark.store.workspace import Workspace

COORDINATES = {"X_umap": ["umap_1", "umap_2"], "X_pca": ["pca_1", "pca_2"]}
"""Names that embeddings have in Scanpy, and the columns they come from."""


def export_embedding(workspace: Workspace, run: Run, path: Path) -> Path:
    """Write the samples of a cluster run as h5ad and return the path.

    X holds the expression as it is stored [samples, genes]; ``obs`` the annotations, and ``label`` and ``cluster``
    of each sample; ``obsm["X_autoencoder"]`` the bottleneck values, ``X_umap`` two UMAP coordinates and ``X_pca``
    two principal components; ``var`` the ``score`` and ``rank`` of every gene in the newest ranking of the same
    network, where there is one, and whether it is ``chosen``; ``uns["landmark"]`` what was done to the data and the
    runs all this came from.

    BadRun if the run is not of kind cluster, or its dataset is gone.
    """
    if run.kind != "cluster":
        raise BadRun(f"{run.id} is a run of kind {run.kind!r}; only a cluster run holds an embedding.")
    embedding = run.table("embedding").set_index("sample")
    embedding.index = embedding.index.astype(str)
    units = run.table("bottleneck").set_index("sample").loc[embedding.index]
    matrix = _samples(workspace, run, embedding.index)
    matrix.obs = _annotated(matrix.obs, embedding)
    matrix.obsm["X_autoencoder"] = units.to_numpy(dtype=np.float32)
    for name, columns in COORDINATES.items():
        if set(columns) <= set(embedding):
            matrix.obsm[name] = embedding[columns].to_numpy(dtype=np.float32)
    ranking = RunStore(workspace).newest("rank", train=run.manifest.parents["train"])
    parents = dict(run.manifest.parents)
    if ranking is not None:
        table = ranking.table("ranking").set_index("gene").reindex(matrix.var_names)
        matrix.var["score"] = table["score"].to_numpy(dtype=np.float32)
        matrix.var["rank"] = table["rank"].to_numpy(dtype=np.float32)
        matrix.var["chosen"] = (table["rank"] <= ranking.manifest.metrics["cut"]).to_numpy()
        parents["rank"] = ranking.id
    matrix.uns["landmark"] = {**matrix.uns.get("landmark", {}), "run": run.id, **parents}
    matrix.write_h5ad(path)
    return path


def _samples(workspace: Workspace, run: Run, names: pd.Index) -> anndata.AnnData:
    """Read the samples of a run in its order; the others stay on disk."""
    with DatasetStore(workspace).get(run.manifest.parents["dataset"]).opened() as stored:
        rows = np.flatnonzero(stored.obs_names.isin(names))
        return stored[rows].to_memory()[names].copy()


def _annotated(obs: pd.DataFrame, embedding: pd.DataFrame) -> pd.DataFrame:
    """Add label and cluster; annotations that have these names already give way."""
    obs = obs.rename(columns={name: f"{name}_annotation" for name in ("label", "cluster") if name in obs})
    for name in ("label", "cluster"):
        obs[name] = embedding[name].astype(str).astype("category").to_numpy()
    return obs
