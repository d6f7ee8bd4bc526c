"""Start the dashboard."""

import ipaddress
import os
import socket
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from landmark.cli.door import Door
from landmark.errors import BadConfiguration

APP = Path(__file__).parents[2] / "app.py"
LOCAL = ("localhost", "127.0.0.1", "::1")
EVERYWHERE = ("0.0.0.0", "::", "")


def serve(
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8501,
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "localhost",
    host: Annotated[
        list[str] | None,
        typer.Option(
            help="Another name by which browsers reach this server, such as that of a proxy; several times. Requests "
            "to any other name are refused."
        ),
    ] = None,
) -> None:
    """Start the dashboard in the browser."""
    from streamlit import App
    from streamlit.runtime.pages_manager import PagesManager

    from landmark.settings import settings
    from landmark.store.workspace import open_workspace

    class Dashboard(App):
        """The pages, behind the door."""

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await door(scope, receive, send)

    open_workspace()  # told here where it cannot be used, and not by the first page
    os.umask(0o077)  # what the server and its jobs write is for its user only
    # A folder named pages beside app.py would make the first visitor of a deep link see "Page not found".
    PagesManager.uses_pages_directory = False
    sys.argv = [str(APP)]
    known = hosts(address, host or ())
    dashboard = Dashboard(APP)
    door = Door(super(Dashboard, dashboard).__call__, known)
    dashboard.run(
        config={
            "server.port": port,
            "server.address": address,
            "server.maxUploadSize": settings().max_upload_mb,
            "server.allowedHosts": known,
            "client.showErrorDetails": "none",
            # What is printed at the start; without it Streamlit asks a server of Amazon for this machine's address.
            "browser.serverAddress": _shown(address, host or ()),
        }
    )


def hosts(address: str, more: list[str] | tuple[str, ...]) -> list[str]:
    """Return the names and addresses by which a server that listens on an address is known.

    Parameters
    ----------
    more
        Names that are given beside them.

    Raises
    ------
    BadConfiguration
        If one of those is no name of a host.
    """
    from landmark.store.machine import addresses

    names = [*LOCAL]
    if address in EVERYWHERE:
        own = socket.gethostname().lower()
        names += [own, own.partition(".")[0], f"{own.partition('.')[0]}.local", *addresses()]
    else:
        names.append(address.lower().strip("[]"))
    return list(dict.fromkeys([*names, *map(_plain, more)]))


def _shown(address: str, more: list[str] | tuple[str, ...]) -> str:
    if more:
        return _plain(more[0])
    return socket.gethostname() if address in EVERYWHERE else address


def _plain(name: str) -> str:
    """Return a name as it is compared: lower case, no brackets."""
    plain = name.strip().lower().rstrip(".").strip("[]")
    try:
        return str(ipaddress.ip_address(plain))
    except ValueError:
        pass
    if not plain or not all(part and part.replace("-", "a").isalnum() for part in plain.split(".")):
        raise BadConfiguration(
            f"--host {name}: write the name alone, such as lab.example.org, without http:// and without a port."
        )
    return plain
