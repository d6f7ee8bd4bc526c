"""What all pages share: errors as sentences, the choice of dataset and model, no jax."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from landmark.store.workspace import Workspace
from landmark.ui.page import PLACES
from tests.pages.opened import words
from tests.pages.stored import dataset, stopped
from tests.real_runs import RealRuns

ROOT = Path(__file__).parents[2]
VALUES = {"train_loss": 0.51234, "samples_per_second": 16420.5}


def _broken(kind: str) -> None:
    import streamlit as st

    from landmark.errors import BadData
    from landmark.ui.page import guarded

    with guarded():
        if kind == "stop":
            st.stop()
        raise BadData("Row 3 is empty.") if kind == "data" else ZeroDivisionError("secret detail")
    st.write("after")


def test_errors_of_the_user_are_shown_as_they_are() -> None:
    app = AppTest.from_function(_broken, args=("data",)).run()
    assert [box.value for box in app.error] == ["Row 3 is empty."]


def test_defects_become_a_sentence_and_a_file(own_home: Path) -> None:
    app = AppTest.from_function(_broken, args=("defect",)).run()
    assert "secret" not in app.error[0].value
    assert "ZeroDivisionError" in app.error[0].value
    assert "landmark.log" in app.error[0].value
    assert "secret detail" in (own_home / "landmark.log").read_text()


def test_the_signal_to_stop_passes(own_home: Path) -> None:
    app = AppTest.from_function(_broken, args=("stop",)).run()
    assert not app.error
    assert not app.markdown
    assert not (own_home / "landmark.log").exists()


def _chosen() -> None:
    import streamlit as st

    from landmark.ui import state

    state.keep_address()
    data, model = state.dataset(), state.model()
    st.text(data.id if data else "none")
    st.text(model.id if model else "none")


def test_the_address_wins_then_the_session_then_the_newest(real: RealRuns) -> None:
    model, old = real("train"), real.dataset()
    new = dataset(real.home, samples=20, title="new")
    app = AppTest.from_function(_chosen).run()
    assert [text.value for text in app.text] == [new.id, "none"]
    app.query_params["dataset"] = old.id
    app.run()
    assert [text.value for text in app.text] == [old.id, model.id]
    app.query_params.clear()
    app.run()
    assert [text.value for text in app.text] == [old.id, model.id]
    assert app.query_params["dataset"] == old.id


def test_what_is_deleted_is_not_worked_on(own_home: Path) -> None:
    app = AppTest.from_function(_chosen)
    app.query_params["dataset"] = "gone"
    assert [text.value for text in app.run().text] == ["none", "none"]


def test_no_page_brings_jax_in() -> None:
    modules = "import pkgutil, importlib, sys, landmark.ui as ui\n" + (
        "for found in pkgutil.walk_packages(ui.__path__, 'landmark.ui.'): importlib.import_module(found.name)\n"
        "sys.exit('jax' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", modules], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("page", PLACES.values())
def test_every_place_is_a_page(page: str) -> None:
    assert (ROOT / page).is_file()


def _card(run_id: str) -> None:
    from landmark.ui.jobs import job_card

    job_card(run_id)


def test_a_card_of_a_finished_run_is_empty(real: RealRuns) -> None:
    app = AppTest.from_function(_card, args=(real("train").id,)).run()
    assert not app.exception
    assert not app.main.children


def test_a_card_shows_how_far_a_run_was_and_can_resume_it(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Workspace(own_home)
    asked = stopped(home, "train", {"dataset": dataset(home).id}, "The disk is full.")
    line = {"time": 1.0, "stage": "Training", "done": 20, "total": 100, "unit": "epoch"}
    (asked.folder(home) / "progress.jsonl").write_text(json.dumps({**line, "values": VALUES}) + "\n")
    resumed: list[str] = []
    monkeypatch.setattr("landmark.ui.jobs.resume", lambda _, run_id: resumed.append(run_id))
    app = AppTest.from_function(_card, args=(asked.id,)).run()
    assert [box.value for box in app.error] == ["The disk is full."]
    assert "train loss 0.5123 · samples per second 16,420" in [text.value for text in app.caption]
    next(button for button in app.button if button.label == "Resume").click().run()
    assert resumed == [asked.id]


@pytest.mark.parametrize("refused", [True, False], ids=["input at fault", "disk full"])
def test_a_run_whose_input_is_at_fault_cannot_be_resumed(own_home: Path, refused: bool) -> None:
    home = Workspace(own_home)
    asked = stopped(home, "train", {"dataset": dataset(home).id}, "It cannot be.")
    outcome = {"state": "failed", "message": "It cannot be.", "refused": refused}
    (asked.folder(home) / "outcome.json").write_text(json.dumps(outcome))
    app = AppTest.from_function(_card, args=(asked.id,)).run()
    assert ("Resume" in [button.label for button in app.button]) is not refused


def test_an_unfinished_run_is_deleted_only_when_that_is_confirmed(own_home: Path) -> None:
    home = Workspace(own_home)
    data = dataset(home, title="Lung")
    asked = stopped(home, "train", {"dataset": data.id}, "The disk is full.")
    app = AppTest.from_function(_card, args=(asked.id,)).run()
    assert "Lung, started just now" in [text.value for text in app.caption]
    assert "Delete" not in [button.label for button in app.button]
    next(button for button in app.button if button.label == "Delete for good").click().run()
    assert not asked.folder(home).exists()


def _frame() -> None:
    import streamlit as st

    from landmark.ui import state
    from landmark.ui.page import absent_page

    gone = state.absent()
    if gone:
        absent_page(gone)
    else:
        state.keep_address()
        st.text(str(state.dataset().id))


@pytest.mark.parametrize("name", ["dataset", "model"])
def test_an_address_that_asks_for_what_is_not_here_shows_nothing_else_in_its_place(
    real: RealRuns, name: str
) -> None:
    real("train")
    app = AppTest.from_function(_frame)
    app.query_params[name] = "gone"
    app.run()
    assert f"This {name} is not here" in words(app)
    assert not app.text
    app.button[0].click().run()
    assert app.text[0].value == real.dataset().id


def test_what_was_deleted_while_it_was_worked_on_gives_way_to_the_next(own_home: Path) -> None:
    home = Workspace(own_home)
    old, new = dataset(home), dataset(home, samples=20)
    app = AppTest.from_function(_frame)
    app.query_params["dataset"] = old.id
    assert app.run().text[0].value == old.id
    shutil.rmtree(old.folder)
    assert app.run().text[0].value == new.id


def test_the_address_changes_in_one_step(real: RealRuns, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step is an entry in the history of the browser."""
    from streamlit.runtime.state.query_params import QueryParams

    real("train")
    sent: list[str] = []
    monkeypatch.setattr(
        QueryParams, "_send_query_param_msg", lambda self: sent.append(str(dict(self._query_params)))
    )
    app = AppTest.from_function(_frame).run()
    assert app.text[0].value == real.dataset().id
    assert len(sent) == 1
