"""What can go wrong, in words for the person at the screen.

Every message is one or two plain sentences: what is wrong, where, and how to mend it. Pages and the command
line show ``str(error)`` as it is; anything that is not a ``LandmarkError`` is a defect of the program.
"""

import errno
from collections.abc import Iterator


class LandmarkError(Exception):
    """Base of all errors that a user can act on."""


class BadData(LandmarkError):
    """The data cannot be used as they are: a file, a matrix, labels or a gene list."""


class UnclearAxis(BadData):
    """It must be said where the genes of a file are: it may be a matrix, or a description of samples."""


class BadConfiguration(LandmarkError):
    """A setting is out of its bounds; the message names the field, the value and the bound."""


class BadRun(LandmarkError):
    """A stored run or dataset is missing, unfinished or damaged."""


class Cancelled(LandmarkError):
    """The user stopped the work."""


FULL = (
    errno.ENOSPC,
    errno.EDQUOT,
)
FULL_WORDS = ("no space left on device", "disk quota exceeded", "errno = 28", "enospc")
"""What libraries that pack the system's error into one of their own say of a full disk."""

FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


def known_cause(error: BaseException) -> str:
    """Return the sentence for an error that the machine is the cause of, and "" for any other.

    Looks at what raised the error, too: libraries turn "no space left" into errors of their own.
    """
    for cause in _chain(error):
        if isinstance(cause, MemoryError):
            return "There was not enough memory. Use fewer samples or genes, a smaller network, or a larger machine."
        number = cause.errno if isinstance(cause, OSError) else None
        if number in FULL or any(word in str(cause).lower() for word in FULL_WORDS):
            return "The disk is full. Free some space, then resume."
        if number in FORBIDDEN and cause.filename:  # type: ignore[attr-defined]
            return (
                f"{cause.filename} cannot be read or written ({cause.strerror}). "  # type: ignore[attr-defined]
                "Check whose it is and what its owner allows."
            )
        if number == errno.ENAMETOOLONG:
            return "The name of a file is longer than the disk allows, 255 bytes. Give it a shorter one."
    return ""


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it came from, each once."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__
