"""A choice is known by what it is: labels may change, and options may vanish, without anything else happening."""

import ast
import shutil
from pathlib import Path

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from tests.real_runs import RealRuns, altered

ROOT = Path(__file__).parents[2]
CHOICES = {"selectbox", "radio", "segmented_control", "pills", "multiselect", "select_slider"}


def _sidebar() -> None:
    from landmark.ui.sidebar import sidebar
    from landmark.ui.state import keep_address

    keep_address()
    sidebar()


def _aging(widget: str) -> None:
    import streamlit as st

    from landmark.ui import choosing

    age = st.session_state.get("age", 1)
    ages = {"a": f"{age} minutes ago", "b": f"{age + 30} minutes ago"}
    gone = st.session_state.get("gone")
    options = [name for name in ages if name != gone]
    st.session_state.setdefault("called", [])

    def called() -> None:
        value = st.session_state["widget"]
        ages[value if isinstance(value, str) else value[0]]  # as careless as a callback may be
        st.session_state["called"] = [*st.session_state["called"], value]

    value = getattr(choosing, widget)(
        "When", options, format_func=ages.__getitem__, key="widget", on_change=called
    )
    st.text(str(value))


def _send(app: AppTest, kind: str, label: str) -> AppTest:
    """Run the app with the label that a browser still shows."""
    widget = getattr(app, kind)[0]
    states = app._tree.get_widget_states()
    for state in states.widgets:
        if state.id == widget.id:
            states.widgets.remove(state)
    sent = WidgetState(id=widget.id)
    if kind == "multiselect":
        sent.string_array_value.data.append(label)
    else:
        sent.string_value = label
    states.widgets.append(sent)
    return app._run(widget_state=states)


@pytest.mark.parametrize("kind", ["selectbox", "radio", "multiselect"])
def test_a_label_that_has_aged_is_still_the_same_option(own_home: Path, kind: str) -> None:
    app = AppTest.from_function(_aging, args=(kind,)).run()
    old = getattr(app, kind)[0].options[1]
    app.session_state["age"] = 2
    app.run()
    app = _send(app, kind, old)
    assert not app.exception
    assert not app.error
    chosen = ["b"] if kind == "multiselect" else "b"
    assert app.text[0].value == str(chosen)
    assert app.session_state["called"] == [chosen]


@pytest.mark.parametrize("kind", ["selectbox", "radio"])
def test_a_label_that_stands_for_nothing_changes_nothing(own_home: Path, kind: str) -> None:
    app = AppTest.from_function(_aging, args=(kind,)).run()
    app = _send(app, kind, "never shown")
    assert not app.exception
    assert not app.error
    assert app.text[0].value == "a"
    assert app.session_state["called"] == []


@pytest.mark.parametrize("kind", ["selectbox", "radio"])
def test_an_option_that_is_gone_changes_nothing(own_home: Path, kind: str) -> None:
    app = AppTest.from_function(_aging, args=(kind,)).run()
    old = getattr(app, kind)[0].options[1]
    app.session_state["gone"] = "b"
    app.run()
    app = _send(app, kind, old)
    assert not app.exception
    assert not app.error
    assert app.text[0].value == "a"


def test_the_sidebar_heeds_only_what_is_here(real: RealRuns) -> None:
    first = real("train")
    second = altered(first)
    app = AppTest.from_function(_sidebar)
    app.query_params["model"] = first.id
    app.run()
    assert not any("ago" in option or "now" in option for option in app.selectbox[1].options)
    for label in ("2 epochs, 14 minutes ago", second.id):
        app = _send(app, "selectbox", label)
        assert not app.exception
        assert not app.error
    shutil.rmtree(second.folder)  # deleted in another tab
    app = _send(app, "selectbox", app.selectbox[1].options[1])
    assert not app.exception
    assert app.selectbox[1].value == first.id


def test_an_error_in_a_callback_is_a_sentence(own_home: Path) -> None:
    def page() -> None:
        import streamlit as st

        from landmark.ui import choosing

        choosing.selectbox("What", ["a", "b"], key="what", on_change=lambda: 1 / 0)
        st.text("drawn")

    app = AppTest.from_function(page).run()
    app.selectbox[0].set_value("b").run()
    assert not app.exception
    assert "ZeroDivisionError" in app.error[0].value
    assert str(own_home) not in app.error[0].value
    assert app.text[0].value == "drawn"


def _calls() -> list[tuple[Path, ast.Call]]:
    files = [ROOT / "app.py", *(ROOT / "landmark" / "ui").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
    return [
        (file, node)
        for file in files
        if file.name != "choosing.py"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]


def test_every_choice_is_offered_by_what_it_is() -> None:
    """Streamlit's own widgets of choice know their options by labels only."""
    bare = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file, call in _calls()
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in CHOICES
        and not (isinstance(call.func.value, ast.Name) and call.func.value.id == "choosing")
    ]
    assert bare == []


def test_every_callback_is_guarded() -> None:
    """A callback runs outside the page: what it raises would be shown by Streamlit itself."""
    bare = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file, call in _calls()
        for given in call.keywords
        if given.arg in ("on_change", "on_click")
        and not isinstance(given.value, ast.Constant)
        and not _guarded(given.value)
        and not _chooses(call)
    ]
    assert bare == []


def _guarded(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and ast.unparse(value.func).startswith("guarded(")


def _chooses(call: ast.Call) -> bool:
    return ast.unparse(call.func).removeprefix("choosing.") in CHOICES
