"""The page of genes chosen one after another."""

import builders
from opened import opened, words
from selections import select

from landmark.ui import run_form

PAGE = "genes/selection.py"


def test_without_a_dataset_it_says_what_is_missing(home):
    assert "There is no dataset yet." in words(opened(PAGE))


def test_before_anything_was_chosen_it_offers_to_choose(home):
    data = builders.dataset(home)
    app = opened(PAGE, dataset=data.id)
    assert not app.exception
    assert "its first genes repeat each other" in words(app)
    assert "asks a trained network. Choose one, or another way." in words(app)
    assert next(button for button in app.button if button.label == "Choose genes").disabled


def test_says_what_the_genes_explain_and_why_one_was_taken(home):
    data = builders.dataset(home)
    model = builders.train(home, data)
    select(home, data, model)
    gene = builders.symbols(5)[4]
    app = opened(PAGE, dataset=data.id, gene=gene)
    assert not app.exception
    assert "12 genes explain" in words(app)
    assert f"Why *{gene}*?" in words(app)
    assert "Taken as number 5" in words(app)
    assert not next(button for button in app.button if button.label == "Choose genes").disabled


def test_names_of_given_genes(home):
    data = builders.dataset(home)
    model = builders.train(home, data)
    select(home, data, model, given=4)
    app = opened(PAGE, dataset=data.id)
    assert not app.exception
    assert "4 genes of them were given." in words(app)
    assert "It was given" in words(app)


def test_asks_for_genes_with_conditions(home, monkeypatch):
    asked = {}
    monkeypatch.setattr(run_form, "start", lambda kind, values: asked.update({kind: values}))
    data = builders.dataset(home)
    builders.train(home, data)
    app = opened(PAGE, dataset=data.id)
    app.text_area(key="select-contain").set_value(f"{builders.symbols(2)[1]} NOSUCHGENE").run()
    assert "1 name that no gene is known by" in words(app)
    next(button for button in app.button if button.label == "Choose genes").click().run()
    assert not app.exception
    assert asked["select"]["contain"] == [builders.symbols(2)[1]]


def test_shows_only_what_matters_to_the_way_of_choosing(home, monkeypatch):
    asked = {}
    monkeypatch.setattr(run_form, "start", lambda kind, values: asked.update({kind: values}))
    data = builders.dataset(home)
    app = opened(PAGE, dataset=data.id)
    app.selectbox(key="select-strategy").select("variable").run()
    assert not {field.key for field in app.number_input} & {"select-penalty", "select-reconstruction"}
    app.selectbox(key="select-strategy").select("concrete").run()
    app.number_input(key="select-concrete-epochs").set_value(50).run()
    next(button for button in app.button if button.label == "Choose genes").click().run()
    assert not app.exception
    assert asked["select"]["strategy"] == "concrete"
    assert asked["select"]["concrete"]["epochs"] == 50
    assert asked["select"]["models"] == []
