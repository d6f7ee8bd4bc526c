"""Complete profiles on real data: coverage of held-out cell lines and patients, and a plate of the L1000 platform."""

from pathlib import Path

import anndata
import numpy as np
import pytest

import landmark
from landmark.data.gene_identifiers import landmark_symbols
from landmark.data.split import numbered_groups


def thinned(path: Path, every: int) -> anndata.AnnData:
    """Read a collection with its landmark genes and a part of the others."""
    matrix = anndata.read_h5ad(path)
    own = matrix.var_names.isin(landmark_symbols())
    return matrix[:, own | (np.arange(matrix.n_vars) % every == 0)].copy()


@pytest.mark.parametrize(
    ("name", "every", "whole"),
    [("gdsc_cell_lines.h5ad", 4, ""), ("rnaseqdb_1078x18154_log2.h5ad", 12, "patient")],
)
def test_intervals_cover_held_out_samples(shared, name, every, whole):
    matrix = thinned(shared / "data" / name, every)
    units = numbered_groups(matrix.obs[whole]) if whole else np.arange(matrix.n_obs)
    drawn = np.random.default_rng(0).permutation(np.unique(units))
    held = np.isin(units, drawn[: len(drawn) // 5])
    predictor = landmark.fit(matrix[~held].copy(), "L1000", "ridge", groups=whole)
    profiles = landmark.infer(matrix[held].copy(), predictor)
    inferred = profiles[:, ~profiles.layers["measured"][0]]
    true = inferred.layers["truth"]
    covered = (inferred.layers["lower"] <= true) & (true <= inferred.layers["upper"])
    assert 0.88 <= covered.mean() <= 0.92
    low, high = np.quantile(covered.mean(axis=0), [0.025, 0.975])
    assert low >= 0.8
    assert high <= 0.98


def test_a_plate_of_the_l1000_platform_becomes_complete_profiles(shared):
    plate = shared / "data" / "LJP009_A375_24H_X1_B20_QNORM_n371x978.gct"
    predictor = landmark.fit(thinned(shared / "data" / "gdsc_cell_lines.h5ad", 8), "L1000", "ridge")
    profiles = landmark.infer(plate, predictor)
    assert profiles.shape == (371, len(predictor.genes))
    assert profiles.layers["measured"][0].sum() == len(predictor.landmarks)  # probes there, symbols here
    assert profiles.obs["far"].any()
    assert "pert_iname" in profiles.obs
    assert np.isfinite(profiles.X).all()
