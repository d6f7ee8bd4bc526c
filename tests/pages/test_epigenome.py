"""The pages about histone marks: profiles, DeepChrome, the marks of one gene."""

import shlex

import pandas as pd
import pytest
from typer.testing import CliRunner

from landmark.analyses.command_line import command_line
from landmark.analyses.registry import ANALYSES
from landmark.cli.app import app
from landmark.epigenome.deepchrome import view as deepchrome_view
from landmark.epigenome.histones import view as histones_view
from landmark.store.runs import Run, RunStore
from landmark.ui import run_history
from tests.pages.opened import opened, press, sound, words
from tests.pages.stored import stopped
from tests.real_runs import altered

HISTONES, DEEPCHROME, MARKS = (f"epigenome/{name}.py" for name in ("histones", "deepchrome", "marks"))
CELLS = ["simulated 1", "simulated 2"]


@pytest.fixture
def profiles(real) -> Run:
    return real("histones")


@pytest.fixture
def network(real) -> Run:
    return real("deepchrome")


def with_factors(means: pd.DataFrame, **factors: float) -> pd.DataFrame:
    """Let expressed genes have so many times the reads of unexpressed ones, and elsewhere the same."""
    expressed = means["label"] == 1
    reads = means[~expressed]["mean"].to_numpy()
    times = means[expressed]["mark"].map(factors).fillna(1.0).to_numpy()
    return means.assign(
        mean=means["mean"].where(~expressed, pd.Series(reads * times, means.index[expressed]))
    )


def test_without_profiles_the_example_is_one_click_away(home, asked):
    page = opened(HISTONES)
    assert "Bring profiles of histone marks in" in words(page)
    press(page, "Bring them in")
    assert asked == [("histones", {"example": "simulated"})]


def test_it_says_which_marks_differ_between_the_classes(profiles):
    altered(profiles, tables={"means": with_factors(profiles.table("means"), H3K4me3=3.0, H3K27me3=0.25)})
    page = sound(HISTONES)
    said = words(page)
    assert "expressed genes have 3.00 times the reads of **H3K4me3** that unexpressed ones have" in said
    assert "unexpressed genes have 4.00 times the reads of **H3K27me3**" in said
    (table,) = (frame.value for frame in page.dataframe)
    assert table["cell_type"].tolist() == CELLS
    assert table[["genes", "train", "validation", "test"]].iloc[0].tolist() == [90, 30, 30, 30]


def test_profiles_and_cell_type_stand_in_the_address(profiles):
    tables = {name: profiles.table(name).replace(CELLS, "E999") for name in ("genes", "means")}
    altered(profiles, tables=tables, metrics={"title": "Newer"})
    assert "in E999," in words(opened(HISTONES))
    page = opened(HISTONES, histones=profiles.id, cell_type=CELLS[1])
    assert f"in {CELLS[1]}," in words(page)
    page.selectbox(key=f"histones-cell-type-{CELLS[1]}").set_value(CELLS[0]).run()
    assert f"in {CELLS[0]}," in words(page)
    assert page.query_params["cell_type"] == CELLS[0]


def test_profiles_of_the_server_folder_are_looked_at_before_they_come_in(home, asked, tmp_path, monkeypatch):
    for part in ("train", "valid", "test"):
        (tmp_path / "E003" / "classification").mkdir(parents=True, exist_ok=True)
        (tmp_path / "E003" / "classification" / f"{part}.csv").write_text("")
    monkeypatch.setenv("LANDMARK_FOLDER", str(tmp_path))
    page = opened(HISTONES)
    page.segmented_control(key="histones-place").set_value(histones_view.SERVER).run()
    page.selectbox(key="histones-server").set_value("E003").run()
    assert "1 cell type, split into training, validation and test genes by their files: **E003**" in words(
        page
    )
    press(page, "Bring them in")
    assert asked == [("histones", {"path": str(tmp_path.resolve() / "E003"), "title": "E003"})]


def test_a_missing_part_is_said_at_once(home, tmp_path, monkeypatch):
    (tmp_path / "E003_train.csv").write_text("")
    monkeypatch.setenv("LANDMARK_FOLDER", str(tmp_path))
    page = opened(HISTONES)
    page.segmented_control(key="histones-place").set_value(histones_view.SERVER).run()
    page.selectbox(key="histones-server").set_value("E003_train.csv").run()
    assert "no file with valid or test in its name" in words(page)


@pytest.mark.parametrize(
    ("names", "folder", "below"),
    [
        (["a.csv", "b.csv"], "uploaded", ["a.csv", "b.csv"]),
        (["E003/classification/train.csv"], "E003", ["classification/train.csv"]),
        (["x/a.csv", "y/a.csv"], "uploaded", ["x/a.csv", "y/a.csv"]),
    ],
)
def test_an_uploaded_folder_keeps_its_name(names, folder, below):
    assert histones_view._rooted(names) == (folder, below)


def test_a_bad_file_is_answered_by_its_sentence(home):
    stopped(home, "histones", {"path": "/data/a.csv"}, "a.csv, gene X, line 7: the label is 2.")
    assert "a.csv, gene X, line 7: the label is 2." in words(opened(HISTONES))


def test_without_profiles_deepchrome_leads_to_them(home):
    assert [button.label for button in opened(DEEPCHROME).button] == ["Bring profiles in"]


def test_training_asks_for_the_published_settings_unless_they_are_changed(profiles, asked):
    page = opened(DEEPCHROME)
    assert "No network has been trained" in words(page)
    press(page, "Train DeepChrome")
    [(kind, first)] = asked
    assert (kind, first["histones"], first["cell_types"]) == ("deepchrome", profiles.id, [])
    assert (first["training"]["batch_size"], first["training"]["epochs"]) == (1, 100)
    assert set(first["training"]) == set(deepchrome_view.DeepchromeTraining.model_fields)
    assert "2 networks, 60 training genes in all, 100 epochs: 6,000 steps" in words(page)
    page.number_input(key="deepchrome-DeepchromeTraining-batch_size").set_value(16).run()
    assert "With 16 genes per step an epoch has 16 times fewer steps" in words(page)
    assert "400 steps" in words(page)


def test_a_training_is_estimated_by_the_last_one_like_it(network, home):
    altered(network, tables={"history": network.table("history").assign(seconds=2.0)})
    RunStore(home).delete(network.id)
    page = opened(DEEPCHROME)
    page.number_input(key="deepchrome-DeepchromeTraining-batch_size").set_value(8).run()
    # 2 s for 30 genes and an epoch, 60 genes, 100 epochs
    assert "About 6 min 40 s" in words(page)


def test_it_tells_how_well_expression_is_told(network):
    cells, planted = network.table("cells"), network.table("planted")
    frequency = network.table("frequency")
    up = (frequency["mark"] == "H3K4me3") & (frequency["label"] == 1)
    frequency.loc[frequency["mark"] == "H3K4me3", "frequency"] = up.astype(float)
    tables = {
        "cells": cells.assign(auc=[0.81, 0.93]),
        "frequency": frequency,
        "planted": planted.assign(recovered=(planted["cell_type"] == CELLS[0]) | (planted["sign"] > 0)),
    }
    figures = {"auc_mean": 0.87, "auc_low": 0.81, "auc_high": 0.93, "logistic_mean": 0.8}
    altered(network, tables=tables, metrics=figures)
    page = sound(DEEPCHROME)
    said = words(page)
    assert "a mean AUC of **0.870** over 2 cell types (from 0.810 to 0.930)" in said
    assert "logistic regression reaches 0.800" in said
    assert f"{CELLS[0]} has only 30 test genes" in said
    assert page.dataframe[0].value["cell_type"].tolist() == CELLS[::-1]
    active = "is active in 100% of the bins of the expressed pattern, against 0% of the other"
    assert f"**H3K4me3** {active}" in said
    assert f"**3 of 5 rules** are recovered in {CELLS[1]}" in said
    assert "**5 of 5 rules**" in words(opened(DEEPCHROME, cell_type=CELLS[0]))


def test_without_a_network_marks_lead_to_its_training(home):
    assert [button.label for button in opened(MARKS).button] == ["Train DeepChrome"]


def test_genes_worth_a_look_are_proposed(network, asked):
    page = opened(MARKS)
    assert "No gene has been looked at yet" in words(page)
    press(page, "Explain")
    test = network.table("predictions").query("split == 'test' and cell_type == @CELLS[0]")
    expressed, unexpressed = (
        test[test["label"] == label].set_index("gene")["probability"] for label in (1, 0)
    )
    surest_and_worst = [expressed.idxmax(), expressed.idxmin(), unexpressed.idxmin(), unexpressed.idxmax()]
    wanted = {"deepchrome": network.id, "cell_type": CELLS[0], "genes": surest_and_worst, "reference": "zero"}
    assert asked == [("marks", wanted)]


def test_it_says_which_marks_decide_for_a_gene(real):
    run = real("marks")
    genes = run.table("genes").assign(label=1, probability=[0.9, 0.2])
    run = altered(run, tables={"genes": genes})
    page = sound(MARKS)
    sentence = "**expressed**, as it is (a test gene): it gives expression a probability of 90%"
    assert f"calls *G01* {sentence}" in words(page)
    sums = run.table("contributions").query("gene == 'G01'").groupby("mark")["contribution"].sum()
    most, least = (f"**{mark}**" for mark in (sums.idxmax(), sums.idxmin()))
    assert f"{most} speaks most for expression ({sums.max():+.2f}) and {least} most against" in words(page)
    assert f"against it ({sums.min():+.2f})." in words(page)
    page.selectbox(key=f"marks-gene-{run.id}-G01").set_value("G03").run()
    assert "*G03* **unexpressed**, though it is expressed" in words(page)
    assert page.query_params["gene"] == "G03"
    assert "has not been looked at yet in this cell type" in words(opened(MARKS, gene="G09"))


def test_the_history_names_the_profiles_of_each_run(real):
    real("marks")
    table = opened("runs/history.py").dataframe[0].value
    assert set(table["What"]) == {"Histone profiles", "DeepChrome", "Marks of genes"}
    assert set(table["Data"]) == {"Simulated histone marks"}


def test_a_run_leads_to_its_page_with_what_it_was_made_from(real, network):
    made_from = {"histones": network.manifest.parents["histones"], "deepchrome": network.id}
    assert run_history._address(network) == run_history._address(real("marks")) == made_from


def test_the_command_that_repeats_a_run_is_understood(real, monkeypatch):
    asked = []
    marks = real("marks")
    monkeypatch.setattr("landmark.cli.ask.do", lambda kind, values: asked.append((kind, values)) or marks)
    monkeypatch.setattr("landmark.cli.ask.answer", lambda *_: None)
    for run in (real("histones"), real("deepchrome"), marks):
        words = shlex.split(command_line(ANALYSES[run.kind], run.manifest.configuration))
        assert CliRunner().invoke(app, words[3:]).exit_code == 0
        kind, values = asked.pop()
        parsed = ANALYSES[kind].configuration.parse(values).model_dump(mode="json")
        assert (kind, parsed) == (run.kind, run.manifest.configuration)
