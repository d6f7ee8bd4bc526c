"""Looking at data in a process of its own: answers, errors, ends."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from landmark.jobs import preview
from landmark.jobs.preview import Look, forget, look, standing
from landmark.jobs.preview_worker import Question, described
from landmark.store.workspace import Workspace
from tests.data.make import frame, write

PATIENCE = 60.0


@pytest.fixture
def home(own_home: Path) -> Iterator[Workspace]:
    yield Workspace(own_home)
    for folder in (own_home / "looks").glob("*/"):
        forget(folder)


def _ended(begun: Look) -> Look:
    until = time.monotonic() + PATIENCE
    while (now := standing(begun.folder)).state == "looking":
        assert time.monotonic() < until
        time.sleep(0.05)
    return now


def test_a_matrix_and_its_annotations(home: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", frame(samples=4).to_csv())
    begun = look(home, Question(path=str(path)))
    assert begun.state == "looking"
    assert _ended(begun).state == "seen"
    assert look(home, Question(path=str(path))) == standing(begun.folder)
    table = write(tmp_path / "a.csv", "name,tissue\nS1,lung\nS9,skin\n")
    second = Question(annotations=str(table), samples_of=str(begun.folder))
    found = described(_ended(look(home, second)).folder)
    assert found.joined.rows_without == ("S9",)
    assert found.joined.samples_without == ("S2", "S3", "S4")
    assert found.offered == ("name", "tissue")


def test_a_file_that_changes_is_looked_at_again(home: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("not a table")
    failed = _ended(look(home, Question(path=str(path))))
    assert failed.state == "failed"
    assert "m.csv" in failed.message
    write(path, frame().to_csv())
    assert look(home, Question(path=str(path))).key != failed.key


def test_a_look_that_is_ended_by_the_system_is_explained(home: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", frame().to_csv())
    begun = look(home, Question(path=str(path)))
    attempt = preview._at_work[begun.key]
    until = time.monotonic() + PATIENCE
    while attempt.process is None:
        assert time.monotonic() < until
        time.sleep(0.01)
    attempt.process.kill()  # long before its libraries are loaded
    assert "perhaps for lack of memory" in _ended(begun).message


def test_a_look_without_an_answer_or_a_process_was_stopped(home: Workspace) -> None:
    folder = home.root / "looks" / "left"
    folder.mkdir(parents=True)
    assert standing(folder).state == "failed"
    assert "stopped" in standing(folder).message


def test_old_answers_are_removed(home: Workspace, tmp_path: Path) -> None:
    old = home.root / "looks" / "old"
    old.mkdir(parents=True)
    long_ago = time.time() - 2 * preview.KEPT_SECONDS
    os.utime(old, (long_ago, long_ago))
    path = write(tmp_path / "m.csv", frame().to_csv())
    begun = look(home, Question(path=str(path)))
    assert not old.exists()
    forget(begun.folder)
    assert not begun.folder.exists()


def test_many_sessions_ask_the_same_at_once(home: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", frame().to_csv())
    question = Question(path=str(path))
    for _ in range(3):
        together = threading.Barrier(16)
        found: list[Look] = []

        def ask(name: str, together: threading.Barrier = together, found: list[Look] = found) -> None:
            together.wait(PATIENCE)
            found.append(look(home, question, name, lambda: True))

        _all([threading.Thread(target=ask, args=(f"page {i}",)) for i in range(16)])
        assert [one.state for one in found] == ["looking"] * 16
        assert len({one.key for one in found}) == 1
        for i in range(16):
            forget(found[0].folder, f"page {i}")
        assert not found[0].folder.exists()


def test_a_look_goes_on_while_another_page_waits_for_it(home: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", frame().to_csv())
    begun = look(home, Question(path=str(path)), "first", lambda: True)
    look(home, Question(path=str(path)), "second", lambda: True)
    forget(begun.folder, "first")
    assert _ended(begun).state == "seen"


def test_try_again_never_shows_the_failure_before(home: Workspace, tmp_path: Path) -> None:
    """What ends writes its failure while another session removes it and asks again."""
    path = write(tmp_path / "m.csv", frame().to_csv())
    question = Question(path=str(path))
    begun = look(home, question)
    for _ in range(30):
        together = threading.Barrier(2)
        again: list[Look] = []

        def end(together: threading.Barrier = together) -> None:
            attempt = preview._at_work.get(begun.key)
            together.wait(PATIENCE)
            if attempt is not None and attempt.process is not None:
                attempt.process.kill()

        def ask(together: threading.Barrier = together, again: list[Look] = again) -> None:
            together.wait(PATIENCE)
            forget(begun.folder)
            again.append(look(home, question))

        _all([threading.Thread(target=end), threading.Thread(target=ask)])
        assert again[0].state == "looking"
    assert _ended(begun).state == "seen"
    hidden = [folder.name for folder in (home.root / "looks").iterdir() if folder.name.startswith(".")]
    assert hidden == []


def _all(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
