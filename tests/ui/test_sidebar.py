"""Two datasets of one name are two options."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from landmark.store.workspace import Workspace
from landmark.ui.choosing import distinct
from tests.pages.stored import dataset


def _page() -> None:
    from landmark.ui.sidebar import sidebar
    from landmark.ui.state import keep_address

    keep_address()
    sidebar()


def test_datasets_of_one_title_can_be_told_apart(own_home: Path) -> None:
    home = Workspace(own_home)
    first = dataset(home, title="Cells")
    second = dataset(home, samples=20, title="Cells")
    for chosen, other in ((first, second), (second, first)):
        app = AppTest.from_function(_page)
        app.query_params["dataset"] = chosen.id
        app.run()
        assert app.selectbox[0].value == chosen.id
        assert sorted(app.selectbox[0].options) == sorted(f"Cells · {item.id}" for item in (first, second))
        app.selectbox[0].set_value(other.id).run()
        assert app.query_params["dataset"] in (other.id, [other.id])


def test_only_what_repeats_gets_its_id() -> None:
    assert distinct({"a": "Lung", "b": "Skin", "c": "Lung"}) == {
        "a": "Lung · a",
        "b": "Skin",
        "c": "Lung · c",
    }
