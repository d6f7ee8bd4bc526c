"""Another platform predicted from the first, from stored datasets to tables."""

import anndata
import numpy as np
import pandas as pd
import pytest

from landmark.data.gene_identifiers import entrez_symbols, probe_symbols
from landmark.data.history import describe
from landmark.errors import BadConfiguration, BadData
from landmark.store.datasets import DatasetStore
from landmark.workflows.execute import execute_now
from landmark.workflows.matching import matched

from .conftest import GENES, write


def bring(home, path):
    return execute_now(home, "import", {"path": str(path)}).manifest.parents["dataset"]


@pytest.fixture(scope="module")
def other(home, tmp_path_factory):
    """The first 70 genes in samples of another 'platform': a bent scale, which keeps ranks."""
    path = write(tmp_path_factory.mktemp("other") / "sequencing.h5ad", 2, GENES[:70])
    matrix = anndata.read_h5ad(path)
    matrix.X = np.exp(matrix.X / 3).astype(np.float32)
    matrix.write_h5ad(path)
    return bring(home, path)


def test_sets_are_weighed_on_the_other_platform(home, dataset, other):
    asked = {"dataset": dataset, "other": other, "sets": ["L1000", "variable"], "size": 10, "random_sets": 3}
    run = execute_now(home, "cross-platform", asked)
    found = run.manifest.metrics
    assert found["matched"] == 70
    assert {name: about["size"] for name, about in found["sets"].items()} == {"L1000": 10, "V10": 10}
    platform = run.table("platform")
    assert list(platform) == ["gene", "mae", "pcc", "p_value", "significant", "home_mae", "home_pcc", "set"]
    assert found["sets"]["V10"]["targets"] == (platform["set"] == "V10").sum()
    assert found["arithmetic"].endswith(f"= {found['sets']['L1000']['targets']}")
    # the same causes move the genes on both platforms, and joint quantiles undo the bend
    assert found["sets"]["L1000"]["pcc"] > 0.8
    assert found["sets"]["L1000"]["home_pcc"] > 0.9
    tissues = run.table("tissues")
    assert found["label"] == "tissue"
    assert tissues.groupby("set")["samples"].sum().tolist() == [60, 60]
    assert len(run.table("random")) == 3
    assert set(run.manifest.parents) == {"dataset", "other"}


def test_one_dataset_on_itself_equals_its_own_platform(home, dataset, tmp_path):
    """Without normalisation and with the training scale, samples of the same kind are predicted alike."""
    twin = bring(home, write(tmp_path / "twin.h5ad", 3, GENES))
    chosen = {"normalise": False, "scaling": "training", "random_sets": 0, "size": 12}
    run = execute_now(home, "cross-platform", {"dataset": dataset, "other": twin, **chosen})
    found = run.manifest.metrics["sets"]["L1000"]
    assert found["pcc"] == pytest.approx(found["home_pcc"], abs=0.05)
    assert found["mae"] == pytest.approx(found["home_mae"], abs=0.1)
    assert run.table("random").empty


def test_what_cannot_be_predicted_is_refused(home, dataset, other, tmp_path):
    with pytest.raises(BadConfiguration, match="Choose another dataset to predict"):
        execute_now(home, "cross-platform", {"dataset": dataset, "other": dataset})
    few = bring(home, write(tmp_path / "few.h5ad", 4, GENES[:20]))
    with pytest.raises(BadData, match=r"Only 20 genes .* at least 50 are needed"):
        execute_now(home, "cross-platform", {"dataset": dataset, "other": few})
    with pytest.raises(BadConfiguration, match="size = 60: L1000 has 35 genes in both datasets"):
        execute_now(home, "cross-platform", {"dataset": dataset, "other": other, "size": 60})
    with pytest.raises(BadData, match="no annotation 'organ'"):
        execute_now(home, "cross-platform", {"dataset": dataset, "other": other, "label": "organ"})


def test_training_samples_in_the_other_dataset_are_left_out_and_named(home, dataset, tmp_path):
    """30 of the 60 samples come from the first dataset, renamed, in another unit; 20 strangers join them."""
    first, strangers = (anndata.read_h5ad(write(tmp_path / f"{seed}.h5ad", seed, GENES)) for seed in (1, 6))
    stored = DatasetStore(home).get(dataset).load()
    training = (stored.obs["split"] == "train").to_numpy()[:30]
    mixed = anndata.concat([first[:30], strangers[:20]])
    mixed.X = np.exp(mixed.X / 3).astype(np.float32)
    mixed.obs_names = [f"tube-{number}" for number in range(50)]
    mixed.write_h5ad(tmp_path / "mixed.h5ad")
    asked = {"dataset": dataset, "other": bring(home, tmp_path / "mixed.h5ad"), "size": 10, "random_sets": 0}
    run = execute_now(home, "cross-platform", asked)
    found = run.manifest.metrics
    assert found["shared_samples"] == training.sum()
    assert found["shared_first"][0] == "tube-0" if training[0] else True
    assert found["shared_held_out"] == 30 - training.sum()
    assert found["other_samples"] == run.manifest.split["other"] == 50 - training.sum()
    assert run.table("tissues")["samples"].sum() == 50 - training.sum()


def test_a_dataset_of_training_samples_alone_is_refused(home, dataset, tmp_path):
    stored = DatasetStore(home).get(dataset).load()
    same = stored[stored.obs["split"] == "train", :70].copy()
    same.obs = same.obs[["tissue"]]
    same.uns = {}
    same.write_h5ad(tmp_path / "same.h5ad")
    with pytest.raises(BadConfiguration, match=r"48 of the 48 samples .* are training samples"):
        execute_now(
            home,
            "cross-platform",
            {"dataset": dataset, "other": bring(home, tmp_path / "same.h5ad"), "size": 5},
        )


def test_probes_and_entrez_identifiers_meet_at_the_symbol():
    entrez = {symbol: name for name, symbol in entrez_symbols().items()}
    probes: dict[str, list[str]] = {}
    for probe, symbol in probe_symbols().items():
        if symbol in entrez:
            probes.setdefault(symbol, []).append(probe)
    chosen = [symbol for symbol, names in probes.items() if len(names) == 2][:60]
    first = anndata.AnnData(
        np.arange(360, dtype=np.float32).reshape(3, 120),
        var=pd.DataFrame(index=[probe for symbol in chosen for probe in probes[symbol]]),
    )
    other = anndata.AnnData(
        np.ones((2, 61), np.float32), var=pd.DataFrame(index=[*(entrez[s] for s in chosen[::-1]), "0"])
    )
    describe(first, identifier="hgu133a_probe", title="arrays")
    describe(other, identifier="entrez", title="sequencing")
    both = matched(first, other)
    assert both.genes == tuple(chosen)
    np.testing.assert_allclose(both.first, (first.X[:, ::2] + first.X[:, 1::2]) / 2)
    assert both.other.shape == (2, 60)
    assert both.names[probes[chosen[0]][1]] == chosen[0]


def test_the_stored_datasets_are_left_as_they_were(home, dataset, other):
    before = DatasetStore(home).get(other).load().X.copy()
    asked = {"dataset": dataset, "other": other, "predictor": "knn", "random_sets": 1, "size": 8}
    execute_now(home, "cross-platform", asked)
    np.testing.assert_array_equal(DatasetStore(home).get(other).load().X, before)
