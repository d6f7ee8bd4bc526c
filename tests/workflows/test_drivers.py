import numpy as np

from landmark.analyses.clusters.run import driving_table
from landmark.attribution.importance import DenseEncoder


def linear_encoder(genes, units, rng):
    weights = rng.normal(size=(genes, units)).astype("f")
    return DenseEncoder((weights,), (np.zeros(units, "f"),), ("linear",)), weights


def test_genes_that_set_a_cluster_apart_drive_it():
    rng = np.random.default_rng(0)
    encoder, weights = linear_encoder(30, 4, rng)
    samples = 0.1 * rng.normal(size=(60, 30)).astype("f")
    clusters = np.repeat([1, 2, 3], [40, 18, 2])
    samples[clusters == 2, :3] += 2
    genes = [f"G{i}" for i in range(30)]
    table = driving_table(encoder, samples, samples @ weights, clusters, genes)
    assert set(table["cluster"]) == {1, 2}, "a cluster of two samples is too small"
    second = table[table["cluster"] == 2]
    assert set(second["gene"][:3]) <= {"G0", "G1", "G2"}
    assert second["share"][:3].sum() > 0.9
    assert (second["contribution"] > 0).all()
    assert second["difference"].iloc[0] > 1.5
    assert second["rank"].tolist() == list(range(1, len(second) + 1))


def test_the_shares_add_up_to_the_distance_from_the_rest():
    rng = np.random.default_rng(1)
    encoder, weights = linear_encoder(12, 3, rng)
    samples = rng.normal(size=(40, 12)).astype("f")
    clusters = np.repeat([1, 2], 20)
    samples[:20] += rng.normal(size=12)
    units = samples @ weights
    table = driving_table(encoder, samples, units, clusters, [f"G{i}" for i in range(12)])
    first = table[table["cluster"] == 1]
    total = np.abs((units[:20].mean(0) - units[20:].mean(0)) / units.std(0)).sum()
    np.testing.assert_allclose(first["contribution"] / first["share"], total, rtol=1e-4)
