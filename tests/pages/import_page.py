"""The import page, opened and used."""

from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

APP = str(Path(__file__).parents[2] / "app.py")


def opened() -> AppTest:
    """Open the page within the frame."""
    app = AppTest.from_file(APP, default_timeout=60).run()
    app.switch_page("pages/data/import_data.py").run()
    assert not app.exception
    return app


def chosen(name: str) -> AppTest:
    """Open the page and choose a file of the server folder."""
    app = opened()
    app.segmented_control[0].set_value("Server folder").run()
    named(app.selectbox, "File in the server folder").set_value(name).run()
    assert not app.exception
    return app


def named(widgets: Any, label: str) -> Any:
    """Find the first widget whose label begins so."""
    return next(widget for widget in widgets if widget.label.startswith(label))


def imported(app: AppTest) -> AppTest:
    """Press the button that imports."""
    return next(button for button in app.button if button.label == "Import").click().run()


def shown(app: AppTest) -> str:
    """Return all running text of the page."""
    parts = [*app.main.markdown, *app.caption, *app.error, *app.warning, *app.success, *app.info, *app.text]
    return "\n".join(str(part.value) for part in parts)
