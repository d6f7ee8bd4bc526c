"""The tissue of a sample as an input of predictors that are fitted, compared and explained."""

import pytest

from landmark.errors import BadData
from landmark.store.runs import RunStore
from landmark.workflows.execute import execute_now


@pytest.fixture(scope="module")
def fitted(home, dataset):
    return execute_now(home, "fit", {"dataset": dataset.id, "set": "L1000", "size": 3, "covariate": "tissue"})


def test_a_fit_says_what_it_was_told(fitted):
    found = fitted.manifest.metrics
    assert found["covariate"] == "tissue"
    assert (found["covariate_groups"], found["covariate_unknown"]) == (3, 0)
    assert found["size"] == 3


def test_its_groups_are_explained_beside_the_genes(home, fitted):
    target = fitted.table("accuracy")["gene"].iloc[0]
    run = execute_now(home, "explain", {"fit": fitted.id, "targets": [target], "reference": "zero"})
    named = set(run.table("contributions")["gene"])
    assert {"tissue: lung", "tissue: skin", "tissue: blood"} == {name for name in named if ":" in name}
    assert len(named) == 6
    assert run.manifest.metrics["residual_worst"] < 1e-5


def test_it_makes_another_predictor(home, dataset, fitted):
    wanted = {"dataset": dataset.id, "sets": ["L1000"], "random_sets": 1}
    for covariate in ("", "tissue"):
        run = execute_now(home, "compare", {**wanted, "covariate": covariate})
        fit = RunStore(home).get(run.manifest.parents["fit L1000"])
        assert fit.manifest.configuration["covariate"] == covariate
        assert run.table("random")["mae"].notna().all()


def test_an_annotation_that_is_not_there_is_named_with_those_that_are(home, dataset):
    with pytest.raises(BadData, match=r"covariate = 'organ': the samples have no such .*Choose from: tissue"):
        execute_now(home, "fit", {"dataset": dataset.id, "covariate": "organ"})
