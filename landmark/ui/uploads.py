"""Files that came through the browser: kept on disk for this session until they are imported."""

import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from landmark.errors import BadData
from landmark.genesets.text import decoded
from landmark.settings import settings
from landmark.store.sweep import sweep_uploads
from landmark.ui import resources
from landmark.wording import escaped

GRACE_SECONDS = 10.0
"""A page that is loaded anew, or loses its connection for a moment, is not closed."""


def name() -> str:
    """Return what tells the page that is drawn now apart from others; "" where nobody knows."""
    context = get_script_run_ctx()
    return context.session_id if context is not None else ""


def watch() -> Callable[[], bool] | None:
    """Return what says, from any thread, whether the page that is drawn now is still open; None where nobody knows."""
    context = get_script_run_ctx()
    if context is None or not runtime.exists():
        return None
    server, session = runtime.get_instance(), context.session_id
    seen = time.monotonic()

    def still_open() -> bool:
        nonlocal seen
        if server.is_active_session(session):
            seen = time.monotonic()
        return time.monotonic() - seen < GRACE_SECONDS

    return still_open


def release(*files: Any) -> None:
    """Free the memory of files of ``st.file_uploader``, which shows none of them afterwards.

    Otherwise the server does so when the session ends.
    """
    context = get_script_run_ctx()
    keeper: Any = context.uploaded_file_mgr if context is not None else None
    for file in files:
        file.close()
        if context is not None and hasattr(keeper, "remove_file") and hasattr(file, "file_id"):
            keeper.remove_file(context.session_id, file.file_id)


MEGABYTE = 1024 * 1024
"""As Streamlit counts uploads."""

LONGEST_NAME = 255
"""Bytes of the name of a file that disks keep."""


def spool(file: BinaryIO, name: str, most_mb: int | None = None) -> Path:
    """Write an uploaded file of at most ``most_mb`` MB below the home folder and return where it is.

    By default it may be as large as the settings allow. The browser is told of it, too, but may be any program.

    BadData if the file is too large, all uploads together are, or its name cannot be that of a file.
    """
    _check_size([file], settings().max_upload_mb if most_mb is None else most_mb)
    folder = resources.here().uploads / secrets.token_hex(8)
    path = folder / _file_name(Path(name).name)
    folder.mkdir(parents=True)
    _copy([(file, path)], folder)
    return path


def text_of(file: BinaryIO, most_mb: int) -> str:
    """Return the text of a small uploaded file.

    BadData if the file is larger than ``most_mb`` MB; the memory it took is free then.
    """
    _check_size([file], most_mb)
    file.seek(0)
    return decoded(file.read())


def spool_together(files: Sequence[tuple[str, BinaryIO]], name: str) -> Path:
    """Write uploaded files into one folder of this name below the home folder and return where it is.

    Each file comes with its name, relative to the folder it was chosen in.

    BadData if two files have the same name, they are too large, or a name cannot be that of a file.
    """
    _check_size([file for _, file in files], settings().max_upload_mb)
    folder = resources.here().uploads / secrets.token_hex(8) / _file_name(name)
    copies: dict[Path, BinaryIO] = {}
    for relative, file in files:
        parts = [part for part in Path(relative).parts if part not in ("/", "..", ".")]
        path = folder.joinpath(*map(_file_name, parts or [""]))
        if path in copies:
            raise BadData(f"Two of the files are called {path.name}. Rename one of them.")
        copies[path] = file
    folder.mkdir(parents=True)
    _copy([(file, path) for path, file in copies.items()], folder.parent)
    return folder


def _file_name(name: str) -> str:
    """Return a name that a file can have; one that cannot be is refused."""
    name = name or "upload"
    if len(name.encode(errors="replace")) > LONGEST_NAME:
        raise BadData(
            f"The name of the file, {name[:40]}..., is longer than {LONGEST_NAME} bytes. Give it a shorter one."
        )
    if name in (".", "..") or any(
        ord(sign) < 32 or sign in "/\\" or 0xD800 <= ord(sign) < 0xE000 for sign in name
    ):
        raise BadData(f"{name!r} cannot be the name of a file. Rename it.")
    return name


def _check_size(files: Sequence[BinaryIO], most_mb: int) -> None:
    """Refuse files that are too large, each for its field or all for the disk of uploads, and free their memory."""
    try:
        _refuse_large(files, most_mb)
    except BadData:
        release(*files)
        raise


def _refuse_large(files: Sequence[BinaryIO], most_mb: int) -> None:
    sizes = [file.seek(0, os.SEEK_END) for file in files]
    if max(sizes, default=0) > most_mb * MEGABYTE:
        raise BadData(f"The file has {max(sizes) / MEGABYTE:,.0f} MB; here it may have up to {most_mb:,} MB.")
    waiting = sum(path.stat().st_size for path in resources.here().uploads.rglob("*") if path.is_file())
    if waiting + sum(sizes) > settings().uploads_mb * MEGABYTE:
        raise BadData(
            f"Uploaded files that wait for their import have {waiting / MEGABYTE:,.0f} MB already, and may have "
            f"{settings().uploads_mb:,} MB together. Import or give up some of them, or ask whoever runs the server to "
            "raise LANDMARK_UPLOADS_MB."
        )


def _copy(files: Iterable[tuple[BinaryIO, Path]], folder: Path) -> None:
    """Write files below a new folder, which goes again where that fails, as on a full disk."""
    try:
        for file, path in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            file.seek(0)
            with path.open("wb") as copy:
                shutil.copyfileobj(file, copy, 1 << 20)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def uploaded(label: str, name: str) -> Path | None:
    """Take a file from the browser to the disk at once, so that it is not kept in memory as well.

    ``name`` tells uploads apart: letters, digits and hyphens.
    """
    kept, count = f"{name} file", f"{name} count"
    path = st.session_state.get(kept)
    if path is not None and keep(path):
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            st.markdown(
                f":material/draft: **{escaped(path.name)}**, {_size(path.stat().st_size)}", width="content"
            )
            if st.button("Another file", icon=":material/swap_horiz:", key=f"{name}-other"):
                del st.session_state[kept]
                st.rerun()
        return Path(path)
    number = st.session_state.setdefault(count, 0)
    file = st.file_uploader(label, max_upload_size=settings().max_upload_mb, key=f"{name}-{number}")
    if file is not None:
        st.session_state[kept] = spool(file, file.name)
        release(file)
        st.session_state[count] = number + 1  # a new widget: the old one shows a file that it no longer has
        st.rerun()
    return None


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{max(count / 1e3, 0.1):,.1f} kB"


def keep(path: Path) -> bool:
    """Tell whether an uploaded file is still there; one that a page shows is kept from being swept."""
    try:
        os.utime(path.parent)
    except FileNotFoundError:
        return False
    return path.exists()


def sweep() -> None:
    """Remove uploaded files that are imported, and those that no unfinished run asks for any more."""
    sweep_uploads(resources.here())


def server_files(folder: Path, most: int = 500) -> list[str]:
    """Return the files below the server's import folder, relative to it; links that lead out are left out."""
    root = folder.resolve()
    found = []
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.name.startswith(".") and path.resolve().is_relative_to(root):
            found.append(str(path.relative_to(root)))
            if len(found) == most:
                break
    return found
