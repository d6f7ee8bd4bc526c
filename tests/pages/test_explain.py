"""The page that says which landmark genes drive a prediction."""

import pytest

from landmark.store.runs import Run
from landmark.wording import escaped
from tests.pages.opened import button, opened, press, sound, words
from tests.pages.stored import stopped
from tests.real_runs import altered

PAGE = "genes/explain.py"


@pytest.fixture
def fitted(real) -> Run:
    return real("fit")


def targets(run: Run) -> list[str]:
    """Return the genes that a fit predicts."""
    return list(run.table("accuracy")["gene"])


def test_without_data_it_leads_to_the_import(home):
    assert [button.label for button in opened(PAGE).button] == ["Bring a dataset in"]


def test_without_a_predictor_one_can_be_fitted(real, asked):
    data = real.dataset()
    page = opened(PAGE)
    assert "First fit a predictor" in words(page)
    page.selectbox(key="fit-predictor").set_value("ridge")
    page.button(key="fit-start").click().run()
    assert not page.exception
    [(kind, found)] = asked
    assert (kind, found["dataset"]) == ("fit", data.id)
    assert (found["set"], found["predictor"], found["size"]) == ("L1000", "ridge", None)


def test_a_ranking_gives_landmark_genes(real):
    ranking = real("rank")
    options = opened(PAGE).selectbox(key=f"fit-set-{real.dataset().id}").options
    assert options[-1].startswith(f"First 40 genes of {ranking.id}")


@pytest.mark.parametrize("predictor", ["ridge", "dgex"])
def test_genes_of_a_predictor_can_be_explained(fitted, asked, predictor):
    fitted = altered(fitted, configuration={"predictor": predictor}, metrics={"predictor": predictor})
    name = targets(fitted)[4]
    page = opened(PAGE, gene=name)
    assert page.multiselect[0].value == [name]
    press(page, "Explain")
    wanted = {"fit": fitted.id, "targets": [name], "reference": "training mean", "label": ""}
    assert asked == [("explain", wanted)]


def test_a_landmark_gene_is_measured_and_not_explained(fitted):
    page = opened(PAGE, gene=fitted.table("set")["gene"].iloc[0])
    assert "it is a landmark gene itself" in words(page)
    assert button(page, "Explain").disabled


def test_it_names_the_genes_that_drive_the_prediction(real):
    run = real("explain")
    first, second = run.manifest.metrics["targets"]
    page = sound(PAGE, gene=second)
    drivers = run.table("contributions").query("target == @second").sort_values("mean_absolute")
    assert f"*{escaped(drivers['gene'].iloc[-1])}* (" in words(page)
    assert f"drive the prediction of *{second}* most" in words(page)
    residual = f"{run.manifest.metrics['residual_worst']:.1e}"
    assert {metric.label: metric.value for metric in page.metric}["Sum-to-delta residual"] == residual
    page.selectbox(key=f"explain-target-{run.id}-{second}").set_value(first).run()
    assert f"drive the prediction of *{first}* most" in words(page)


def test_the_address_finds_the_run_that_explains_its_gene(real):
    other, run = real("explain third gene"), real("explain")
    [third], first = other.manifest.metrics["targets"], run.manifest.metrics["targets"][0]
    assert f"drive the prediction of *{third}* most" in words(opened(PAGE, gene=third))
    assert f"drive the prediction of *{first}* most" in words(opened(PAGE))
    unknown = targets(real("fit"))[9]
    page = opened(PAGE, gene=unknown)
    assert f"The prediction of *{unknown}* has not been explained yet" in words(page)
    assert page.multiselect[0].value == [unknown]


def test_a_failed_explanation_says_why(fitted, home):
    wanted = {"fit": fitted.id, "targets": targets(fitted)[:1]}
    stopped(home, "explain", wanted, "There was not enough memory.")
    assert "There was not enough memory." in words(opened(PAGE))
