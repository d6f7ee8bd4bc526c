"""The history of runs: list, look, delete."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from landmark.store.runs import RunStore
from landmark.ui.run_history import differences
from tests.pages.stored import stopped
from tests.real_runs import RealRuns, altered

APP = str(Path(__file__).parents[2] / "app.py")


def _open(run_id: str = "") -> AppTest:
    app = AppTest.from_file(APP, default_timeout=20).run()
    app.switch_page("pages/runs/history.py")
    if run_id:
        app.query_params["run"] = run_id
    app.run()
    assert not app.exception
    return app


def test_empty_home_leads_to_the_overview() -> None:
    app = _open()
    assert [item.value for item in app.subheader] == ["No finished run yet"]


def test_runs_are_listed_and_one_is_shown_by_its_address(real: RealRuns) -> None:
    ranking = real("rank")
    model, data = ranking.manifest.parents["train"], ranking.manifest.parents["dataset"]
    app = _open(model)
    assert list(app.dataframe[0].value["Run"]) == [ranking.id, model]
    assert model in app.subheader[0].value
    text = "\n".join(item.value for item in app.main.markdown)
    assert f"gene ranking `{ranking.id}`" in text
    assert data in text


def test_a_run_that_others_are_made_from_is_not_deleted(real: RealRuns) -> None:
    ranking = real("rank")
    model = ranking.manifest.parents["train"]
    app = _open(model)
    app.button(key=f"delete-{model}").click().run()
    assert ranking.id in app.error[0].value
    app = _open(ranking.id)
    app.button(key=f"delete-{ranking.id}").click().run()
    assert not app.error
    assert [run.id for run in RunStore(real.home).all()] == [model]


def test_an_unknown_run_is_a_sentence(real: RealRuns) -> None:
    real("train")
    assert "deleted" in _open("train-00000000").warning[0].value


def test_unfinished_runs_say_why_and_can_be_deleted(real: RealRuns) -> None:
    stopped(real.home, "train", {"dataset": real.dataset().id}, "There was not enough memory.")
    app = _open()
    assert app.error[0].value == "There was not enough memory."
    next(button for button in app.button if button.label == "Delete for good").click().run()
    assert not list(real.home.unfinished.iterdir())


def test_differences_name_only_what_differs(real: RealRuns) -> None:
    ranking = real("rank")
    assert differences(ranking, altered(ranking)).empty
    other = altered(ranking, configuration={"target": "post"})
    assert list(differences(ranking, other)["what"]) == ["setting · target"]
