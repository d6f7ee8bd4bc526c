"""The page of chosen genes: why a gene was taken, whether the choice would be the same, whether it holds elsewhere."""

import builders
import pytest
import streamlit as st
from opened import opened, words
from selections import judged, select, stability

from landmark.analyses.selection import view_gene
from landmark.store.lists import stored_lists
from landmark.ui import run_form
from landmark.ui.gene_set_choice import asked_sets

PAGE = "genes/selection.py"


@pytest.fixture
def data(home):
    return builders.dataset(home)


@pytest.fixture
def model(home, data):
    return builders.train(home, data)


def _press(app, label):
    return next(button for button in app.button if button.label == label).click().run()


def test_a_gene_stands_beside_its_place_in_the_papers_ranking(home, data, model):
    select(home, data, model)
    ranking = builders.rank(home, data, model).table("ranking").set_index("gene")["rank"]
    gene = builders.symbols(5)[4]
    app = opened(PAGE, dataset=data.id, gene=gene)
    assert not app.exception
    assert not app.error
    said = words(app)
    assert f"has it as number {ranking[gene]:,} of 40" in said
    assert "It is one of the L1000 genes." in said
    assert f"Rank {ranking[gene]} of 40" in said
    assert "Its median is highest in" in said
    shown = app.dataframe[0].value.set_index("gene")
    assert shown.loc[gene, "deeplift"] == ranking[gene]


def test_where_genes_were_not_ranked_the_ranking_is_offered(home, data, model, monkeypatch):
    asked = []
    monkeypatch.setattr(view_gene, "start", lambda *wanted: asked.append(wanted))
    select(home, data, model)
    other = builders.train(home, data, seed=1)
    builders.rank(home, data, other)  # by a network that had no say in the choice
    app = opened(PAGE, dataset=data.id)
    assert "the genes have not been ranked" in words(app)
    _press(app, "Rank the genes of this network")
    assert asked == [("rank", {"model": model.id})]


@pytest.mark.parametrize(
    ("strategy", "said"),
    [
        ("ranking", "12 genes, the paper's ranking: "),
        ("variable", "12 genes, the most variable genes: "),
        ("concrete", "12 genes, as a concrete autoencoder learned: "),
        ("random", "12 genes drawn at random"),
    ],
)
def test_words_fit_the_way_of_choosing(home, data, model, strategy, said):
    select(home, data, model if strategy == "ranking" else None, strategy=strategy)
    app = opened(PAGE, dataset=data.id)
    assert not app.exception
    assert not app.error
    assert said in words(app)
    assert "explain" not in app.markdown[0].value
    assert "does not know which others a gene stands for" in words(app)


def test_known_programs_are_counted_beside_the_plain_ranking(home, data, model):
    select(home, data, model, programs=40, programs_reached=38, programs_reached_ranking=21)
    said = words(opened(PAGE, dataset=data.id))
    assert "a driver of **38 of the 40** regulatory programs of this simulation" in said
    assert "the plain ranking of the same size of 21." in said


def test_a_repetition_is_asked_for_and_says_what_it_costs(home, data, model, monkeypatch):
    asked = []
    monkeypatch.setattr(run_form, "start", lambda *wanted: asked.append(wanted))
    made = select(home, data, model)
    app = opened(PAGE, dataset=data.id)
    assert "Another seed of the network, or other samples, might have chosen other genes" in words(app)
    assert "trains 6 networks and chooses genes 6 times" in words(app)
    app.number_input(key="stability-seeds").set_value(1).run()
    app.number_input(key="stability-halves").set_value(0).run()
    assert next(button for button in app.button if button.label == "Repeat the choice").disabled
    app.number_input(key="stability-seeds").set_value(2).run()
    _press(app, "Repeat the choice")
    [(kind, values)] = asked
    assert (kind, values["select"], values["seeds"], values["halves"]) == ("stability", made.id, 2, 0)


def test_what_comes_again_is_said_and_kept_as_a_list(home, data, model):
    made = select(home, data, model)
    run = stability(home, data, made)
    app = opened(PAGE, dataset=data.id)
    assert not app.exception
    assert not app.error
    said = words(app)
    assert "With other seeds, two choices share **75%** of their genes, and another 8.3%" in said
    assert "On halves of the training samples, two choices share **50%**" in said
    assert "Two random sets share 25%" in said
    assert "**5 genes** are in all 4 choices." in said
    assert "the 26 genes that none of them took" in said
    assert "0.700 from this choice and 0.660 to 0.710 from the others" in said
    app.slider(key=f"core-{run.id}").set_value(3).run()
    assert "**10 genes** chosen at least 3 of 4 times." in words(app)
    _press(app, "Save the list")
    [stored] = stored_lists(home)
    assert (stored.name, len(stored.genes)) == ("core10", 10)
    assert stored.origin == f"chosen at least 3 of 4 times in {run.id}"


def test_the_address_of_a_repetition_leads_to_its_choice(home, data, model):
    first = select(home, data, model)
    run = stability(home, data, first)
    select(home, data, None, strategy="variable")
    app = opened(PAGE, dataset=data.id, run=run.id)
    assert not app.exception
    assert "12 genes explain" in words(app)
    assert "**5 genes** are in all 4 choices." in words(app)


def test_proofs_are_counted_and_listed(home, data, model):
    made = select(home, data, model)
    other = builders.dataset(home, samples=18, title="Sequencing")
    judged(home, data, other, made, [0.4, 0.5, 0.45])
    judged(home, data, other, made, [0.6, 0.5, 0.65])
    app = opened(PAGE, dataset=data.id)
    assert not app.exception
    said = words(app)
    assert "Judged 2 times on samples that had no part in the choice" in said
    assert "than L1000 in **1 of 2**" in said
    assert "than random sets in **2 of 2**" in said
    table = next(found.value for found in app.dataframe if "where" in found.value)
    assert set(table["where"]) == {"Sequencing"}


def test_the_form_of_another_platform_takes_the_set_of_the_address(home):
    data = builders.dataset(home, genes=60)
    model = builders.train(home, data)
    made = select(home, data, model)
    builders.rank(home, data, model)
    builders.dataset(home, samples=18, genes=60, title="Sequencing")
    app = opened("evidence/platform.py", dataset=data.id, sets=made.id)
    assert not app.exception
    assert app.multiselect[0].value == [made.id]
    assert opened("evidence/compare.py", dataset=data.id, sets=made.id).multiselect[0].value == [made.id]


def test_sets_of_the_address_are_those_that_there_are(monkeypatch):
    monkeypatch.setattr(st, "query_params", {"sets": "select-1|L1000|nothing"})
    assert asked_sets(["L1000", "rank-2", "select-1"]) == ["select-1", "L1000"]
