"""What the machine has."""

import pytest

from landmark.store import machine


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
