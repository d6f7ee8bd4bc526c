"""The page of the comparison: what it asks for, its verdict, single genes."""

import numpy as np
import pandas as pd
import pytest

from landmark.analyses.compare import view_pair
from landmark.analyses.compare.view_pair import Pair, against_chance, beaten, pair_of, verdict
from landmark.store.lists import store_list, stored_lists
from landmark.workflows.execute import execute_now
from tests.pages.opened import opened, press, sound, table, words
from tests.pages.stored import stopped
from tests.real_runs import altered

PAGE = "evidence/compare.py"


@pytest.fixture
def run(real):
    """Compare the top of a ranking with L1000."""
    return real("compare ranking")


def test_without_a_dataset_it_leads_to_the_import(home):
    assert [button.label for button in opened(PAGE).button] == ["Bring a dataset in"]


def test_without_a_ranking_l1000_can_be_asked_already(real):
    real.dataset()
    page = opened(PAGE)
    assert not page.exception
    assert {"Rank the genes", "Compare"} <= {button.label for button in page.button}


def test_it_asks_for_the_sets_of_the_form(real, asked):
    ranked = real("rank")
    page = opened(PAGE)
    page.number_input(key=f"compare-cut-{ranked.id}").set_value(7)
    press(page, "Compare")
    [(_, values)] = asked
    assert values["sets"] == [f"{ranked.id}:7", "L1000"]
    assert values["predictor"] == "ridge"


def test_the_form_takes_lists_of_ones_own(real, home, asked):
    data = real.dataset()
    text = store_list(home, "mine", list(data.annotations().var_names[:2]), "by hand").text
    page = opened(PAGE)
    page.multiselect(key=f"compare-{data.id}-lists").set_value([text])
    press(page, "Compare")
    [(_, values)] = asked
    assert text in values["sets"]
    assert values["strict"] is True


def test_the_verdict_says_what_was_found(run):
    said = words(sound(PAGE))
    pair = pair_of(run, run.table("comparison"), "D40", "L1000")
    assert pair.high < 0
    assert "D40 predicts the other genes better than L1000" in said
    assert f"{len(run.table('random'))} random sets" in said
    assert f"= {len(run.table('comparison'))}" in said


def test_among_few_targets_none_is_called_significant(run):
    assert "No gene can be called significant among 25" in words(opened(PAGE))


def test_every_target_gene_has_its_row(run):
    shown = table(opened(PAGE), "gene").set_index("gene")
    stored = run.table("comparison").set_index("gene")
    assert set(shown.index) == set(stored.index)
    for column in ("mae_D40", "mae_L1000", "pcc_D40", "pcc_L1000"):
        assert shown[column].to_dict() == stored[column].to_dict()


def test_any_two_of_three_sets_can_be_set_against_each_other(real):
    run = real("compare")
    page = opened(PAGE)
    page.selectbox(key=f"pair-{run.id}").set_value(("own", "V8")).run()
    assert not page.exception
    pair = pair_of(run, run.table("comparison"), "own", "V8")
    assert verdict(pair) in words(page).replace("\\", "")
    assert pair.low is not None


def test_a_run_that_stores_the_interval_of_its_first_pair_judges_no_other(real):
    run = altered(real("compare"), without=["pairs"])
    page = opened(PAGE)
    found = run.manifest.metrics
    assert "is not judged" not in page.markdown[0].value
    page.selectbox(key=f"pair-{run.id}").set_value(("own", found["second"])).run()
    assert "own" in page.markdown[0].value
    assert "is not judged" in page.markdown[0].value


def test_a_single_set_is_shown_beside_random_sets(real, home):
    execute_now(home, "compare", {"dataset": real.dataset().id, "sets": ["L1000:8"], "random_sets": 2})
    assert "L1000 predicts the other genes" in words(sound(PAGE))


def test_a_failed_comparison_says_why(real, home):
    stopped(home, "compare", {"dataset": real.dataset().id}, "None of the genes is in this dataset.")
    assert "None of the genes" in words(opened(PAGE))


def _pair(first: float, low: float | None, high: float | None, p: float = 0.5) -> Pair:
    return Pair("D490", "L1000", 100, (first, 0.5), (0.6, 0.6), low, high, (0.3, 0.6), p)


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        (_pair(0.4, -0.12, -0.08), "D490 predicts the other genes better than L1000"),
        (_pair(0.6, 0.08, 0.12), "D490 predicts the other genes less well than L1000"),
        (_pair(0.5, -0.01, 0.01, 1e-9), "No clear difference between D490 and L1000"),
        (_pair(0.6, None, None, 0.001), "is not judged"),
        (_pair(0.6, None, None, 0.5), "is not judged"),
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


def test_one_gene_is_drawn_under_each_set(run):
    gene = run.table("comparison")["gene"].iloc[0]
    said = words(sound(PAGE, gene=gene))
    assert f"One gene: *{gene}*" in said
    assert said.count("From **") == 2


def test_an_older_comparison_says_why_it_has_no_single_genes(run):
    kept = {role: name for role, name in run.manifest.parents.items() if not role.startswith("fit")}
    altered(run, parents=kept)
    gene = run.table("comparison")["gene"].iloc[0]
    assert "made by an older version" in words(opened(PAGE, gene=gene))


def test_marked_dots_are_named_and_kept_once(run, home):
    compared = run.table("comparison")
    pair = pair_of(run, compared, "D40", "L1000")
    wins = compared[compared["mae_D40"] < compared["mae_L1000"]]["gene"].tolist()
    losses = compared[compared["mae_D40"] > compared["mae_L1000"]]["gene"].tolist()
    points = [{"curve_number": 1, "point_index": 0}, {"curve_number": 2, "point_index": 1}]
    event = {"selection": {"points": points}}
    assert view_pair.marked(event, compared, pair, "mae") == [wins[0], losses[1]]
    first = view_pair.keep_list(["A", "B"], run, pair)
    assert view_pair.keep_list(["A", "B"], run, pair) == first
    assert [kept.genes for kept in stored_lists(home)] == [("A", "B")]
