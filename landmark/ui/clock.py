"""Times and durations as people read them."""

from datetime import UTC, datetime


def duration(seconds: float) -> str:
    """Write a duration with at most two units: "8 s", "3 min 20 s", "2 h 5 min"."""
    if seconds < 1:
        return "less than 1 s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
    hours, rest = divmod(round(whole / 60), 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def moment(iso: str) -> datetime:
    """Return a stored time in the time zone of this machine."""
    return datetime.fromisoformat(iso).astimezone()


def ago(iso: str) -> str:
    """Write how long ago a stored time was: "just now", "5 minutes ago", "12 Mar 2026"."""
    seconds = (datetime.now(UTC) - moment(iso)).total_seconds()
    for limit, unit, noun in (
        (60, 1, ""),
        (3600, 60, "minute"),
        (86_400, 3600, "hour"),
        (7 * 86_400, 86_400, "day"),
    ):
        if seconds < limit:
            count = int(seconds / unit)
            return f"{count} {noun}{'' if count == 1 else 's'} ago" if noun else "just now"
    return f"{moment(iso):%d %b %Y}"
