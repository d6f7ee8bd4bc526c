"""Uploads are bounded on the server, and leave its memory when they are on the disk."""

import io
import shutil
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from landmark.errors import BadData
from landmark.store.sweep import UPLOAD_SECONDS
from landmark.store.workspace import Workspace
from landmark.ui import uploads
from landmark.ui import uploads as ui_uploads

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
MB = 1024 * 1024


@pytest.fixture
def keeper(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> MemoryUploadedFileManager:
    """Give the server's keeper of uploads, as a page sees it."""
    kept = MemoryUploadedFileManager("/upload")
    context = SimpleNamespace(session_id="me", uploaded_file_mgr=kept)
    monkeypatch.setattr(ui_uploads, "get_script_run_ctx", lambda: context)
    return kept


def _uploaded(keeper: MemoryUploadedFileManager, content: bytes, name: str = "a.csv") -> UploadedFile:
    record = UploadedFileRec(name + str(time.monotonic_ns()), name, "text/csv", content)
    keeper.add_file("me", record)
    return UploadedFile(record, FileURLs())


def test_what_is_released_is_gone_from_memory(keeper: MemoryUploadedFileManager) -> None:
    file = _uploaded(keeper, bytes(5 * MB))
    path = uploads.spool(file, file.name)
    ui_uploads.release(file)
    assert path.stat().st_size == 5 * MB
    assert keeper.get_stats() == {}
    assert file.closed


@pytest.mark.parametrize("most", [10, 50])
def test_a_field_is_bounded_on_the_server_too(
    keeper: MemoryUploadedFileManager, home: Workspace, most: int
) -> None:
    fitting = _uploaded(keeper, bytes(most * MB))
    assert len(uploads.text_of(fitting, most)) == most * MB
    for take in (uploads.text_of, lambda file, most: uploads.spool(file, "a.gmt", most)):
        file = _uploaded(keeper, bytes(most * MB + 1))
        with pytest.raises(BadData, match=f"here it may have up to {most} MB"):
            take(file, most)
        assert file.closed
    assert len(keeper.file_storage["me"]) == 1
    assert not home.uploads.exists()


def test_an_upload_is_bounded_by_the_settings(
    keeper: MemoryUploadedFileManager, home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANDMARK_MAX_UPLOAD_MB", "1")
    with pytest.raises(BadData, match="up to 1 MB"):
        uploads.spool(_uploaded(keeper, bytes(MB + 1)), "a.csv")
    with pytest.raises(BadData, match="up to 1 MB"):
        uploads.spool_together([("a.csv", _uploaded(keeper, bytes(MB + 1)))], "marks")


def test_all_uploads_together_are_bounded(
    keeper: MemoryUploadedFileManager, home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANDMARK_UPLOADS_MB", "3")
    for _ in range(2):
        uploads.spool(io.BytesIO(bytes(MB)), "a.csv")
    with pytest.raises(BadData, match="2 MB already, and may have 3 MB together"):
        uploads.spool(io.BytesIO(bytes(MB + 1)), "a.csv")
    with pytest.raises(BadData, match="may have 3 MB together"):
        uploads.spool_together([("a.csv", io.BytesIO(bytes(MB))), ("b.csv", io.BytesIO(bytes(MB)))], "marks")


@pytest.mark.parametrize("name", ["..", "x" * 256, "é" * 128 + "x", "a\0b", "a\nb", "a\\..\\b", "\ud800"])
def test_a_name_that_no_file_can_have_is_a_sentence(home: Workspace, name: str) -> None:
    with pytest.raises(BadData):
        uploads.spool(io.BytesIO(b"x"), name)
    with pytest.raises(BadData):
        uploads.spool_together([("a.csv", io.BytesIO(b"x"))], name)
    assert not list(home.uploads.glob("*/*"))


def test_a_full_disk_leaves_no_half_of_an_upload(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploads.shutil, "copyfileobj", full)
    with pytest.raises(OSError, match="No space"):
        uploads.spool(io.BytesIO(b"x"), "a.csv")
    assert not list(home.uploads.iterdir())


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: `apt-get install chromium`")
def test_the_server_keeps_an_upload_on_the_disk_only_and_sweeps_it(
    serve: Callable[..., tuple[int, object]], home: Workspace, tmp_path: Path
) -> None:
    import os

    from playwright.sync_api import expect, sync_playwright

    orphan = home.uploads / "00112233" / "left.csv"
    orphan.parent.mkdir(parents=True)
    orphan.write_text("x")
    then = time.time() - 2 * UPLOAD_SECONDS
    for path in (orphan, orphan.parent):
        os.utime(path, (then, then))
    large = tmp_path / "large.csv"
    large.write_bytes(b"gene,s1\n" + b"TP53,1\n" * (20 * MB // 7))
    port, _ = serve()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page()
        page.goto(f"http://localhost:{port}/import")
        page.get_by_text("Upload", exact=True).first.click(timeout=60_000)
        page.locator("input[type=file]").first.set_input_files(large)
        expect(page.get_by_text("large.csv").first).to_be_visible(timeout=60_000)
        expect(page.get_by_text("Another file")).to_be_visible(timeout=60_000)
        assert [path.name for path in home.uploads.rglob("*.csv")] == ["large.csv"], "the orphan is swept"
        with urllib.request.urlopen(f"http://localhost:{port}/_stcore/metrics") as answer:
            assert b"UploadedFileManager" not in answer.read(), "nothing of it is kept in memory"
        chromium.close()
