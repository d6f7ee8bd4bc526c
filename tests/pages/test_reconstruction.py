"""The page of the reconstruction: its answer, one gene, what a run does not hold."""

import json

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from landmark.store.runs import Run
from landmark.ui.genes import search
from tests.pages.opened import opened, sound, words
from tests.real_runs import altered

PAGE = "model/reconstruction.py"


@pytest.fixture
def model(real) -> Run:
    return real("train")


def test_without_a_model_it_leads_to_the_training(real):
    real.dataset()
    assert [button.label for button in opened(PAGE).button] == ["Train the network"]


@pytest.mark.parametrize(("higher", "verdict"), [(1.0, "better than"), (0.0, "less well than")])
def test_it_answers_with_the_mean_beside_pca(model, higher, verdict):
    found = {"reconstruction_pcc": model.manifest.metrics["reconstruction_pcc"] + higher * 0.88}
    found = altered(model, metrics=found).manifest.metrics
    page = sound(PAGE)
    assert f"{found['reconstruction_pcc']:.3f}, {verdict} principal components" in words(page)
    assert f"({found['pca_pcc']:.3f})" in words(page)
    table = page.dataframe[0].value
    assert table["pcc"].is_monotonic_decreasing
    assert len(table) == found["genes"] == 80


def drawn(page):
    """Return the spec of the figure of one gene."""
    specs = [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]
    return next(spec for spec in specs if "Measured (" in str(spec["layout"]["xaxis"]))


def test_the_best_restored_gene_is_drawn_first(model):
    page = sound(PAGE)
    best = model.table("reconstruction").sort_values("pcc").iloc[-1]
    title = drawn(page)["layout"]["title"]["text"]
    assert title.startswith(f"<i>{best['gene']}</i>: MAE {best['mae_unscaled']:.3f}")
    assert title.endswith(f", PCC {best['pcc']:.3f}")
    assert "number 1 of 80 genes" in words(page)


def test_the_address_names_the_gene(model):
    gene = model.table("reconstruction")["gene"][12]
    page = opened(PAGE, gene=gene)
    assert f"One gene: *{gene}*" in words(page)
    assert len(drawn(page)["data"][1]["text"]) == 12
    assert "One gene: *no such*" not in words(opened(PAGE, gene="no such"))


def test_shortcuts_lead_to_the_best_and_the_worst(model):
    page = opened(PAGE)
    worst = model.table("reconstruction").sort_values("pcc")["gene"].iloc[0]
    page.button(key=f"Worst restored-{worst}").click().run()
    assert page.query_params["gene"] == worst
    assert f"<i>{worst}</i>" in drawn(page)["layout"]["title"]["text"]
    assert "number 80 of 80 genes" in words(page)


def test_an_older_training_says_why_it_has_no_single_genes(model):
    older = altered(model)
    (older.folder / "predictions.npy").unlink()
    assert "kept no predictions of single genes" in sound(PAGE).info[0].value


def test_what_was_picked_elsewhere_is_not_undone(home):
    def page():
        import streamlit as st

        from landmark.ui.genes import GENE, pick
        from landmark.ui.state import parameter, set_parameter

        pick("table", "A")
        if parameter(GENE) == "A":
            set_parameter(GENE, "B")
            pick("table", "A")
        st.text(parameter(GENE))

    app = AppTest.from_function(page).run()
    assert app.text[0].value == "B"


def test_a_measurement_on_some_samples_is_said(model):
    altered(model, metrics={"measured_samples": 4, "pca_samples": 20})
    text = words(opened(PAGE))
    assert (
        "Measured on 4 of the 12 held-out samples and 20 of the 48 training samples, drawn with the seed"
        in text
    )


def test_a_gene_can_be_searched(model):
    gene = model.table("reconstruction")["gene"][12]
    page = opened(PAGE)
    page.text_input[0].set_value(gene.lower()).run()
    assert page.dataframe[-1].value["gene"].tolist() == [gene]
    page.text_input[0].set_value("no such gene").run()
    assert "No gene of this table" in page.info[-1].value


def test_a_damaged_run_is_told_in_a_sentence(model):
    (altered(model).folder / "reconstruction.parquet").unlink()
    page = opened(PAGE)
    assert not page.exception
    assert "has no table 'reconstruction'" in page.error[0].value


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("", 3), ("p5", 2), ("TP53 myc", 2), ("TP53; MYC", 2), ("tp", 2), ("P5 MYC", 1), ("(", 0)],
)
def test_search_by_part_or_by_several_names(wanted, found):
    assert len(search(pd.DataFrame({"gene": ["TP53", "MYC", "TP53BP1"]}), wanted)) == found
