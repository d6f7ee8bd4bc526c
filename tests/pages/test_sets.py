import builders
import pytest
from opened import opened, words

from landmark.store.lists import store_list, stored_lists


@pytest.fixture
def data(home):
    return builders.dataset(home)


@pytest.fixture
def ranked(home, data):
    return builders.rank(home, data, builders.train(home, data))


def test_without_a_dataset_it_leads_to_the_import(home):
    assert [button.label for button in opened("genes/sets.py").button] == ["Bring a dataset in"]


def test_sets_and_what_they_share(home, data, ranked):
    page = opened("genes/sets.py")
    assert not page.exception
    assert not page.error
    ranking = ranked.table("ranking").sort_values("rank")["gene"].head(10)
    shared = len(set(ranking) & set(builders.symbols(40)[::4]))
    assert f"**{shared} gene" in words(page)
    assert "would share about 2" in words(page)  # 10 x 10 of 40
    assert page.dataframe[0].value["set"].tolist() == ["D10", "L1000", "V10"]
    assert page.query_params["sets"] == f"{ranked.id}|L1000|variable"


def test_a_pasted_list_is_sorted_and_kept(home, data):
    page = opened("genes/sets.py")
    page.text_area(key="paste-genes").set_value("GENE1, gene2; TP53 nonsense GENE1").run()
    assert "**2 genes of this dataset**; 1 known, but not measured here; 1 name that no gene" in words(page)
    page.text_input(key="paste-name-pasted list").set_value("my genes").run()
    page.button(key="paste-save").click().run()
    assert not page.exception
    assert stored_lists(home)[0].genes == ("GENE1", "GENE2")
    assert "my genes is saved" in "\n".join(str(note.value) for note in page.success)


def test_two_sets_are_combined(home, data):
    store_list(home, "mine", ["GENE1", *builders.symbols(40)[:5:4]], "by hand")
    text = stored_lists(home)[0].text
    page = opened("genes/sets.py", sets=f"{text}|L1000")
    page.selectbox(key="combine-how").set_value("Difference").run()
    page.button(key="combine-save").click().run()
    assert not page.exception
    assert {kept.name: kept.genes for kept in stored_lists(home)}["mine not L1000"] == ("GENE1",)


def test_a_panel_holds_the_genes_it_must(home, data, ranked):
    page = opened("genes/sets.py")
    page.text_area(key="panel-genes").set_value("GENE1 GENE2").run()
    page.button(key="panel-save").click().run()
    assert not page.exception
    [kept] = stored_lists(home)
    assert kept.genes[:2] == ("GENE1", "GENE2")
    assert len(kept.genes) == 10


def test_a_list_that_is_used_is_not_deleted(home, data):
    stored = store_list(home, "mine", ["GENE1", "GENE2"], "by hand")
    builders.publish(home, "compare", {"dataset": data.id, "sets": [stored.text]}, {}, {"sets": {}}, {})
    page = opened("genes/sets.py")
    page.button(key="list-delete").click().run()
    assert "is used by compare-" in words(page)
    assert stored_lists(home)


def test_a_list_without_a_gene_of_the_dataset_says_so(home, data):
    text = store_list(home, "other", ["TP53"], "by hand").text
    page = opened("genes/sets.py", sets=f"{text}|L1000")
    assert not page.exception
    assert "has no gene of this dataset" in words(page)
