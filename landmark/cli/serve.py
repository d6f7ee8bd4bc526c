"""Start the dashboard, behind a door that lets in only what comes from its own pages."""

import ipaddress
import os
import socket
import sys
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from landmark.errors import BadConfiguration

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

PORTS = {"http": 80, "https": 443}

HEADERS = (
    (b"x-frame-options", b"SAMEORIGIN"),
    (
        b"content-security-policy",
        b"frame-ancestors 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; object-src 'none'; "
        b"base-uri 'self'; form-action 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)
"""With every answer: no other site frames the page, and the page loads no picture of another server."""

REFUSED = b"This server is not known by that name, or the page that asks is of another site.\n"
POLICY_VIOLATION = 1008


class Door:
    """Lets through what comes from our own pages.

    Parameters
    ----------
    app
        What stands behind.
    hosts
        Names and addresses that the server is known by, without port, in lower case.
    """

    def __init__(self, app: App, hosts: Collection[str]) -> None:
        self.app = app
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Refuse, or hand on; answers get our headers."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif not self.admits(scope["headers"]):
            await _refuse(scope, receive, send)
        else:
            await self.app(scope, receive, _with_headers(send))

    def admits(self, headers: Collection[tuple[bytes, bytes]]) -> bool:
        """Say whether a request comes from a page of this server, or from no page."""
        hosts = [value for name, value in headers if name.lower() == b"host"]
        origins = [value for name, value in headers if name.lower() == b"origin"]
        if len(hosts) != 1 or len(origins) > 1:
            return False
        origin = _origin(origins[0].decode("latin-1")) if origins else None
        if origins and origin is None:
            return False
        scheme = origin[0] if origin else "http"
        host = _origin(f"{scheme}://{hosts[0].decode('latin-1')}")
        return host is not None and host[1] in self.hosts and (origin is None or origin == host)


def _origin(text: str) -> tuple[str, str, int] | None:
    """Take an origin apart into scheme, name and port; None where it is none."""
    try:
        parts = urlsplit(text)
        name, port = parts.hostname, parts.port
    except ValueError:
        return None
    extra = parts.path or parts.query or parts.fragment or parts.username or parts.password
    if parts.scheme not in PORTS or not name or extra:
        return None
    return parts.scheme, name.lower().rstrip("."), PORTS[parts.scheme] if port is None else port


async def _refuse(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()  # the wish to connect; closing before it is accepted answers 403
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        return
    await send(
        {
            "type": "http.response.start",
            "status": 403,
            "headers": [(b"content-type", b"text/plain"), *HEADERS],
        }
    )
    await send({"type": "http.response.body", "body": REFUSED})


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *HEADERS]}
        await send(message)

    return sending


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
    """Return the names and addresses by which a server that listens on an address is known, and those given beside.

    BadConfiguration if one of those is no name of a host.
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
