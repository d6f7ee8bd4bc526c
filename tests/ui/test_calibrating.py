"""Measuring the machine beside the server: one at a time, and what goes wrong is told once."""

import sys
import time

import pytest

from landmark.models.settings import AutoencoderConfiguration
from landmark.store.workspace import Workspace
from landmark.ui import estimate
from landmark.ui.estimate import RETRY_SECONDS, UNTOLD, Measurements, command

NETWORK = AutoencoderConfiguration()


@pytest.fixture
def started(monkeypatch):
    """Programs that stand for a measurement, in the order they are started."""
    programs = []

    def instead(dataset_id, network):
        programs.append(dataset_id)
        return [sys.executable, "-c", dataset_id]

    monkeypatch.setattr(estimate, "command", instead)
    return programs


def test_the_command_says_what_differs_from_the_defaults():
    words = command("abc", AutoencoderConfiguration(hidden=20, precision="bfloat16"))
    assert words[1:7] == ["-m", "landmark", "estimate", "--json", "--dataset", "abc"]
    assert words[7:] == ["--with", "precision=bfloat16", "--with", "hidden=20"]


def test_one_measurement_works_at_a_time(started, own_home):
    measured, home = Measurements(), Workspace(own_home)
    assert measured.ask(home, "import time; time.sleep(60)", NETWORK, "first") == ""
    assert measured.ask(home, "pass", NETWORK, "second") == ""
    assert len(started) == 1
    process = measured._process
    process.terminate()
    process.wait()
    assert measured.ask(home, "pass", NETWORK, "second") == ""
    assert len(started) == 2
    measured._process.wait()
    assert measured.ask(home, "pass", NETWORK, "first") == UNTOLD


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        ("import sys; sys.exit('landmark: the disk is full')", "the disk is full"),
        ("import sys; sys.exit(1)", UNTOLD),
        ("open('/srv/secret/folder')", UNTOLD),
    ],
)
def test_a_failure_is_told_and_not_tried_again_at_once(started, own_home, program, sentence):
    measured, home = Measurements(), Workspace(own_home)
    assert measured.ask(home, program, NETWORK, "a step") == ""
    measured._process.wait()
    assert measured.ask(home, program, NETWORK, "a step") == sentence
    assert measured.ask(home, program, NETWORK, "a step") == sentence
    assert len(started) == 1


def failed(own_home, program="import sys; sys.exit('landmark: the disk is full')"):
    """Measurements of which one has failed, just now."""
    measured = Measurements()
    measured.ask(Workspace(own_home), program, NETWORK, "a step")
    measured._process.wait()
    assert measured.ask(Workspace(own_home), program, NETWORK, "a step") == "the disk is full"
    return measured, lambda: measured.ask(Workspace(own_home), program, NETWORK, "a step")


def test_a_failure_is_tried_again_after_a_while(started, own_home, monkeypatch):
    measured, ask = failed(own_home)
    now = time.monotonic()
    monkeypatch.setattr("landmark.ui.estimate.time.monotonic", lambda: now + RETRY_SECONDS - 5)
    assert ask() == "the disk is full"
    monkeypatch.setattr("landmark.ui.estimate.time.monotonic", lambda: now + RETRY_SECONDS + 5)
    assert ask() == ""
    assert len(started) == 2
    measured._process.wait()
    assert ask() == "the disk is full"  # and fails anew


def test_a_failure_is_tried_again_on_demand(started, own_home):
    measured, ask = failed(own_home)
    measured.forget("another step")
    assert ask() == "the disk is full"
    measured.forget("a step")
    assert ask() == ""
    assert len(started) == 2
    measured._process.wait()
