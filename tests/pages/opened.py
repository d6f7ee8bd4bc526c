"""Open a page as a user would, without a browser."""

from pathlib import Path
from typing import Any

import pandas as pd
from streamlit.testing.v1 import AppTest

PAGES = Path(__file__).parent.parent.parent / "pages"


def opened(page: str, **parameters: str) -> AppTest:
    """Run a page once; the address may carry parameters."""
    app = AppTest.from_file(str(PAGES / page), default_timeout=60)
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.run()


def words(app: AppTest) -> str:
    """Return all running text of the page."""
    parts = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.error, *app.warning, *app.info]
    return "\n".join(str(part.value) for part in parts)


def sound(page: str, **parameters: str) -> AppTest:
    """Open a page on which nothing goes wrong."""
    app = opened(page, **parameters)
    wrong = [error.value for error in (*app.exception, *app.error)]
    assert not wrong, wrong
    return app


def button(app: AppTest, label: str) -> Any:
    """Return the button of a label."""
    return next(found for found in app.button if found.label == label)


def press(app: AppTest, label: str) -> AppTest:
    """Press a button, which can be pressed and leads to no fault."""
    assert not button(app, label).disabled
    button(app, label).click().run()
    assert not app.exception
    return app


def table(app: AppTest, column: str) -> pd.DataFrame:
    """Return the first table that has a column."""
    return next(frame.value for frame in app.dataframe if column in frame.value)
