"""What a started run has made is worked on as soon as it is there."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from landmark.store.workspace import Workspace
from tests.pages import builders


def _page() -> None:
    import streamlit as st

    from landmark.ui import state
    from landmark.ui.jobs import adopt_finished, start

    adopt_finished()
    state.keep_address()
    found = state.dataset()
    st.text(found.manifest.title if found else "none")
    if st.button("start"):
        start("prepare", {})


@pytest.mark.parametrize("turned", [False, True], ids=["waited", "turned to another dataset"])
def test_a_new_dataset_is_adopted_unless_another_was_chosen(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, turned: bool
) -> None:
    home = Workspace(own_home)
    old = builders.dataset(home, title="old")
    other = builders.dataset(home, samples=10, title="other")
    made = builders.dataset(home, samples=20, title="made")
    run = builders.publish(
        home, "prepare", {"dataset": old.id, "log2": True}, {"dataset": made.id, "source": old.id}, {}, {}
    )
    hidden = own_home / "hidden"
    run.folder.rename(hidden)  # not finished yet
    monkeypatch.setattr("landmark.ui.jobs.submit", lambda *_: run.id)
    app = AppTest.from_function(_page)
    app.query_params["dataset"] = old.id
    app.run()
    app.button[0].click().run()
    assert app.text[0].value == "old"
    if turned:
        app.query_params["dataset"] = other.id
        app.run()
    hidden.rename(run.folder)
    app.run()
    assert app.text[0].value == ("other" if turned else "made")
    app.query_params["dataset"] = old.id
    assert app.run().text[0].value == "old"
