"""What the server keeps for one open page: whether it is still open, and the files it has uploaded."""

import time
from collections.abc import Callable
from typing import Any

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

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
    """Free the memory that the server keeps for uploaded files; otherwise it does so when the session ends.

    Parameters
    ----------
    files
        As ``st.file_uploader`` returns them. Its widget shows none of them afterwards.
    """
    context = get_script_run_ctx()
    keeper: Any = context.uploaded_file_mgr if context is not None else None
    for file in files:
        file.close()
        if context is not None and hasattr(keeper, "remove_file") and hasattr(file, "file_id"):
            keeper.remove_file(context.session_id, file.file_id)
