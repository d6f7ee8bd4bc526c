"""The overview: five steps with their state, and the one button."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from landmark.errors import BadRun
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now
from tests.pages.stored import dataset, stopped
from tests.real_runs import RealRuns, altered

APP = str(Path(__file__).parents[2] / "app.py")


def _open() -> AppTest:
    app = AppTest.from_file(APP, default_timeout=20).run()
    assert not app.exception
    return app


def _text(app: AppTest) -> str:
    return "\n".join(item.value for item in app.main.markdown)


def test_empty_home_explains_the_path_and_offers_an_example() -> None:
    app = _open()
    assert app.title[0].value == "What can I find out here?"
    assert _text(app).count("Not yet") == 5
    assert not app.error
    assert any("simulated" in str(box.options).lower() for box in app.selectbox)


def test_finished_path_shows_five_headlines(real: RealRuns) -> None:
    real("path")
    text = _text(_open())
    assert text.count("Done") == 5
    assert "mean correlation" in text
    assert "L1000" in text


def test_the_button_submits_the_chosen_example(asked: list) -> None:
    app = _open()
    app.selectbox[0].select("simulated").run()
    button = app.button(key="path-run")
    assert button.label == "Run the whole path on Simulated regulatory programs"
    button.click().run()
    assert asked == [("path", {"example": "simulated"})]


def test_a_small_dataset_gets_a_smaller_network(own_home: Path, asked: list) -> None:
    data = dataset(Workspace(own_home), samples=30, genes=40)
    app = _open()
    assert any("bottleneck 10 instead of 100" in item.value for item in app.caption)
    button = app.button(key="path-run")
    assert button.label == "Run the remaining 4 steps on Test samples"
    button.click().run()
    network = {"hidden": 40, "bottleneck": 10, "batch_size": 24}
    assert asked == [("path", {"dataset": data.id, "network": network})]


def test_a_job_that_cannot_start_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise BadRun("The job could not be started: no space.")

    monkeypatch.setattr("landmark.ui.jobs.submit", refuse)
    app = _open()
    app.button(key="path-run").click().run()
    assert app.error[0].value == "The job could not be started: no space."


def test_a_failed_path_can_be_resumed_or_deleted(own_home: Path) -> None:
    stopped(Workspace(own_home), "path", {"example": "simulated"}, "The disk is full.")
    app = _open()
    assert app.error[0].value == "The disk is full."
    assert {"Resume", "Delete for good"} <= {button.label for button in app.button}
    next(button for button in app.button if button.label == "Delete for good").click().run()
    assert not app.error
    assert not list((own_home / "unfinished").iterdir())


def test_what_is_left_is_counted_for_the_model_worked_on(real: RealRuns, asked: list) -> None:
    ranking = real("rank 1")
    app = _open()
    assert app.button(key="path-run").label == "Run the remaining 2 steps on matrix.h5ad"
    app.button(key="path-run").click().run()
    wanted = {"dataset": ranking.manifest.parents["dataset"], "model": ranking.manifest.parents["train"]}
    assert asked == [("path", wanted)]


def test_steps_that_are_done_with_other_settings_are_offered_again_not_called_remaining(
    real: RealRuns,
) -> None:
    real("cluster")
    run = real("compare ranking")
    altered(run, configuration={"predictor": "knn"})
    app = _open()
    assert _text(app).count("Done") == 5
    offered = "Run 1 step again with the paper's settings on matrix.h5ad"
    assert app.button(key="path-run").label == offered


def test_a_comparison_without_l1000_is_called_one_of_random_sets(real: RealRuns) -> None:
    run = real("compare ranking")
    execute_now(
        real.home,
        "compare",
        {
            "dataset": run.manifest.parents["dataset"],
            "sets": [f"{run.manifest.parents['rank']}:10"],
            "random_sets": 2,
        },
    )
    assert "Random sets only, none of its genes is an L1000 gene" in _text(_open())
