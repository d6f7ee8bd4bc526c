"""Start the dashboard."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from landmark.settings import settings

APP = Path(__file__).parents[2] / "app.py"


def serve(
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8501,
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "localhost",
) -> None:
    """Start the dashboard in the browser."""
    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.web import cli

    # A folder named pages beside app.py would make the first visitor of a deep link see "Page not found".
    PagesManager.uses_pages_directory = False
    sys.argv = [
        "streamlit",
        "run",
        str(APP),
        f"--server.port={port}",
        f"--server.address={address}",
        f"--server.maxUploadSize={settings().max_upload_mb}",
    ]
    cli.main(prog_name="streamlit")
