"""What the machine has, and how fast it was measured to be."""

import socket

import pytest

from landmark.store import calibration, machine
from landmark.store.calibration import Calibration

MEASURED = Calibration(device="CPU, 2 cores", matrix_rate=1e11, host_rate=9e10, step_seconds={"a step": 0.01})


def test_memory_and_disk_are_those_of_the_system(tmp_path):
    found = machine.memory()
    assert 0 < found.available <= found.total
    assert machine.disk_free(tmp_path / "not" / "there") == pytest.approx(
        machine.disk_free(tmp_path), rel=0.05
    )


@pytest.mark.parametrize(
    ("limit", "total", "available"),
    [("2000000000", 2_000_000_000, 1_500_000_000), ("max", None, None), ("9" * 19, None, None)],
)
def test_the_limit_of_a_container_counts(tmp_path, monkeypatch, limit, total, available):
    for name, text in (("CGROUP_LIMIT", limit), ("CGROUP_USED", "500000000")):
        (tmp_path / name).write_text(text)
        monkeypatch.setattr(machine, name, tmp_path / name)
    found = machine.memory()
    assert total is None or found.total == total
    assert available is None or found.available <= available
    assert found.total > 0


def test_what_was_measured_is_kept_for_this_machine_alone(home, monkeypatch):
    assert calibration.read(home) is None
    calibration.write(home, MEASURED)
    assert calibration.read(home) == MEASURED
    monkeypatch.setattr("socket.gethostname", lambda: "another")
    assert calibration.read(home) is None
    calibration.write(home, MEASURED.model_copy(update={"matrix_rate": 5.0}))
    monkeypatch.undo()


@pytest.mark.parametrize(
    "content", ["", "[1]", "{}", '{"%s": {"device": 3}}', '{"%s": {"speed": 3}}', '{"%s": 4}']
)
def test_a_damaged_calibration_is_as_good_as_none(home, content):
    home.root.mkdir()
    (home.root / calibration.FILE).write_text(content.replace("%s", socket.gethostname()))
    assert calibration.read(home) is None
    calibration.write(home, MEASURED)
    assert calibration.read(home) == MEASURED
