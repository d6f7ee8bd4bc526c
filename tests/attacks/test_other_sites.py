"""Pages of other sites, and names that are pointed at this machine, reach nothing."""

import http.client
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import urlencode

import pytest

from landmark.cli.serve import Door, hosts
from landmark.errors import BadConfiguration
from landmark.store.workspace import Workspace
from tests.pages.stored import dataset, stopped
from tests.real_runs import RealRuns, altered

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
KNOWN = hosts("localhost", ())


def _admits(host: str | None, origin: str | None) -> bool:
    async def nothing(*_: object) -> None:
        return None

    headers = [(b"host", host.encode())] if host is not None else []
    headers += [(b"origin", origin.encode())] if origin is not None else []
    return Door(nothing, KNOWN).admits(headers)


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:8501", None),
        ("localhost:8501", "http://localhost:8501"),
        ("LOCALHOST:8501", "http://localhost:8501"),
        ("127.0.0.1:8501", "http://127.0.0.1:8501"),
        ("[::1]:8501", "http://[::1]:8501"),
        ("localhost", "http://localhost"),
        ("localhost", "https://localhost"),
        ("localhost:80", "http://localhost"),
    ],
)
def test_our_own_pages_are_let_in(host, origin):
    assert _admits(host, origin)


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("evil.example:8501", "http://evil.example:8501"),
        ("evil.example:8501", None),
        ("localhost:8501", "http://evil.example:8501"),
        ("localhost:8501", "http://localhost:9999"),
        ("localhost:8501", "http://localhost"),
        ("localhost:8501", "http://127.0.0.1:8501"),
        ("localhost:8501", "https://localhost:8501/path"),
        ("localhost:8501", "null"),
        ("localhost:8501", ""),
        ("localhost:8501", "file://"),
        ("localhost.evil.example:8501", None),
        ("evil.example@localhost:8501", None),
        ("localhost:port", None),
        ("", None),
        (None, None),
    ],
)
def test_all_others_are_refused(host, origin):
    assert not _admits(host, origin)


def test_two_hosts_or_origins_are_none():
    async def nothing(*_: object) -> None:
        return None

    good = (b"host", b"localhost:1")
    assert not Door(nothing, KNOWN).admits([good, (b"host", b"evil.example")])
    assert not Door(nothing, KNOWN).admits(
        [good, (b"origin", b"http://localhost:1"), (b"Origin", b"http://evil.example")]
    )


def test_the_names_of_a_server():
    assert KNOWN == ["localhost", "127.0.0.1", "::1"]
    assert "192.168.7.7" in hosts("192.168.7.7", ())
    assert set(KNOWN) < set(hosts("0.0.0.0", ()))
    assert hosts("0.0.0.0", ["Lab.Example.org"])[-1] == "lab.example.org"
    for name in ("http://lab", "lab:8501", "", "*", "a/b"):
        with pytest.raises(BadConfiguration, match="--host"):
            hosts("localhost", [name])


def _opened(port: int, host: str, origin: str) -> bool:
    """Ask for the websocket as a browser does, with a host and an origin of choice."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    asked.putrequest("GET", "/_stcore/stream", skip_host=True)
    for name, value in {
        "Host": host,
        "Origin": origin,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol": "streamlit",
    }.items():
        asked.putheader(name, value)
    asked.endheaders()
    status = asked.getresponse().status
    asked.close()
    assert status in (101, 403)
    return status == 101


def test_the_real_server(serve: Callable[..., tuple[int, object]]) -> None:
    port, _ = serve("--host", "lab.example.org")
    assert _opened(port, f"localhost:{port}", f"http://localhost:{port}")
    assert _opened(port, "lab.example.org", "https://lab.example.org")
    assert not _opened(port, f"evil.example:{port}", f"http://evil.example:{port}")
    assert not _opened(port, f"localhost:{port}", "http://evil.example")
    assert not _opened(port, f"localhost:{port}", "http://localhost:9999")
    assert not _opened(port, f"localhost:{port}", "null")
    with urllib.request.urlopen(f"http://localhost:{port}/functions") as answer:
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
        assert "img-src 'self' data: blob:" in answer.headers["Content-Security-Policy"]
    foreign = urllib.request.Request(f"http://localhost:{port}/", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(foreign)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: `apt-get install chromium`")
def test_a_browser_led_here_by_another_name_sees_nothing(serve: Callable[..., tuple[int, object]]) -> None:
    from playwright.sync_api import expect, sync_playwright

    port, _ = serve()

    class Framing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<iframe src='http://localhost:{port}/'></iframe>".encode())

        def log_message(self, *_: object) -> None: ...

    other = HTTPServer(("127.0.0.1", 0), Framing)
    Thread(target=other.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--host-resolver-rules=MAP evil.example 127.0.0.1"],
        )
        page = chromium.new_page()
        answer = page.goto(f"http://evil.example:{port}/")
        assert answer is not None
        assert answer.status == 403
        expect(page.locator("body")).not_to_contain_text("Landmark")
        opened = page.evaluate(
            """port => new Promise(done => {
                const socket = new WebSocket(`ws://localhost:${port}/_stcore/stream`, ["streamlit"]);
                socket.onopen = () => done(true);
                socket.onerror = () => done(false);
            })""",
            port,
        )
        assert opened is False
        page.goto(f"http://evil.example:{other.server_port}/")
        framed = page.frames[1]
        framed.wait_for_load_state()
        assert "Landmark" not in (framed.content())
        assert framed.locator("#root").count() == 0
        page.goto(f"http://localhost:{port}/")
        expect(page.get_by_test_id("stSidebarNav")).to_be_visible(timeout=60_000)
        chromium.close()
    other.shutdown()
    other.server_close()


def test_nothing_asks_the_network_for_our_address(
    serve: Callable[..., tuple[int, subprocess.Popen[bytes]]], tmp_path
) -> None:
    """Streamlit asks a server of Amazon, at the start on all addresses and where an origin is not known."""
    spy = tmp_path / "sitecustomize.py"
    spy.write_text(
        "import socket\n"
        "real = socket.getaddrinfo\n"
        "def asked(host, *more, **named):\n"
        f"    open({str(tmp_path / 'asked.txt')!r}, 'a').write(f'{{host}}\\n')\n"
        "    return real(host, *more, **named)\n"
        "socket.getaddrinfo = asked\n"
    )
    port, _ = serve("--address", "0.0.0.0", environment={"PYTHONPATH": str(tmp_path)})
    for origin in ("http://evil.example", "http://localhost:1"):
        assert not _opened(port, f"localhost:{port}", origin)
    asked = (tmp_path / "asked.txt").read_text() if (tmp_path / "asked.txt").exists() else ""
    assert "amazonaws" not in asked


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: `apt-get install chromium`")
def test_no_name_makes_a_browser_fetch_a_picture(
    serve: Callable[..., tuple[int, object]], home: Workspace, real: RealRuns
) -> None:
    from playwright.sync_api import expect, sync_playwright

    fetched: list[str] = []

    class Canary(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fetched.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    canary = HTTPServer(("127.0.0.1", 0), Canary)
    Thread(target=canary.serve_forever, daemon=True).start()
    picture = f"![](http://127.0.0.1:{canary.server_port}/x)"
    data = dataset(home, title=picture)
    stopped(home, "import", {"path": "/x.csv", "title": picture}, f"Sample {picture} is there twice.")
    altered(real("train"), configuration={"dataset": data.id}, parents={"dataset": data.id})
    port, _ = serve()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page(
            bypass_csp=True
        )  # the names themselves must be harmless, not only kept from harm
        for place, query, said in (
            ("runs", {"run": picture}, "There is no finished run"),
            ("functions", {"dataset": data.id, "set": picture}, "is no gene set"),
        ):
            page.goto(f"http://localhost:{port}/{place}?{urlencode(query)}")
            expect(page.get_by_text(said).first).to_be_visible(timeout=60_000)
            page.wait_for_timeout(1000)
            assert page.locator(f"img[src*='{canary.server_port}']").count() == 0
        chromium.close()
    canary.shutdown()
    canary.server_close()
    assert fetched == []
