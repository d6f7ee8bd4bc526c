import pytest

from landmark.epigenome.reading import look
from landmark.errors import BadData


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


def names(layout):
    return [files.cell_type for files in layout.cell_types]


def test_the_published_archive(tmp_path):
    parts = ("train.csv", "valid.csv", "test.csv")
    touch(tmp_path, *(f"{cell}/classification/{part}" for cell in ("E004", "E003") for part in parts))
    layout = look(tmp_path)
    assert names(layout) == ["E003", "E004"]
    assert layout.cell_types[0].paths["validation"] == tmp_path / "E003" / "classification" / "valid.csv"


@pytest.mark.parametrize(
    ("pattern", "name"),
    [("{}.csv", "cells"), ("E003_{}.csv", "E003"), ("E003.{}.CSV", "E003"), ("{}-E003.csv", "E003")],
)
def test_three_files_beside_each_other(tmp_path, pattern, name):
    folder = tmp_path / "cells"
    touch(folder, *(pattern.format(part) for part in ("train", "valid", "test")), "readme.txt")
    assert names(look(folder)) == [name]
    one = folder / pattern.format("test")
    assert look(one) == look(folder)


def test_words_that_only_look_like_a_part(tmp_path):
    assert names(look(touch(tmp_path, "latest.csv", "trained.csv"))) == ["latest", "trained"]


def test_one_file_per_cell_type(tmp_path):
    assert names(look(touch(tmp_path, "E003.csv", "E004.csv"))) == ["E003", "E004"]
    assert names(look(tmp_path / "E004.csv")) == ["E004"]


def test_other_files_are_named(tmp_path):
    touch(tmp_path, "x_train.csv", "x_valid.csv", "x_test.csv", "notes.csv")
    assert look(tmp_path).ignored == ("notes.csv",)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "no CSV file"),
        (["x_train.csv", "x_test.csv"], "no file with valid in its name"),
        (["x_train.csv", "x_test.csv", "x_valid.csv", "x-valid.csv"], "Keep one"),
    ],
)
def test_what_cannot_be_brought_together(tmp_path, files, said):
    with pytest.raises(BadData, match=said):
        look(touch(tmp_path, *files))


def test_nothing_there(tmp_path):
    with pytest.raises(BadData, match="no file or folder"):
        look(tmp_path / "absent")


def test_links_that_lead_out_are_left_out(tmp_path):
    outside = touch(tmp_path / "outside", "secret.csv")
    inside = touch(tmp_path / "inside", "E003.csv")
    (inside / "link.csv").symlink_to(outside / "secret.csv")
    (inside / "folder").symlink_to(outside)
    assert names(look(inside)) == ["E003"]
