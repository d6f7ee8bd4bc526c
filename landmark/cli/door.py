"""Who may talk to the dashboard: an ASGI wrap that stands before Streamlit.

A page of another site can send requests to this server from the browser of somebody who may reach it. It is known by
two headers that a page cannot forge: ``Host``, the name in the address, and ``Origin``, where the page came from. A
name that its owner points at this machine (DNS rebinding) is none of ours; a page of another site, or of another port
of this machine, has another origin.
"""

from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any
from urllib.parse import urlsplit

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
