"""What all pages share: errors as sentences, the choice of dataset and model, no jax."""

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from landmark.runs.home import Home
from landmark.ui.places import PLACES
from tests.pages import builders

ROOT = Path(__file__).parents[2]


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
    assert "secret detail" in (own_home / "defect.txt").read_text()


def test_the_signal_to_stop_passes(own_home: Path) -> None:
    app = AppTest.from_function(_broken, args=("stop",)).run()
    assert not app.error
    assert not app.markdown
    assert not (own_home / "defect.txt").exists()


def _chosen() -> None:
    import streamlit as st

    from landmark.ui import state

    state.keep_address()
    data, model = state.dataset(), state.model()
    st.text(data.id if data else "none")
    st.text(model.id if model else "none")


def test_the_address_wins_then_the_session_then_the_newest(own_home: Path) -> None:
    home = Home(own_home)
    old = builders.dataset(home, title="old")
    model = builders.train(home, old)
    new = builders.dataset(home, samples=20, title="new")
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
