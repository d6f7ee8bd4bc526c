"""Lines of progress are read as they grow, and never all again."""

import json
import threading
import time

from landmark.store import activity
from landmark.store.activity import TAIL_BYTES, all_lines, recent_lines


def _line(done, **more):
    return (
        json.dumps(
            {"time": float(done), "stage": "Training", "done": done, "total": 60_000, "unit": "epoch"} | more
        )
        + "\n"
    )


def test_the_end_is_read_alone(tmp_path):
    path = tmp_path / "progress.jsonl"
    path.write_text("".join(map(_line, range(50_000))))
    found = recent_lines(path)
    assert found[-1]["done"] == 49_999
    assert [line["done"] for line in found] == list(range(50_000 - len(found), 50_000))
    assert 60 < len(found) < TAIL_BYTES / 50


def test_the_end_of_a_long_file_costs_no_more_than_that_of_a_short_one(tmp_path):
    """Measured beside each other, so that a busy machine slows both."""
    short, long = tmp_path / "short.jsonl", tmp_path / "long.jsonl"
    short.write_text("".join(map(_line, range(2_000))))
    long.write_text("".join(map(_line, range(100_000))))

    def seconds(path):
        taken = []
        for _ in range(5):
            begun = time.perf_counter()
            recent_lines(path)
            taken.append(time.perf_counter() - begun)
        return min(taken)

    assert seconds(long) < 10 * seconds(short)


def test_what_was_read_is_not_read_again(tmp_path, monkeypatch):
    path = tmp_path / "progress.jsonl"
    path.write_text("".join(map(_line, range(1_000))))
    parsed = []
    original = activity._parsed
    monkeypatch.setattr(activity, "_parsed", lambda text: parsed.append(text.count("\n")) or original(text))
    assert len(all_lines(path)) == 1_000
    with path.open("a") as file:
        file.write(_line(1_000) + _line(1_001)[:20])
    assert [line["done"] for line in all_lines(path)[-2:]] == [999, 1_000]
    with path.open("a") as file:
        file.write(_line(1_001)[20:])
    assert [line["done"] for line in all_lines(path)[-2:]] == [1_000, 1_001]
    assert sum(parsed) == 1_002


def test_another_file_of_the_name_is_read_from_its_start(tmp_path):
    path = tmp_path / "progress.jsonl"
    path.write_text(_line(1) + _line(2))
    assert len(all_lines(path)) == 2
    path.unlink()
    assert all_lines(path) == []
    path.write_text(_line(5))
    assert [line["done"] for line in all_lines(path)] == [5]


def test_damaged_lines_are_passed_over(tmp_path):
    path = tmp_path / "progress.jsonl"
    path.write_bytes(
        b"[1]\n\xff\xfe\n" + _line(3).encode() + b'{"done": "x"}\n{"done": 4, "values": {"a": "b"}}\n'
    )
    assert [line["done"] for line in recent_lines(path)] == [3, 4]
    assert recent_lines(path) == all_lines(path)


def test_all_sessions_share_one_reader(tmp_path):
    path = tmp_path / "progress.jsonl"
    path.write_text("".join(map(_line, range(5_000))))
    found = []
    threads = [threading.Thread(target=lambda: found.append(len(all_lines(path)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [5_000] * 8
