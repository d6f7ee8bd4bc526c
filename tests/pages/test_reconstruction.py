import json
from types import SimpleNamespace

import builders
import numpy as np
import pandas as pd
import pytest
from opened import opened, words
from streamlit.testing.v1 import AppTest

from landmark.store import predictions
from landmark.store.files import write_json
from landmark.ui.genes import search


def test_without_a_model_it_leads_to_the_training(home):
    builders.dataset(home)
    page = opened("model/reconstruction.py")
    assert [button.label for button in page.button] == ["Train the network"]


def test_it_answers_with_the_mean_beside_pca(home):
    model = builders.train(home, builders.dataset(home))
    page = opened("model/reconstruction.py")
    assert not page.exception
    assert not page.error
    found = model.manifest.metrics
    assert f"{found['reconstruction_pcc']:.3f}, better than principal components" in words(page)
    assert f"({found['pca_pcc']:.3f})" in words(page)
    table = page.dataframe[0].value
    assert table["pcc"].is_monotonic_decreasing
    assert len(table) == found["genes"]


@pytest.fixture
def model(home):
    """A training that kept the predictions of six held-out samples."""
    run = builders.train(home, builders.dataset(home))
    genes, samples = builders.symbols(40), [f"sample{i}" for i in range(6)]
    measured = np.random.default_rng(0).normal(8, 1, (6, 40)).astype(np.float32)
    predictions.save(
        SimpleNamespace(folder=run.folder), "predictions", measured, measured + 0.1, genes, samples
    )
    return run


def drawn(page):
    """Return the spec of the figure of one gene."""
    specs = [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]
    return next(spec for spec in specs if "Measured (log2 expression)" in str(spec["layout"]["xaxis"]))


def test_the_best_restored_gene_is_drawn_first(model):
    page = opened("model/reconstruction.py")
    assert not page.exception
    assert not page.error
    best = model.table("reconstruction").sort_values("pcc").iloc[-1]
    title = drawn(page)["layout"]["title"]["text"]
    assert (
        title
        == f"<i>{best['gene']}</i>: MAE {best['mae_unscaled']:.3f} log2 expression, PCC {best['pcc']:.3f}"
    )
    assert "number 1 of 40 genes" in words(page)


def test_the_address_names_the_gene(model):
    page = opened("model/reconstruction.py", gene="GENE13")
    assert "One gene: *GENE13*" in words(page)
    assert len(drawn(page)["data"][1]["text"]) == 6
    assert "One gene: *no such*" not in words(opened("model/reconstruction.py", gene="no such"))


def test_shortcuts_lead_to_the_best_and_the_worst(model):
    page = opened("model/reconstruction.py")
    worst = model.table("reconstruction").sort_values("pcc")["gene"].iloc[0]
    page.button(key=f"Worst restored-{worst}").click().run()
    assert page.query_params["gene"] == worst
    assert f"<i>{worst}</i>" in drawn(page)["layout"]["title"]["text"]
    assert "number 40 of 40 genes" in words(page)


def test_an_older_training_says_why_it_has_no_single_genes(home):
    builders.train(home, builders.dataset(home))
    page = opened("model/reconstruction.py")
    assert not page.error
    assert "kept no predictions of single genes" in page.info[0].value


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


def test_a_measurement_on_some_samples_is_said(home, monkeypatch):
    run = builders.train(home, builders.dataset(home))
    metrics = {**run.manifest.metrics, "measured_samples": 4, "pca_samples": 20}
    manifest = run.manifest.model_copy(update={"metrics": metrics})
    write_json(run.folder / "manifest.json", manifest.model_dump())
    text = words(opened("model/reconstruction.py"))
    assert (
        "Measured on 4 of the 6 held-out samples and 20 of the 24 training samples, drawn with the seed"
        in text
    )


def test_a_gene_can_be_searched(home):
    builders.train(home, builders.dataset(home))
    page = opened("model/reconstruction.py")
    page.text_input[0].set_value("gene13").run()
    assert page.dataframe[-1].value["gene"].tolist() == ["GENE13"]
    page.text_input[0].set_value("no such gene").run()
    assert "No gene of this table" in page.info[-1].value


def test_a_damaged_run_is_told_in_a_sentence(home):
    model = builders.train(home, builders.dataset(home))
    (model.folder / "reconstruction.parquet").unlink()
    page = opened("model/reconstruction.py")
    assert not page.exception
    assert "has no table 'reconstruction'" in page.error[0].value


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("", 3), ("p5", 2), ("TP53 myc", 2), ("TP53; MYC", 2), ("tp", 2), ("P5 MYC", 1), ("(", 0)],
)
def test_search_by_part_or_by_several_names(wanted, found):
    assert len(search(pd.DataFrame({"gene": ["TP53", "MYC", "TP53BP1"]}), wanted)) == found
