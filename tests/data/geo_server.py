"""A small server laid out as NCBI's, which can cut connections, and the series that it serves."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

PROBES = ("1007_s_at", "1053_at", "117_at", "121_at", "1255_g_at", "1294_at", "1316_at", "1320_at")


@dataclass
class Site:
    """What the server holds and how it misbehaves.

    Attributes
    ----------
    files
        Path to content.
    cut_after
        Bytes after which the connection is cut, once per entry; for downloads only.
    asked
        Every request: method, path and the range asked for.
    ranges
        Whether a part of a file can be asked for.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    cut_after: list[int] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    ranges: bool = True
    tag: str = '"one"'
    address: str = ""


def _reply(site: Site, path: str, wanted: str) -> tuple[int, bytes, dict[str, str], list[int]]:
    """Return status, content, headers, and after how many bytes each answer breaks off."""
    if path.endswith("/"):
        names = sorted(name[len(path) :] for name in site.files if name.startswith(path))
        listed = "".join(f'<a href="{name}">{name}</a> 1M\n' for name in names).encode()
        return 200 if names else 404, listed, {}, []
    content = site.files.get(path, b"")
    if not content:
        return 404, b"", {}, []
    start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
    if start >= len(content):
        return 416, b"", {"Content-Range": f"bytes */{len(content)}"}, []
    headers = {"ETag": site.tag}
    if start:
        headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
    return 206 if start else 200, content[start:], headers, site.cut_after


@contextmanager
def served(site: Site) -> Iterator[Site]:
    """Serve a site on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(with_content=False)

        def do_GET(self) -> None:
            self._answer(with_content=True)

        def log_message(self, *about: object) -> None:
            pass

        def _answer(self, with_content: bool) -> None:
            wanted = self.headers.get("Range", "")
            site.asked.append((self.command, self.path, wanted))
            same = self.headers.get("If-Range", site.tag) == site.tag
            self._send(*_reply(site, self.path, wanted if site.ranges and same else ""), with_content)

        def _send(
            self,
            status: int,
            content: bytes,
            headers: dict[str, str],
            cuts: list[int],
            with_content: bool,
        ) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            if with_content:
                most = cuts.pop(0) if cuts else len(content)
                self.wfile.write(content[:most])

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        site.address = f"http://127.0.0.1:{server.server_port}/geo/series"
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def series_matrix(
    accession: str, samples: int, facts: dict[str, list[str]], logged: bool = True, seed: int = 0
) -> bytes:
    """Make a series matrix file, packed, as GEO writes it."""
    rng = np.random.default_rng(seed)
    values = rng.uniform(4, 14, (len(PROBES), samples))
    if not logged:
        values = 2**values
    names = [f"GSM{seed}{i:03d}" for i in range(samples)]
    lines = [f'!Series_title\t"Series {accession}"', f'!Series_geo_accession\t"{accession}"', ""]
    lines += [f"!Sample_{name}\t" + "\t".join(f'"{v}"' for v in column) for name, column in facts.items()]
    lines += ["!series_matrix_table_begin", '"ID_REF"\t' + "\t".join(f'"{name}"' for name in names)]
    lines += [
        f'"{probe}"\t' + "\t".join(f"{v:.4f}" for v in row) for probe, row in zip(PROBES, values, strict=True)
    ]
    return gzip.compress(("\n".join([*lines, "!series_matrix_table_end"]) + "\n").encode(), mtime=0)


def soft_family(accession: str, platforms: dict[str, int]) -> bytes:
    """Make a SOFT family file, packed: some samples of each platform."""
    lines = ["^DATABASE = GeoMiame", f"^SERIES = {accession}", f"!Series_geo_accession = {accession}"]
    for platform, samples in platforms.items():
        for i in range(samples):
            lines += [
                f"^SAMPLE = GSM{platform[3:]}{i}",
                f"!Sample_platform_id = {platform}",
                "!sample_table_begin",
            ]
            lines += ["ID_REF\tVALUE", *(f"{probe}\t{i + j}.5" for j, probe in enumerate(PROBES))]
            lines += ["!sample_table_end"]
    return gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0)
