"""Which way of choosing is best: the honest answer, the request, and the standing of folds that are finished."""

import builders
import numpy as np
import pandas as pd
import pytest
from opened import opened, words

from landmark.analyses.benchmark import view as benchmark_view
from landmark.analyses.benchmark.store import TABLES, FoldStore
from landmark.analyses.benchmark.view import so_far
from landmark.metrics.cross_validation import standing
from landmark.store.request import write_request
from landmark.store.runs import Run
from landmark.workflows.execute import configuration_of

PAGE = "evidence/tournament.py"
DUEL = ["strategy", "against", "scope", "measure", "difference", "won", "size", "predictor"]
ERRORS = {"blend": 0.46, "ranking": 0.50, "L1000": 0.47, "random": 0.475}


def fold_tables(errors: dict[str, float], sizes=(5, 10), predictors=("ridge", "knn"), seed=0):
    """Return the tables of one fold in which strategies reach these errors, less with more genes."""
    r = np.random.default_rng(seed)
    hard = r.normal(0, 0.01)  # of the fold, the same for all
    rows, duels = [], []
    for size in sizes:
        for predictor in predictors:
            found = {
                name: error + hard + r.normal(0, 0.0005) - 0.001 * size for name, error in errors.items()
            }
            at = {"size": size, "predictor": predictor}
            for name, mae in found.items():
                figures = {"mae_common": mae, "pcc_common": 1 - mae, "targets_common": 20}
                figures |= {"mae_genome": 0.8 * mae, "pcc_genome": 1 - 0.8 * mae, "targets_genome": 40}
                rows.append({"strategy": name, "draw": 0, **figures, **at})
            duels += [
                {"strategy": name, "against": other, "scope": scope, "measure": measure, "won": 0.6, **at}
                | {"difference": (mae - found[other]) * (1 if measure == "mae" else -1)}
                for other in ("L1000", "random")
                if other in found
                for name, mae in found.items()
                if name != other
                for scope in ("common", "genome")
                for measure in ("mae", "pcc")
            ]
    genes = builders.symbols(40)
    chosen = [
        {"strategy": name, "draw": 0, "size": max(sizes), "rank": rank, "gene": genes[(rank + seed) % 40]}
        for name in errors
        if name != "L1000"
        for rank in range(1, max(sizes) + 1)
    ]
    costs = [("models", 0, 90.0, 6e8), *((name, max(sizes), 2.0, 1e8) for name in errors if name != "L1000")]
    names = ["strategy", "size", "seconds", "memory"]
    tables = [
        pd.DataFrame(rows),
        pd.DataFrame(duels, columns=DUEL),
        pd.DataFrame(chosen),
        pd.DataFrame(costs, columns=names),
    ]
    return dict(zip(TABLES, tables, strict=True))


def publish(home, data, errors=ERRORS, folds=5) -> Run:
    """Publish a finished tournament."""
    parts = [fold_tables(errors, seed=fold) for fold in range(folds)]
    tables = {
        name: pd.concat([part[name].assign(seed=0, fold=fold) for fold, part in enumerate(parts)])
        for name in TABLES
    }
    tables["standing"] = standing(tables["results"], tables["duels"], 1 / (folds - 1))
    metrics = {
        "sizes": [5, 10],
        "size": 10,
        "predictor": "ridge",
        "predictors": ["ridge", "knn"],
        "strategies": [name for name in errors if name != "L1000"],
        "folds": folds,
        "seeds": 1,
        "samples": 30,
        "genes": 40,
        "l1000_present": 10,
        "identical_genes": 0,
        "best": "blend",
        "mae": 0.45,
    }
    return builders.publish(home, "tournament", {"dataset": data.id}, {"dataset": data.id}, metrics, tables)


@pytest.fixture
def data(home):
    return builders.dataset(home)


def test_without_a_tournament_the_page_offers_one(data):
    app = opened(PAGE)
    assert not app.exception
    assert "Not known yet" in words(app)
    assert any(button.label == "Start the benchmark" for button in app.button)


def test_the_winner_is_named_with_its_differences(home, data):
    publish(home, data)
    app = opened(PAGE)
    assert not app.exception
    said = words(app)
    assert "**greedy (blend)** is best: its 10 genes predict the others with an error of" in said
    assert "% below L1000** (difference -0.0" in said
    assert "% below random sets**" in said
    assert "With nearest neighbours, greedy (blend) is best" in said
    assert "may be luck" not in said
    assert "20 genes on average. Intervals" in said


@pytest.mark.parametrize(
    ("errors", "said"),
    [
        (ERRORS | {"random": 0.44}, "**no way of choosing beats random sets**"),
        (ERRORS | {"L1000": 0.44}, "**L1000 is best**: its 10 genes"),
        (ERRORS | {"L1000": 0.4601}, "which may be luck"),
        ({"ranking": 0.5, "blend": 0.46}, "with nothing to compare it with"),
    ],
)
def test_the_answer_says_who_did_not_win(home, data, errors, said):
    publish(home, data, errors)
    app = opened(PAGE)
    assert not app.exception
    assert said in words(app)


def test_one_choice_changes_what_is_shown(home, data):
    run = publish(home, data)
    app = opened(PAGE, measure="pcc", against="random", scope="genome", predictor="knn")
    assert not app.exception
    assert "all genes; those of a set are measured" in words(app)
    choices = {group.label: group.value for group in app.segmented_control}
    assert choices == {
        "Predictor": "knn",
        "Measure": "pcc",
        "Over which genes": "genome",
        "Shown as": "random",
    }
    [table] = [frame.value for frame in app.dataframe if "won_L1000" in frame.value]
    assert table["strategy"].iloc[0] == "Greedy (blend)"
    assert table["L1000"].str.match(r"^$|^[+-]0\.\d{4} \(").all()
    assert table["again"].str.match(r"^$|^80%$").all()
    assert run.manifest.metrics["size"] == 10


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


def test_the_request_is_what_was_chosen(data, monkeypatch):
    asked = {}
    monkeypatch.setattr(benchmark_view, "start", lambda kind, values: asked.update({kind: values}))
    app = opened(PAGE)
    next(box for box in app.multiselect if box.label == "Ways of choosing").set_value(["measured", "random"])
    next(box for box in app.text_input if box.label.startswith("Genes per set")).set_value("4, 8")
    division = next(box for box in app.selectbox if box.label == "How samples are divided")
    division.set_value(("groups", "tissue"))
    next(box for box in app.number_input if box.label == "Folds").set_value(3)
    app.run()
    next(button for button in app.button if button.label == "Start the benchmark").click().run()
    assert not app.exception
    wanted = configuration_of("tournament", asked["tournament"])
    assert wanted.strategies == ("measured", "random")
    assert (wanted.sizes, wanted.folds, wanted.groups, wanted.trainings) == ((4, 8), 3, "tissue", 0)


def test_what_cannot_be_asked_for_is_said(data):
    app = opened(PAGE)
    next(box for box in app.text_input if box.label.startswith("Genes per set")).set_value("many").run()
    assert not app.exception
    assert "sizes" in app.warning[0].value
    assert next(button for button in app.button if button.label == "Start the benchmark").disabled


def test_finished_folds_stand_in_the_job_card(home, data):
    wanted = configuration_of("tournament", {"dataset": data.id}).model_dump(mode="json")
    request = write_request(home, "tournament", wanted)
    store = FoldStore(request.folder(home))
    for fold in range(2):
        store.save(0, fold, fold_tables(ERRORS, seed=fold))
    app = opened(PAGE)
    assert not app.exception
    assert "After 2 folds, 10 genes, ridge regression" in words(app)
    assert [metric.label for metric in app.metric][:2] == ["Greedy (blend)", "L1000"]
    assert so_far.__doc__
