"""What can go wrong, in words for the person at the screen.

Every message is one or two plain sentences: what is wrong, where, and how to mend it. Pages and the command
line show ``str(error)`` as it is; anything that is not a ``LandmarkError`` is a defect of the program.
"""


class LandmarkError(Exception):
    """Base of all errors that a user can act on."""


class BadData(LandmarkError):
    """The data cannot be used as they are: a file, a matrix, labels or a gene list."""


class BadConfiguration(LandmarkError):
    """A setting is out of its bounds; the message names the field, the value and the bound."""


class BadRun(LandmarkError):
    """A stored run or dataset is missing, unfinished or damaged."""


class Cancelled(LandmarkError):
    """The user stopped the work."""
