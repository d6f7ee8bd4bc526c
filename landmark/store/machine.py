"""What this machine has: memory, room on the disk, network addresses."""

import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

import psutil

from landmark.settings import settings

CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
CGROUP_USED = Path("/sys/fs/cgroup/memory.current")

JOB_SHARE = 0.9
"""Of the machine's memory, for one job, where the settings name no limit."""


@dataclass(frozen=True)
class Memory:
    """Memory of this machine, or of the container this program runs in, in bytes: in all, and free now."""

    total: int
    available: int


def memory() -> Memory:
    """Ask the system; the limit of a container counts where it is lower."""
    system = psutil.virtual_memory()
    limit, used = _number(CGROUP_LIMIT), _number(CGROUP_USED)
    if limit is None or limit >= system.total:
        return Memory(system.total, system.available)
    return Memory(limit, min(system.available, max(limit - (used or 0), 0)))


def job_limit() -> int:
    """Return the bytes that a job may hold: what the settings say, or nine tenths of what the machine has."""
    asked = settings().max_job_mb * 1_000_000
    return asked or int(JOB_SHARE * memory().total)


def preview_limit() -> int:
    """Return the bytes of address space that a look into a file may take."""
    return min(settings().max_preview_mb * 1_000_000, memory().total // 2)


def held() -> int:
    """Return the bytes of memory that this process holds for itself, without files that are only mapped.

    Address space does not count: it is huge, and harmless, where an accelerator is used.
    """
    used = psutil.Process().memory_info()
    return int(used.rss - getattr(used, "shared", 0))


def disk_free(folder: Path) -> int:
    """Return the bytes that can still be written below a folder, which need not exist yet."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def addresses() -> list[str]:
    """Return the network addresses of this machine."""
    found = [
        address.address.partition("%")[0]  # without the zone of a link-local address
        for entries in psutil.net_if_addrs().values()
        for address in entries
        if address.family in (socket.AF_INET, socket.AF_INET6)
    ]
    return list(dict.fromkeys(found))


def _number(path: Path) -> int | None:
    """Read a number of the container's limits; None where there is no limit or no container."""
    try:
        return int(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # "max" stands for no limit
        return None
