"""The page that says which landmark genes drive a prediction."""

import builders
import pytest
from opened import opened, words

from landmark.analyses.explain import view as explain_view
from landmark.ui import run_form

PAGE = "genes/explain.py"


@pytest.fixture
def data(home):
    return builders.dataset(home)


def test_without_data_it_leads_to_the_import(home):
    assert [button.label for button in opened(PAGE).button] == ["Bring a dataset in"]


def test_without_a_predictor_one_can_be_fitted(home, data, monkeypatch):
    asked = {}
    monkeypatch.setattr(run_form, "start", lambda kind, values: asked.update({kind: values}))
    page = opened(PAGE)
    assert "First fit a predictor" in words(page)
    page.selectbox(key="fit-predictor").set_value("ridge")
    page.button(key="fit-start").click().run()
    assert not page.exception
    assert asked["fit"]["dataset"] == data.id
    assert (asked["fit"]["set"], asked["fit"]["predictor"], asked["fit"]["size"]) == ("L1000", "ridge", None)


def test_a_ranking_gives_landmark_genes(home, data):
    ranking = builders.rank(home, data, builders.train(home, data))
    options = opened(PAGE).selectbox(key=f"fit-set-{data.id}").options
    assert options[-1].startswith(f"First 10 genes of {ranking.id}")


def test_genes_of_a_predictor_can_be_explained(home, data, monkeypatch):
    asked = {}
    monkeypatch.setattr(explain_view, "start", lambda kind, values: asked.update({kind: values}))
    fitted = builders.fit(home, data, "dgex")
    page = opened(PAGE, gene="GENE5")
    assert page.multiselect[0].value == ["GENE5"]
    next(button for button in page.button if button.label == "Explain").click().run()
    assert not page.exception
    assert asked["explain"] == {
        "fit": fitted.id,
        "targets": ["GENE5"],
        "reference": "training mean",
        "label": "",
    }


def test_a_landmark_gene_is_measured_and_not_explained(home, data):
    fitted = builders.fit(home, data)
    page = opened(PAGE, gene=fitted.table("set")["gene"].iloc[0])
    assert "it is a landmark gene itself" in words(page)
    assert next(button for button in page.button if button.label == "Explain").disabled


def test_it_names_the_genes_that_drive_the_prediction(home, data):
    run = builders.explain(home, data, builders.fit(home, data))
    page = opened(PAGE, gene="GENE2")
    assert not page.exception
    assert not page.error
    table = run.table("contributions").query("target == 'GENE2'").sort_values("mean_absolute")
    assert f"*{table['gene'].iloc[-1]}* (" in words(page)
    assert "drive the prediction of *GENE2* most" in words(page)
    assert {metric.label: metric.value for metric in page.metric}["Sum-to-delta residual"] == "2.0e-07"
    page.selectbox(key=f"explain-target-{run.id}-GENE2").set_value("GENE1").run()
    assert "drive the prediction of *GENE1* most" in words(page)


def test_the_address_finds_the_run_that_explains_its_gene(home, data):
    fitted = builders.fit(home, data)
    builders.explain(home, data, fitted, ("GENE9",))
    builders.explain(home, data, fitted)
    assert "drive the prediction of *GENE9* most" in words(opened(PAGE, gene="GENE9"))
    assert "drive the prediction of *GENE1* most" in words(opened(PAGE))
    page = opened(PAGE, gene="GENE13")
    assert "The prediction of *GENE13* has not been explained yet" in words(page)
    assert page.multiselect[0].value == ["GENE13"]


def test_a_failed_explanation_says_why(home, data):
    fitted = builders.fit(home, data)
    builders.stopped(
        home, "explain", {"fit": fitted.id, "targets": ("GENE1",)}, "There was not enough memory."
    )
    assert "There was not enough memory." in words(opened(PAGE))
