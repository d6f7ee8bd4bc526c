import pytest

from landmark.errors import BadData
from landmark.store.lists import delete_list, store_list, stored_lists
from landmark.store.workspace import Workspace


@pytest.fixture
def home(tmp_path):
    return Workspace(tmp_path)


def test_a_list_is_read_back_as_it_was_kept(home):
    made = store_list(home, "my  panel", ["TP53", "MYC", "TP53"], "pasted\n# by hand")
    [known] = stored_lists(home)
    assert known == made
    assert (known.name, known.genes, known.origin) == ("my panel", ("TP53", "MYC"), "pasted # by hand")
    assert known.text == f"list:{home.root}/lists/my panel.txt"


def test_a_list_never_changes(home):
    store_list(home, "a", ["TP53"], "one")
    with pytest.raises(BadData, match="There is a list 'a' already"):
        store_list(home, "a", ["MYC"], "two")
    delete_list(home, "a")
    assert stored_lists(home) == []


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "x" * 61, "tab\0"])
def test_names_that_are_no_file_names_are_refused(home, name):
    with pytest.raises(BadData, match="cannot be the name"):
        store_list(home, name, ["TP53"], "")


def test_empty_lists_and_unknown_names_are_refused(home):
    with pytest.raises(BadData, match="no gene"):
        store_list(home, "a", [], "")
    with pytest.raises(BadData, match="no list"):
        delete_list(home, "b")
