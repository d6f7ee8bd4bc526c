import builders
import pandas as pd
import pytest
from opened import opened, words

from landmark.ui.panels.genes import search


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
    best = page.dataframe[0].value
    assert best["pcc"].is_monotonic_decreasing
    assert len(best) == 10


def test_a_gene_can_be_searched(home):
    builders.train(home, builders.dataset(home))
    page = opened("model/reconstruction.py")
    page.text_input[0].set_value("gene13").run()
    assert page.dataframe[-1].value["gene"].tolist() == ["GENE13"]
    page.text_input[0].set_value("no such gene").run()
    assert "No gene of this table" in page.info[0].value


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
