import json

import builders
import numpy as np
import pandas as pd
import pytest
from opened import opened, words

from landmark.analyses.compare import view_pair, view_paper
from landmark.analyses.compare.view_pair import Pair, against_chance, beaten, pair_of, verdict
from landmark.store import predictions
from landmark.store.lists import store_list, stored_lists
from landmark.store.runs import Manifest, RunWriter
from landmark.ui import run_form
from landmark.workflows.execute import configuration_of


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
    monkeypatch.setattr(run_form, "start", lambda kind, values: asked.update({kind: values}))
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


def test_among_few_targets_none_is_called_significant(home, data, ranked):
    builders.compare(home, data, ranked)
    page = opened("evidence/compare.py", dataset=data.id)
    assert "No gene can be called significant among 20" in words(page)


def test_every_target_gene_has_its_row(home, data, ranked):
    run = builders.compare(home, data, ranked)
    page = opened("evidence/compare.py", dataset=data.id)
    table = next(frame.value for frame in page.dataframe if "gene" in frame.value)
    stored = run.table("comparison").set_index("gene")
    assert set(table["gene"]) == set(stored.index)
    assert {"mae_D10", "mae_L1000", "pcc_D10", "pcc_L1000"} <= set(table)
    shown = table.set_index("gene")
    assert shown.loc[shown.index[3], "mae_D10"] == stored.loc[shown.index[3], "mae_D10"]


def test_any_two_of_three_sets_can_be_set_against_each_other(home, data, ranked):
    run = builders.compare(home, data, ranked, third=True)
    page = opened("evidence/compare.py")
    page.selectbox(key=f"pair-{run.id}").set_value(("variable10", "L1000")).run()
    assert not page.exception
    assert "variable10" in page.markdown[0].value
    assert "is not judged" in page.markdown[0].value, "this run stores the interval of its first pair only"


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


@pytest.fixture
def fitted(home, data, ranked):
    """Publish a comparison of two sets, each with a fit that kept its predictions."""
    run = builders.compare(home, data, ranked)
    genes = run.table("comparison")["gene"].tolist()
    values = np.random.default_rng(6).normal(8, 1, size=(6, len(genes))).astype(np.float32)
    fits = {}
    for name in run.manifest.metrics["sets"]:
        request = builders.write_request(
            home, "fit", configuration_of("fit", {"dataset": data.id}).model_dump()
        )
        draft = RunWriter(home, request)
        predictions.save(draft, "predictions", values, values + 0.5, genes, [f"s{i}" for i in range(6)])
        draft.table("set", pd.DataFrame({"gene": builders.symbols(40)[::4]}))
        about = {"parents": {"dataset": data.id}, "configuration": request.configuration, "seconds": 1.0}
        manifest = Manifest(id=request.id, kind="fit", started=builders.now(), files=draft.files(), **about)
        fits[f"fit {name}"] = draft.publish(manifest).id
    stored = json.loads((run.folder / "manifest.json").read_text())
    stored["parents"] |= fits
    (run.folder / "manifest.json").write_text(json.dumps(stored))
    return run, genes


def test_one_gene_is_drawn_under_each_set(fitted):
    _, genes = fitted
    page = opened("evidence/compare.py", gene=genes[0])
    assert not page.exception
    assert not page.error
    assert f"One gene: *{genes[0]}*" in words(page)
    assert words(page).count("From **") == 2


def test_an_older_comparison_says_why_it_has_no_single_genes(home, data, ranked):
    gene = builders.compare(home, data, ranked).table("comparison")["gene"].iloc[0]
    assert "made by an older version" in words(opened("evidence/compare.py", gene=gene))


def test_marked_dots_are_named_and_kept_once(fitted, home):
    run, _ = fitted
    table = run.table("comparison")
    pair = pair_of(run, table, "D10", "L1000")
    wins = table[table["mae_D10"] < table["mae_L1000"]]["gene"].tolist()
    losses = table[table["mae_D10"] > table["mae_L1000"]]["gene"].tolist()
    points = [{"curve_number": 1, "point_index": 0}, {"curve_number": 2, "point_index": 1}]
    event = {"selection": {"points": points}}
    assert view_pair.marked(event, table, pair, "mae") == [wins[0], losses[1]]
    first = view_pair.keep_list(["A", "B"], run, pair)
    assert view_pair.keep_list(["A", "B"], run, pair) == first
    assert [kept.genes for kept in stored_lists(home)] == [("A", "B")]


def test_the_paper_stands_beside_us_without_claims(home, data, ranked):
    nothing = view_paper.rows(data, None)
    assert set(nothing.loc[nothing["figure"].str.contains("MAE of"), "ours"]) == {"not computed here"}
    run = builders.compare(home, data, ranked)
    table = view_paper.rows(data, run).set_index("figure")
    assert table.loc["Overlap of the set with L1000", ["paper", "ours"]].tolist() == ["129 of 943", "3 of 10"]
    assert "instead of D-GEX" in table.loc["MAE of L1000, range over targets", "differs"]
    assert table["differs"].str.len().min() > 5
    page = opened("evidence/compare.py")
    page.session_state["paper"] = True
    assert not page.run().exception
    assert "No line claims to reproduce the paper" in words(page)


def test_the_form_takes_lists_of_ones_own(home, data, ranked, monkeypatch):
    text = store_list(home, "mine", ["GENE1", "GENE2"], "by hand").text
    asked = {}
    monkeypatch.setattr(run_form, "start", lambda kind, values: asked.update({kind: values}))
    page = opened("evidence/compare.py")
    page.multiselect(key=f"compare-{data.id}-lists").set_value([text])
    next(button for button in page.button if button.label == "Compare").click().run()
    assert text in asked["compare"]["sets"]
    assert asked["compare"]["strict"] is True
