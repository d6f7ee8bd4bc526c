"""Which way of choosing is best: the honest answer, the request, and the standing of folds that are finished."""

import pandas as pd
import pytest

from landmark.analyses.benchmark import view as benchmark_view
from landmark.analyses.benchmark.figures import style_of
from landmark.analyses.benchmark.store import TABLES, FoldStore
from landmark.metrics.cross_validation import standing
from landmark.store.request import write_request
from landmark.store.runs import Run
from landmark.wording import percent
from landmark.workflows.execute import configuration_of
from tests.pages.opened import button, opened, press, sound, table, words
from tests.real_runs import altered

PAGE = "evidence/tournament.py"


@pytest.fixture
def run(real) -> Run:
    """Three ways of choosing beside L1000, of which the greedy one is best; and a network that fits the data."""
    real("train")
    return real("tournament of three")


def judged(run: Run, results: pd.DataFrame, duels: pd.DataFrame) -> Run:
    """Publish the benchmark with other results of its folds."""
    table = standing(results, duels, 1 / (run.manifest.metrics["folds"] - 1))
    return altered(run, tables={"results": results, "duels": duels, "standing": table})


def shifted(run: Run, strategy: str, by: float) -> Run:
    """Let the errors of one way of choosing be higher by so much in every fold."""
    results, duels = run.table("results"), run.table("duels")
    results.loc[results["strategy"] == strategy, ["mae_common", "mae_genome"]] += by
    errors = duels["measure"] == "mae"
    duels.loc[errors & (duels["strategy"] == strategy), "difference"] += by
    duels.loc[errors & (duels["against"] == strategy), "difference"] -= by
    return judged(run, results, duels)


def test_without_a_tournament_the_page_offers_one(real):
    real.dataset()
    page = opened(PAGE)
    assert not page.exception
    assert "Not known yet" in words(page)
    assert button(page, "Start the benchmark")


def test_the_winner_is_named_with_its_differences(run):
    said = words(sound(PAGE))
    assert "**greedy (measured)** is best: its 8 genes predict the others with an error of" in said
    assert "% below L1000** (difference -0.0" in said
    assert "% below random sets**" in said
    assert "With nearest neighbours, greedy (measured) is best" in said
    assert "may be luck" not in said
    results = run.table("results").query("size == 8 and strategy != 'random'")
    assert f"{results['targets_common'].mean():.0f} genes on average. Intervals" in said


@pytest.mark.parametrize(
    ("strategy", "by", "said"),
    [
        ("random", -0.06, "**no way of choosing beats random sets**"),
        ("L1000", -0.06, "**L1000 is best**: its 8 genes"),
        ("L1000", -0.0447, "which may be luck"),
    ],
)
def test_the_answer_says_who_did_not_win(run, strategy, by, said):
    shifted(run, strategy, by)
    assert said in words(sound(PAGE))


def test_without_opponents_there_is_nothing_to_compare_with(run):
    results = run.table("results")
    judged(run, results[results["strategy"].isin(["measured", "variable"])], run.table("duels")[:0])
    assert "with nothing to compare it with" in words(sound(PAGE))


def test_one_choice_changes_what_is_shown(run):
    page = sound(PAGE, measure="pcc", against="random", scope="genome", predictor="knn")
    assert "all genes; those of a set are measured" in words(page)
    assert {group.label: group.value for group in page.segmented_control} == {
        "Predictor": "knn",
        "Measure": "pcc",
        "Over which genes": "genome",
        "Shown as": "random",
    }
    game = "size == 8 and predictor == 'knn' and scope == 'genome' and measure == 'pcc'"
    shown = table(page, "won_L1000").set_index("strategy")
    assert list(shown.index) == [
        style_of(name).name for name in run.table("standing").query(game)["strategy"]
    ]
    assert shown["L1000"].str.match(r"^$|^[+-]0\.\d{4} \(").all()
    again = benchmark_view.chosen_again(run.table("chosen"), 8)
    assert shown["again"].to_dict() == {
        style_of(name).name: percent(again[name]) if name in again else ""
        for name in run.table("standing")["strategy"].unique()
    }


def test_genes_that_two_folds_share_are_counted_at_the_size_asked_for():
    rows = [("a", 0, fold, 3, rank, f"g{rank + fold}") for fold in (0, 1) for rank in (1, 2, 3)]
    anew = [
        ("b", 0, fold, size, rank, f"h{rank}{size}") for fold in (0, 1) for size in (2, 3) for rank in (1, 2)
    ]
    table = pd.DataFrame(rows + anew, columns=["strategy", "seed", "fold", "size", "rank", "gene"]).assign(
        draw=0
    )
    assert benchmark_view.chosen_again(table, 2) == {"a": 1 / 2, "b": 1.0}
    assert benchmark_view.chosen_again(table, 3)["a"] == pytest.approx(2 / 3)


def test_the_request_is_what_was_chosen(real, asked):
    real.dataset()
    page = opened(PAGE)
    next(box for box in page.multiselect if box.label == "Ways of choosing").set_value(["measured", "random"])
    next(box for box in page.text_input if box.label.startswith("Genes per set")).set_value("4, 8")
    division = next(box for box in page.selectbox if box.label == "How samples are divided")
    division.set_value(("groups", "tissue"))
    next(box for box in page.number_input if box.label == "Folds").set_value(3)
    press(page.run(), "Start the benchmark")
    [request] = asked
    wanted = configuration_of(*request)
    assert wanted.strategies == ("measured", "random")
    assert (wanted.sizes, wanted.folds, wanted.groups, wanted.trainings) == ((4, 8), 3, "tissue", 0)


def test_what_cannot_be_asked_for_is_said(real):
    real.dataset()
    page = opened(PAGE)
    next(box for box in page.text_input if box.label.startswith("Genes per set")).set_value("many").run()
    assert not page.exception
    assert "sizes" in page.warning[0].value
    assert button(page, "Start the benchmark").disabled


def test_finished_folds_stand_in_the_job_card(real, home, runs):
    real.dataset()
    finished = runs["tournament of three"]
    request = write_request(home, "tournament", finished.manifest.configuration)
    store = FoldStore(request.folder(home))
    for fold in range(2):
        tables = {name: finished.table(name).query(f"fold == {fold}") for name in TABLES}
        store.save(0, fold, tables)
    page = opened(PAGE)
    assert not page.exception
    assert "After 2 folds, 8 genes, ridge regression" in words(page)
    results = finished.table("results").query("fold < 2 and size == 8 and predictor == 'ridge'")
    errors = results.groupby(["strategy", "fold"])["mae_common"].mean().groupby("strategy").mean()
    best = [style_of(name).name for name in errors.sort_values().index]
    assert [metric.label for metric in page.metric][: len(best)] == best
