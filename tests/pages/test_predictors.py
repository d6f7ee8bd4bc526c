"""The page of predictors: what it asks for, which is best, other measures, runs of one predictor."""

import pytest

from landmark.store.datasets import DatasetStore
from landmark.store.request import now
from landmark.store.runs import Run
from landmark.workflows.execute import execute_now
from tests.pages.opened import opened, press, sound, words
from tests.real_runs import altered

PAGE = "evidence/predictors.py"


@pytest.fixture
def run(real) -> Run:
    """Ridge regression and nearest neighbours, each with and without the tissue."""
    return real("infer with tissue")


def test_without_a_dataset_it_leads_to_the_import(home):
    assert [button.label for button in opened(PAGE).button] == ["Bring a dataset in"]


def test_it_asks_for_what_was_chosen(real, asked):
    data = real.dataset()
    page = opened(PAGE)
    assert "Not computed yet" in words(page)
    page.multiselect(key="infer-chosen").set_value(["ridge", "graph"])
    page.selectbox(key=f"infer-covariate-{data.id}").set_value("tissue")
    page.number_input(key="infer-size").set_value(5).run()
    assert "with it and without it" in words(page)
    page.number_input(key="infer-graph-epochs").set_value(7)
    press(page, "Infer the held-out samples")
    [(_, found)] = asked
    assert (found["dataset"], found["set"], found["size"]) == (data.id, "L1000", 5)
    assert (found["predictors"], found["covariate"]) == (["ridge", "graph"], "tissue")
    assert found["graph"]["epochs"] == 7
    assert "dgex" not in found
    page.multiselect(key="infer-chosen").set_value([]).run()
    assert "Choose at least one predictor" in words(page)


def test_the_best_is_named_with_the_next_and_what_the_means_would_do(run):
    altered(run, metrics={"covariate_unknown": 2, "identical_genes": 3})
    page = sound(PAGE)
    found = run.table("overall").set_index("name")
    told = page.markdown[0].value.replace("\\", "")
    assert "**Ridge regression + tissue** infers the 72 other genes best" in told
    assert f"against {found.loc['ridge', 'pcc']:.3f} of ridge regression" in told
    assert f"the same for every sample: {found.loc['gene means', 'sample_spearman']:.3f}" in told
    assert "2 held-out samples without a tissue" in words(page)
    assert "3 genes of this dataset have the same values" in words(page)
    assert page.dataframe[0].value["name"].tolist() == [
        "Ridge regression + tissue",
        "Ridge regression",
        "Nearest neighbours + tissue",
        "Nearest neighbours",
        "Gene means alone",
    ]
    assert {"Accuracy by number of genes", "Choose 108 genes greedily"} <= {one.label for one in page.button}
    pairs = page.dataframe[1].value
    assert "Ridge regression + tissue less ridge regression" in set(pairs["pair"])


def test_other_measures_and_the_tissues(run):
    page = opened(PAGE)
    page.toggle(key=f"predictors-colour-{run.id}").set_value(True)
    for measure in ("mae", "overall_error"):
        page.segmented_control(key=f"predictors-measure-{run.id}").set_value(measure).run()
        assert not page.exception
        assert not page.error


def test_one_predictor_without_annotations(real, home):
    matrix = real.dataset().load()
    del matrix.obs["tissue"]
    data = DatasetStore(home).add(matrix, now())
    execute_now(home, "infer", {"dataset": data.id, "set": "L1000", "size": 8, "predictors": ["knn"]})
    page = sound(PAGE)
    assert "**Nearest neighbours** infers" in page.markdown[0].value
    assert not page.toggle
