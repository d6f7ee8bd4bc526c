import builders
import numpy as np
import pandas as pd
import pytest
from opened import opened, words

from landmark.ui.panels import compare_form
from landmark.ui.panels.pair import Pair, against_chance, beaten, verdict


@pytest.fixture
def data(home):
    return builders.dataset(home)


@pytest.fixture
def ranked(home, data):
    return builders.rank(home, data, builders.train(home, data))


def test_without_a_dataset_it_leads_to_the_import(home):
    assert [button.label for button in opened("evidence/compare.py").button] == ["Bring a dataset in"]


def test_without_a_ranking_l1000_can_be_asked_already(home, data):
    page = opened("evidence/compare.py")
    assert not page.exception
    assert {"Rank the genes", "Compare"} <= {button.label for button in page.button}


def test_it_asks_for_the_sets_of_the_form(home, data, ranked, monkeypatch):
    asked = {}
    monkeypatch.setattr(compare_form, "start", lambda kind, values: asked.update({kind: values}))
    page = opened("evidence/compare.py")
    page.number_input(key=f"compare-cut-{ranked.id}").set_value(7)
    next(button for button in page.button if button.label == "Compare").click().run()
    assert not page.exception
    assert asked["compare"]["sets"] == [f"{ranked.id}:7", "L1000"]
    assert asked["compare"]["predictor"] == "ridge"


def test_the_verdict_says_what_was_found(home, data, ranked):
    run = builders.compare(home, data, ranked)
    page = opened("evidence/compare.py")
    assert not page.exception
    assert not page.error
    found = run.manifest.metrics["sets"]
    better = "better" if found["D10"]["mae"] < found["L1000"]["mae"] - 0.004 else "less well"
    assert f"D10 predicts the other genes {better} than L1000" in words(page)
    assert "20 random sets" in words(page)
    assert "= 20" in words(page)


def test_any_two_of_three_sets_can_be_set_against_each_other(home, data, ranked):
    run = builders.compare(home, data, ranked, third=True)
    page = opened("evidence/compare.py")
    page.selectbox(key=f"pair-{run.id}").set_value(("variable10", "L1000")).run()
    assert not page.exception
    assert "variable10" in page.markdown[0].value


def test_a_single_set_is_shown_beside_random_sets(home, data):
    builders.compare(home, data, None)
    page = opened("evidence/compare.py")
    assert not page.exception
    assert not page.error
    assert "L1000 predicts the other genes" in words(page)


def test_a_failed_comparison_says_why(home, data):
    builders.stopped(home, "compare", {"dataset": data.id}, "None of the genes is in this dataset.")
    assert "None of the genes" in words(opened("evidence/compare.py"))


def _pair(first: float, low: float | None, high: float | None, p: float = 0.5) -> Pair:
    return Pair("D490", "L1000", 100, (first, 0.5), (0.6, 0.6), low, high, (0.3, 0.6), p)


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        (_pair(0.4, -0.12, -0.08), "D490 predicts the other genes better than L1000"),
        (_pair(0.6, 0.08, 0.12), "D490 predicts the other genes less well than L1000"),
        (_pair(0.5, -0.01, 0.01), "no clear difference"),
        (_pair(0.6, None, None, 0.001), "less well"),
        (_pair(0.6, None, None, 0.5), "no clear difference"),
    ],
)
def test_the_verdict_is_honest_whatever_the_result(pair, sentence):
    assert sentence in verdict(pair)


def test_standing_among_random_sets_is_counted_on_shared_targets():
    random = pd.DataFrame(
        {"mae": [0.5, 0.6], "pcc": [0.6, 0.7], "mae_A": [0.55, 0.55], "pcc_A": [0.65, 0.65]}
    )
    assert beaten(random, "A", "mae") == beaten(random, "A", "pcc") == 0.5
    assert "A beats 50% of them" in against_chance(random, ["A"])
    assert against_chance(random[:0], ["A"]) == ""
    assert np.isnan(beaten(random[:0], "A", "mae"))
