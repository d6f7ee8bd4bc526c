"""The lines of progress of unfinished runs, read as they grow: a file of ten hours holds fifty thousand of them."""

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landmark.runs.files import is_number, tail

TAIL_BYTES = 65_536
"""Enough for the lines of a minute, which say how far and how fast."""

FILES = 32
"""Files whose lines are kept in memory; those not asked for longest go first."""

Line = dict[str, Any]


def recent_lines(path: Path) -> list[Line]:
    """Read the last lines of a file, oldest first; nothing where there is none."""
    return _parsed(tail(path, TAIL_BYTES))


def all_lines(path: Path) -> list[Line]:
    """Return all lines of a file, oldest first; only what was written since the last call is read.

    All sessions share one reader for each file.
    """
    with _changing:
        reader = _readers.pop(path, None) or _Reader()
        _readers[path] = reader
        while len(_readers) > FILES:
            _readers.popitem(last=False)
    return reader.read(path)


@dataclass
class _Reader:
    """What was read of one file so far."""

    inode: int = -1
    offset: int = 0
    lines: list[Line] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, path: Path) -> list[Line]:
        with self.lock:
            try:
                with path.open("rb") as file:
                    about = path.stat()
                    if about.st_ino != self.inode or about.st_size < self.offset:  # another file of that name
                        self.inode, self.offset, self.lines = about.st_ino, 0, []
                    file.seek(self.offset)
                    news = file.read()
            except OSError:
                return []
            whole = news[: news.rfind(b"\n") + 1]
            self.offset += len(whole)
            self.lines += _parsed(whole.decode("utf-8", errors="replace"))
            return [*self.lines, *_parsed(news[len(whole) :].decode("utf-8", errors="replace"))]


_readers: OrderedDict[Path, _Reader] = OrderedDict()
_changing = threading.Lock()


def _parsed(text: str) -> list[Line]:
    """Return the sound lines: that of a killed process may be cut, that of a bad disk be anything."""
    lines = []
    for line in text.splitlines():
        try:
            found = json.loads(line)
        except (json.JSONDecodeError, RecursionError):
            continue
        if isinstance(found, dict) and (sound := _sound(found)):
            lines.append(sound)
    return lines


def _sound(line: Mapping[str, Any]) -> Line | None:
    """Complete a line of progress; None where a value is of another kind than it must be."""
    whole = {"time": 0.0, "stage": "", "done": 0, "total": 0, "unit": "", "values": {}} | dict(line)
    if not all(isinstance(whole[name], str) for name in ("stage", "unit")):
        return None
    if not all(is_number(whole[name]) for name in ("time", "done", "total")):
        return None
    if not isinstance(whole["values"], dict):
        return None
    return whole | {"values": {name: value for name, value in whole["values"].items() if is_number(value)}}
