"""What a started run has made is worked on as soon as it is there."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.real_runs import RealRuns


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
    real: RealRuns, monkeypatch: pytest.MonkeyPatch, turned: bool
) -> None:
    run, other = real("prepare"), real.dataset("import")
    old, made = real.dataset("import other"), real.dataset("prepare")
    hidden = real.home.root / "hidden"
    run.folder.rename(hidden)  # not finished yet
    monkeypatch.setattr("landmark.ui.jobs.submit", lambda *_: run.id)
    app = AppTest.from_function(_page)
    app.query_params["dataset"] = old.id
    app.run()
    app.button[0].click().run()
    assert app.text[0].value == old.manifest.title
    if turned:
        app.query_params["dataset"] = other.id
        app.run()
    hidden.rename(run.folder)
    app.run()
    assert app.text[0].value == (other if turned else made).manifest.title
    app.query_params["dataset"] = old.id
    assert app.run().text[0].value == old.manifest.title
