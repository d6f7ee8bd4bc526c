"""The history of runs: list, look, delete."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from landmark.store.runs import RunStore
from landmark.store.workspace import Workspace
from landmark.ui.run_history import differences
from tests.pages import builders

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


def test_runs_are_listed_and_one_is_shown_by_its_address(own_home: Path) -> None:
    home = Workspace(own_home)
    data = builders.dataset(home)
    model = builders.train(home, data)
    ranking = builders.rank(home, data, model)
    app = _open(model.id)
    assert list(app.dataframe[0].value["Run"]) == [ranking.id, model.id]
    assert model.id in app.subheader[0].value
    text = "\n".join(item.value for item in app.main.markdown)
    assert f"gene ranking `{ranking.id}`" in text
    assert data.id in text


def test_a_run_that_others_are_made_from_is_not_deleted(own_home: Path) -> None:
    home = Workspace(own_home)
    data = builders.dataset(home)
    model = builders.train(home, data)
    ranking = builders.rank(home, data, model)
    app = _open(model.id)
    app.button(key=f"delete-{model.id}").click().run()
    assert ranking.id in app.error[0].value
    app = _open(ranking.id)
    app.button(key=f"delete-{ranking.id}").click().run()
    assert not app.error
    assert [run.id for run in RunStore(home).all()] == [model.id]


def test_an_unknown_run_is_a_sentence(own_home: Path) -> None:
    home = Workspace(own_home)
    builders.train(home, builders.dataset(home))
    assert "deleted" in _open("train-00000000").warning[0].value


def test_unfinished_runs_say_why_and_can_be_deleted(own_home: Path) -> None:
    home = Workspace(own_home)
    data = builders.dataset(home)
    builders.stopped(home, "train", {"dataset": data.id}, "There was not enough memory.")
    app = _open()
    assert app.error[0].value == "There was not enough memory."


def test_differences_name_only_what_differs(own_home: Path) -> None:
    home = Workspace(own_home)
    data = builders.dataset(home)
    first, second = builders.train(home, data), builders.train(home, data)
    assert differences(first, second).empty
    model = builders.rank(home, data, first)
    other = builders.rank(home, data, first, target="post")
    assert "setting · target" in list(differences(model, other)["what"])
