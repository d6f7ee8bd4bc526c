"""The page of functions: lists, rankings and clusters are looked up in terms."""

import pytest

from landmark.analyses.functions import view as functions_view
from landmark.genesets.gmt import molecular_functions
from landmark.workflows.execute import execute_now
from tests.pages.opened import button, opened, press, sound, words
from tests.pages.stored import dataset

PAGE = "genes/functions.py"
LOOK = "Look up their functions"
KINASES = next(term for term in molecular_functions() if term.name.startswith("protein kinase activity"))


@pytest.fixture
def data(home):
    """Store a dataset of 120 kinases and 200 other annotated genes."""
    others = sorted(
        {gene for term in molecular_functions()[:400] for gene in term.genes} - set(KINASES.genes)
    )
    names = [*KINASES.genes[:120], *others[:200]]
    return dataset(home, genes=len(names), names=names)


def test_without_a_dataset_it_leads_to_the_import(home):
    assert [button.label for button in opened(PAGE).button] == ["Bring a dataset in"]


def test_a_pasted_list_is_answered_at_once(home, data):
    page = opened(PAGE)
    assert "No set has been looked up yet" in words(page)
    page.selectbox(key=f"enrich-set-{data.id}").set_value("own").run()
    page.text_area(key="enrich-genes").set_value(", ".join([*KINASES.genes[:40], "nonsense"])).run()
    press(page, LOOK)
    assert not page.exception
    assert not page.error
    text = words(page)
    assert "over-represented in **your list**" in text
    assert "40 of 40 genes: one category dominates" in text
    assert "**Unknown** (1): nonsense" in text
    assert "320 genes that this dataset measures and any term names" in text


def test_a_list_without_a_gene_is_refused_and_leaves_nothing_behind(home, data):
    page = opened(PAGE)
    page.selectbox(key=f"enrich-set-{data.id}").set_value("own").run()
    page.text_area(key="enrich-genes").set_value("nonsense").run()
    press(page, LOOK)
    assert "None of the 1 names of your list" in page.error[0].value
    assert not list(home.unfinished.glob("enrich-*"))


def test_the_top_of_a_ranking_can_be_chosen(real):
    ranking = real("rank")
    page = opened(PAGE)
    page.number_input(key=f"enrich-k-{ranking.id}").set_value(33).run()
    press(page, LOOK)
    assert not page.error
    assert "**D33**" in words(page)


def test_a_link_from_another_page_shows_the_genes_of_a_cluster(real):
    run = real("cluster")
    page = sound(PAGE, set=f"{run.id}:2")
    assert "cluster 2" in words(page)
    again = opened(PAGE, set=f"{run.id}:2")
    assert again.query_params["run"] == page.query_params["run"], "what is known is not computed again"


def test_the_genes_of_a_term_are_found_by_searching(home, data):
    run = execute_now(home, "enrich", {"dataset": data.id, "genes": " ".join(KINASES.genes[:40])})
    page = opened(PAGE)
    page.text_input(key=f"terms-search-{run.id}").set_value("protein kinase activity").run()
    table = page.dataframe[0].value
    assert table["term"].str.contains("protein kinase activity").all()
    page.text_input(key=f"terms-search-{run.id}").set_value("no such thing").run()
    assert "No term or gene of this table" in words(page)


def test_terms_of_ones_own_need_a_file(home, data):
    page = opened(PAGE)
    page.selectbox(key="enrich-terms").set_value(functions_view.GMT).run()
    assert button(page, LOOK).disabled


def test_an_address_cannot_name_a_file_of_the_server(data, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("PASSWORD")
    app = opened(PAGE, dataset=data.id, set=f"list:{secret}")
    assert not app.exception
    assert "a list that is not among yours" in words(app)
    assert "PASSWORD" not in words(app)
