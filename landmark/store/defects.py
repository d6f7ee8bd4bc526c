"""Details of what the program did not expect, kept for whoever mends it."""

from landmark.errors import LandmarkError
from landmark.store.request import now
from landmark.store.workspace import open_workspace

DEFECTS = "defect.txt"

MOST = 200_000
"""Characters that are kept; older defects go first."""


def keep(trace: str) -> tuple[bool, str]:
    """Write a traceback below those before it, in the home, and say where; also where that is impossible.

    Returns
    -------
    bool
        Whether it could be written.
    str
        "the details are in <file>", or why they are nowhere; for whoever may know about the machine.
    """
    try:
        path = open_workspace().root / DEFECTS
        before = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        path.write_text(f"{before}{now()}\n{trace}\n"[-MOST:], encoding="utf-8")
    except LandmarkError as error:
        return False, f"its details could not be kept: {error}"
    except OSError as error:
        return False, f"its details could not be kept: {error.strerror or error}"
    return True, f"the details are in {path}"
