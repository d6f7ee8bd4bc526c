"""The pages about histone marks: profiles, DeepChrome, the marks of one gene."""

import shlex

import epigenome_runs as made
import pytest
import stored
from opened import opened, words
from typer.testing import CliRunner

from landmark.analyses.command_line import command_line
from landmark.analyses.registry import ANALYSES
from landmark.cli.app import app
from landmark.epigenome.deepchrome import view as deepchrome_view
from landmark.epigenome.histones import view as histones_view
from landmark.epigenome.marks import view as marks_view
from landmark.ui import resources, run_history

HISTONES, DEEPCHROME, MARKS = (f"epigenome/{name}.py" for name in ("histones", "deepchrome", "marks"))


@pytest.fixture
def asked(monkeypatch):
    """What the forms ask for, by verb."""
    found = {}
    for form in (histones_view, deepchrome_view, marks_view):
        monkeypatch.setattr(form, "start", lambda kind, values: found.update({kind: values}))
    return found


@pytest.fixture
def profiles(home):
    return made.histones(home)


@pytest.fixture
def network(home, profiles):
    return made.deepchrome(home, profiles, planted=True)


def press(page, label):
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception
    assert not page.error


def test_without_profiles_the_example_is_one_click_away(home, asked):
    page = opened(HISTONES)
    assert "Bring profiles of histone marks in" in words(page)
    press(page, "Bring them in")
    assert asked == {"histones": {"example": "simulated"}}


def test_it_says_which_marks_differ_between_the_classes(profiles):
    page = opened(HISTONES)
    assert not page.exception
    assert not page.error
    assert "expressed genes have 3.00 times the reads of **H3K4me3** that unexpressed ones have" in words(
        page
    )
    assert "unexpressed genes have 4.00 times the reads of **H3K27me3**" in words(page)
    (table,) = (frame.value for frame in page.dataframe)
    assert table["cell_type"].tolist() == list(made.CELLS)
    assert table[["genes", "train", "validation", "test"]].iloc[0].tolist() == [12, 4, 4, 4]


def test_profiles_and_cell_type_stand_in_the_address(home, profiles):
    made.histones(home, "Newer", cells=("E999",))
    assert "in E999," in words(opened(HISTONES))
    page = opened(HISTONES, histones=profiles.id, cell_type="E116")
    assert "in E116," in words(page)
    page.selectbox(key="histones-cell-type-E116").set_value("E003").run()
    assert "in E003," in words(page)
    assert page.query_params["cell_type"] == "E003"


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
    assert asked["histones"] == {"path": str(tmp_path.resolve() / "E003"), "title": "E003"}


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
    stored.stopped(home, "histones", {"path": "/data/a.csv"}, "a.csv, gene X, line 7: the label is 2.")
    assert "a.csv, gene X, line 7: the label is 2." in words(opened(HISTONES))


def test_without_profiles_deepchrome_leads_to_them(home):
    assert [button.label for button in opened(DEEPCHROME).button] == ["Bring profiles in"]


def test_training_asks_for_the_published_settings_unless_they_are_changed(profiles, asked):
    page = opened(DEEPCHROME)
    assert "No network has been trained" in words(page)
    press(page, "Train DeepChrome")
    first = asked["deepchrome"]
    assert (first["histones"], first["cell_types"]) == (profiles.id, [])
    assert (first["training"]["batch_size"], first["training"]["epochs"]) == (1, 100)
    assert set(first["training"]) == set(deepchrome_view.DeepchromeTraining.model_fields)
    assert "2 networks, 8 training genes in all, 100 epochs: 800 steps" in words(page)
    page.number_input(key="deepchrome-DeepchromeTraining-batch_size").set_value(16).run()
    assert "With 16 genes per step an epoch has 16 times fewer steps" in words(page)
    assert "200 steps" in words(page)


def test_a_training_is_estimated_by_the_last_one_like_it(network):
    page = opened(DEEPCHROME)
    page.number_input(key="deepchrome-DeepchromeTraining-batch_size").set_value(16).run()
    # 2 s for 4 genes and an epoch, 8 genes, 100 epochs
    assert "About 6 min 40 s" in words(page)


def test_it_tells_how_well_expression_is_told(network):
    page = opened(DEEPCHROME)
    assert not page.exception
    assert not page.error
    assert (
        "a mean AUC of **0.870** over 2 cell types (from 0.810 to 0.930); logistic regression reaches 0.800"
        in words(page)
    )
    assert "E003 has only 4 test genes" in words(page)
    assert page.dataframe[0].value["cell_type"].tolist() == ["E116", "E003"]
    assert (
        "**H3K4me3** is active in 100% of the bins of the expressed pattern, against 0% of the other"
        in words(page)
    )
    assert "**1 of 2 rules** is recovered in E116" in words(page)
    assert "**2 of 2 rules**" in words(opened(DEEPCHROME, cell_type="E003"))


def test_without_a_network_marks_lead_to_its_training(home):
    assert [button.label for button in opened(MARKS).button] == ["Train DeepChrome"]


def test_genes_worth_a_look_are_proposed(network, asked):
    page = opened(MARKS)
    assert "No gene has been looked at yet" in words(page)
    press(page, "Explain")
    # test genes 2, 5, 8, 11; the probability rises with the number; even ones are unexpressed
    assert asked["marks"] == {
        "deepchrome": network.id,
        "cell_type": "E116",
        "genes": ["GENE11", "GENE5", "GENE2", "GENE8"],
        "reference": "zero",
    }


def test_it_says_which_marks_decide_for_a_gene(home, network):
    run = made.marks(home, network)
    page = opened(MARKS)
    assert not page.exception
    assert not page.error
    assert (
        "calls *GENE2* **expressed**, as it is (a test gene): it gives expression a probability of 90%"
        in words(page)
    )
    assert (
        "**H3K4me3** speaks most for expression (+2.00) and **H3K27me3** most against it (-0.50)."
        in words(page)
    )
    page.selectbox(key=f"marks-gene-{run.id}-GENE2").set_value("GENE5").run()
    assert "*GENE5* **unexpressed**, though it is expressed" in words(page)
    assert page.query_params["gene"] == "GENE5"
    assert "has not been looked at yet in this cell type" in words(opened(MARKS, gene="GENE9"))


def test_the_history_names_the_profiles_of_each_run(home, network):
    made.marks(home, network)
    table = opened("runs/history.py").dataframe[0].value
    assert set(table["What"]) == {"Histone profiles", "DeepChrome", "Marks of genes"}
    assert set(table["Data"]) == {"Roadmap"}


def test_a_run_leads_to_its_page_with_what_it_was_made_from(home, network):
    profiles = network.manifest.parents["histones"]
    assert run_history._address(network) == {"histones": profiles, "deepchrome": network.id}
    assert run_history._address(made.marks(home, network)) == {"histones": profiles, "deepchrome": network.id}


def test_the_command_that_repeats_a_run_is_understood(home, network, monkeypatch):
    asked = []
    monkeypatch.setattr("landmark.cli.ask.do", lambda kind, values: asked.append((kind, values)) or profiles)
    monkeypatch.setattr("landmark.cli.ask.answer", lambda *_: None)
    profiles = resources.run(network.manifest.parents["histones"])
    for run in (profiles, network, made.marks(home, network)):
        words = shlex.split(command_line(ANALYSES[run.kind], run.manifest.configuration))
        assert CliRunner().invoke(app, words[3:]).exit_code == 0
        kind, values = asked.pop()
        parsed = ANALYSES[kind].configuration.parse(values).model_dump(mode="json")
        assert (kind, parsed) == (run.kind, run.manifest.configuration)
