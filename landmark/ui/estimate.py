"""What a training needs of this machine, shown before it starts; says so where it will not fit."""

import streamlit as st

from landmark.errors import BadConfiguration, BadData
from landmark.models.settings import AutoencoderConfiguration
from landmark.models.size import GIGABYTE
from landmark.settings import settings
from landmark.store.datasets import Dataset
from landmark.ui import resources
from landmark.ui.figure import metric
from landmark.wording import escaped
from landmark.workflows.notes import check_held_out
from landmark.workflows.resource_check import Resources, check_resources, task_of

_MEMORY = "Data, weights, Adam's moments, one batch, and the program itself."
_DISK = "Checkpoints while it runs, the trained network, and the predictions of held-out samples."


def estimate(dataset: Dataset, network: AutoencoderConfiguration, runs: int = 1) -> bool:
    """Show memory and disk of one or several trainings; return whether they fit."""
    try:
        found = check(dataset, network, runs)
    except BadConfiguration as error:
        st.error(f"This will not fit: {escaped(error)}", icon=":material/block:")
        return False
    elsewhere = _on_cluster()
    with st.container(horizontal=True, gap="large", key="estimate"):
        free = "" if elsewhere else f"{_gigabytes(found.memory_available)} free"
        _amount("Memory, at most", found.memory.host, free, _MEMORY)
        _amount("Disk", found.disk, f"{_gigabytes(found.disk_free)} free", _DISK)
    st.caption("The time left is shown soon after the start.")
    if not elsewhere:
        _memory_notes(found)
    return True


def check(dataset: Dataset, network: AutoencoderConfiguration, runs: int = 1) -> Resources:
    """Refuse what the data, or the machine that will train, cannot carry.

    BadConfiguration naming the field, its value and its bound.
    """
    try:
        check_held_out(dataset.manifest.split.get("test", 0))
    except BadData as error:
        raise BadConfiguration(str(error)) from error
    return check_resources(resources.here(), task_of(dataset.manifest, network), runs, here=not _on_cluster())


def _on_cluster() -> bool:
    return settings().executor == "slurm"


def _memory_notes(found: Resources) -> None:
    if not found.memory.loaded:
        st.caption(
            "The dataset is large for this memory: it is read from the disk while training runs, with the same result."
        )
    if found.memory.host > found.memory_available:
        st.warning(
            f"Only {_gigabytes(found.memory_available)} of memory are free now. Close other programs, or wait until "
            "other runs are finished."
        )


def _amount(label: str, needed: int, there: str, text: str) -> None:
    metric(label, _gigabytes(needed), f"of {there}" if there else None, help=text)


def _gigabytes(count: float) -> str:
    """Write an amount of memory: "1.2 GB", "45 MB"."""
    return f"{count / GIGABYTE:,.1f} GB" if count >= 0.95e8 else f"{max(round(count / 1e6), 1)} MB"
