"""Open a page as a user would, without a browser."""

from pathlib import Path

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
