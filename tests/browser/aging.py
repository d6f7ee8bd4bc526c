"""The dashboard on a clock that a file moves on: `python tests/browser/aging.py serve ...`, seconds in $AGED_BY."""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from landmark.cli.app import main
from landmark.ui import wording


class Moved(datetime):
    """Tells a later time than it is."""

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + timedelta(seconds=float(Path(os.environ["AGED_BY"]).read_text() or 0))


wording.datetime = Moved
main()
