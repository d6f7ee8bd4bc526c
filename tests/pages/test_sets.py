"""The page of gene sets: what they share, lists of one's own, combinations and panels."""

import pytest

from landmark.store.lists import store_list, stored_lists
from tests.pages.opened import opened, sound, words
from tests.real_runs import altered

PAGE = "genes/sets.py"


@pytest.fixture
def genes(real) -> list[str]:
    """Names of all genes; every other one is an L1000 gene."""
    return list(real.dataset().annotations().var_names)


def test_without_a_dataset_it_leads_to_the_import(home):
    assert [button.label for button in opened(PAGE).button] == ["Bring a dataset in"]


def test_sets_and_what_they_share(real, genes):
    ranked = real("rank")
    page = sound(PAGE)
    first = ranked.table("ranking").sort_values("rank")["gene"].head(40)
    assert f"**{len(set(first) & set(genes[::2]))} gene" in words(page)
    assert "would share about 20" in words(page)  # 40 x 40 of 80
    assert page.dataframe[0].value["set"].tolist() == ["D40", "L1000", "V40"]
    assert page.query_params["sets"] == f"{ranked.id}|L1000|variable"


def test_a_pasted_list_is_sorted_and_kept(genes, home):
    page = opened(PAGE)
    page.text_area(key="paste-genes").set_value(
        f"{genes[1]}, {genes[2].lower()}; TP53 nonsense {genes[1]}"
    ).run()
    assert "**2 genes of this dataset**; 1 known, but not measured here; 1 name that no gene" in words(page)
    page.text_input(key="paste-name-pasted list").set_value("my genes").run()
    page.button(key="paste-save").click().run()
    assert not page.exception
    assert stored_lists(home)[0].genes == tuple(genes[1:3])
    assert "my genes is saved" in "\n".join(str(note.value) for note in page.success)


def test_two_sets_are_combined(genes, home):
    text = store_list(home, "mine", genes[:3], "by hand").text
    page = opened(PAGE, sets=f"{text}|L1000")
    page.selectbox(key="combine-how").set_value("Difference").run()
    page.button(key="combine-save").click().run()
    assert not page.exception
    assert {kept.name: kept.genes for kept in stored_lists(home)}["mine not L1000"] == (genes[1],)


def test_a_panel_holds_the_genes_it_must(real, genes, home):
    real("rank")
    page = opened(PAGE)
    page.text_area(key="panel-genes").set_value(" ".join(genes[1:3])).run()
    page.button(key="panel-save").click().run()
    assert not page.exception
    [kept] = stored_lists(home)
    assert kept.genes[:2] == tuple(genes[1:3])
    assert len(kept.genes) == 40


def test_a_list_that_is_used_is_not_deleted(real, genes, home):
    stored = store_list(home, "mine", genes[:2], "by hand")
    altered(real("compare"), configuration={"sets": [stored.text]})
    page = opened(PAGE)
    page.button(key="list-delete").click().run()
    assert "is used by compare-" in words(page)
    assert stored_lists(home)


def test_a_list_without_a_gene_of_the_dataset_says_so(genes, home):
    text = store_list(home, "other", ["TP53"], "by hand").text
    page = opened(PAGE, sets=f"{text}|L1000")
    assert not page.exception
    assert "has no gene of this dataset" in words(page)
