"""The import page with a dataset: the matrix as it was understood, and an import at work or failed."""

from pathlib import Path

from landmark.analyses.import_data.config import ImportConfiguration
from landmark.store.request import write_request
from landmark.store.workspace import Workspace
from tests.pages.import_page import named, opened, shown
from tests.pages.stored import dataset, stopped
from tests.real_runs import RealRuns, altered


def test_the_dataset_is_shown_as_understood(real: RealRuns) -> None:
    made = real("import")
    data = dataset(real.home, title="My *cells*")
    found = {"samples": 30, "genes": 40, "l1000_present": 10, "share_recognised": 0.5}
    altered(made, metrics=found, parents={"dataset": data.id})
    app = opened()
    assert not app.error
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["Samples"] == "30"
    assert figures["L1000 genes"] == "10 of 943"
    assert figures["Names recognised"] == "50%"
    assert "My \\*cells\\*" in app.main.markdown[0].value
    assert app.dataframe[0].value.shape == (8, 8)


def test_unmatched_names_stay_with_the_dataset(real: RealRuns) -> None:
    unmatched = {"samples_without": 2, "unmatched_samples": ["S1", "<i>S2</i>"], "rows_without": 0}
    altered(real("import"), metrics=unmatched)
    assert [text.value for text in opened().text] == ["S1, <i>S2</i>"]


def test_another_matrix_can_be_imported_beside_the_dataset(real: RealRuns) -> None:
    real("import")
    app = opened()
    assert not app.segmented_control
    named(app.button, "Import another matrix").click().run()
    assert app.segmented_control
    assert not app.metric
    named(app.button, "Back to the dataset").click().run()
    assert app.metric


def test_while_an_import_runs_its_card_stands_alone(own_home: Path) -> None:
    write_request(
        Workspace(own_home), "import", ImportConfiguration(path="/cells.csv").model_dump(mode="json")
    )
    app = opened()
    assert "**Import**" in shown(app)
    assert not app.segmented_control


def test_a_failed_import_says_why(own_home: Path) -> None:
    stopped(Workspace(own_home), "import", {"path": "/cells.csv"}, "Line 3 has 4 values, line 2 has 5.")
    assert opened().error[0].value == "Line 3 has 4 values, line 2 has 5."
