"""Every pair of a comparison is judged by its interval over test samples, redrawn as the split keeps them."""

import anndata
import numpy as np
import pandas as pd
import pytest

from landmark.analyses.compare.view_pair import Pair, details, pair_of, verdict
from landmark.inference.predict import Prediction
from landmark.metrics.paired import compare_pairs
from landmark.store.runs import RunStore
from landmark.workflows.execute import execute_now

from .conftest import GENES

ASKED = {"sets": ["L1000", "variable:20", "list:FILE"], "random_sets": 0, "same_size": True}


@pytest.fixture(scope="module")
def compared(home, dataset, tmp_path_factory):
    file = tmp_path_factory.mktemp("lists") / "mine.txt"
    file.write_text("\n".join(GENES[1:41:2]))
    asked = ASKED | {"dataset": dataset, "sets": ["L1000", "variable:20", f"list:{file}"]}
    return execute_now(home, "compare", asked)


def test_every_pair_has_its_interval(compared):
    pairs = compared.table("pairs")
    assert len(pairs) == 3
    assert (pairs["mae_low"] <= pairs["mae_difference"]).all()
    assert (pairs["mae_difference"] <= pairs["mae_high"]).all()
    comparison, names = compared.table("comparison"), list(compared.manifest.metrics["sets"])
    for pair in pairs.itertuples():
        ours, theirs = comparison[f"mae_{pair.first}"], comparison[f"mae_{pair.second}"]
        assert pair.mae_difference == pytest.approx((ours - theirs).mean(), abs=1e-6)
    for first in names:
        for second in names:
            if first != second:
                found = pair_of(compared, comparison, first, second)
                assert found.clear is not None
                assert found.low <= found.difference <= found.high


def test_a_headline_is_one_of_the_pairs(compared):
    found = compared.manifest.metrics
    pairs = compared.table("pairs").set_index(["first", "second"])
    assert found["mae_low"] == pairs.loc[(found["first"], found["second"]), "mae_low"]


def test_genes_that_agree_do_not_decide_what_samples_leave_open():
    """Targets that move together make a t-test over them sure; the few samples that moved them do not."""
    rng = np.random.default_rng(2)
    genes = tuple(f"GENE{number}" for number in range(300))
    true = rng.normal(size=(20, 300))
    errors = rng.normal(size=(2, 20, 1))  # one error of each sample, shared by all genes
    made = {
        name: Prediction(true, true + error + 0.01 * rng.normal(size=true.shape), genes, (), {})
        for name, error in zip("AB", errors, strict=True)
    }
    (found,) = compare_pairs(made, [("A", "B")])
    assert found.mae.t_p_value < 1e-9
    assert found.mae.low < 0 < found.mae.high
    low, high, p = found.mae.low, found.mae.high, found.mae.t_p_value
    pair = Pair("A", "B", 300, (0.5, 0.5 - found.mae.mean), (0.6, 0.6), low, high, (0.9, 0.1), p)
    assert "No clear difference between A and B" in verdict(pair)
    assert "networks and the chosen genes as they are" in details(pair)


def test_too_few_samples_judge_nothing():
    true = np.random.default_rng(0).normal(size=(4, 30))
    genes = tuple(map(str, range(30)))
    made = {
        name: Prediction(true, true + error, genes, (), {})
        for name, error in (("A", 0.1), ("B", 0.1 + true**2))
    }
    (found,) = compare_pairs(made, [("A", "B")])
    assert np.isnan([found.mae.low, found.mae.high]).all()


def test_patients_are_redrawn_as_wholes(home, tmp_path):
    """Eight copies of every patient are no eight times as sure."""
    rng = np.random.default_rng(2)
    patients = rng.normal(size=(40, 3)) @ rng.normal(size=(3, 60)) + 0.8 * rng.normal(size=(40, 60))
    X = np.repeat(patients, 8, axis=0) + 0.01 * rng.normal(size=(320, 60))
    matrix = anndata.AnnData(
        X.astype(np.float32),
        obs=pd.DataFrame(
            {"patient": np.repeat([f"p{number}" for number in range(40)], 8)},
            index=[f"s{number}" for number in range(320)],
        ),
        var=pd.DataFrame(index=GENES[:60]),
    )
    matrix.write_h5ad(tmp_path / "patients.h5ad")
    asked = {"path": str(tmp_path / "patients.h5ad"), "split_by": "patient"}
    data = execute_now(home, "import", asked).manifest.parents["dataset"]
    asked = {"dataset": data, "sets": ["L1000", "variable:8"], "random_sets": 0}
    run = execute_now(home, "compare", asked)
    found = run.manifest.metrics
    assert found["redrawn_groups"] == 8
    pair = pair_of(run, run.table("comparison"), found["first"], found["second"])
    assert "8 groups of test samples" in details(pair)
    assert RunStore(home).get(run.id).table("pairs")["mae_high"].notna().all()
