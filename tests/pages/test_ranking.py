import builders
import pytest
from opened import opened, words

from landmark.analyses.ranking import view as ranking_view
from landmark.genesets.gmt import parse_gmt, write_gmt
from landmark.genesets.sources import top


@pytest.fixture
def model(home):
    return builders.train(home, builders.dataset(home))


@pytest.fixture
def run(home, model):
    return builders.rank(home, builders.dataset(home), model)


def test_without_a_model_it_leads_to_the_training(home):
    assert [button.label for button in opened("genes/ranking.py").button] == ["Train the network"]


def test_it_asks_with_the_choices_the_paper_leaves_open(home, model, monkeypatch):
    asked = {}
    monkeypatch.setattr(ranking_view, "start", lambda kind, values: asked.update({kind: values}))
    page = opened("genes/ranking.py")
    page.selectbox(key="rank-reference").set_value("zero")
    next(button for button in page.button if button.label == "Rank the genes").click().run()
    assert not page.exception
    assert asked["rank"] == {
        "model": model.id,
        "reference": "zero",
        "target": "pre",
        "aggregation": "mean_absolute",
    }


def test_it_names_the_first_genes_and_how_far_to_trust(home, run):
    page = opened("genes/ranking.py")
    assert not page.exception
    assert not page.error
    first = run.table("ranking")["gene"].iloc[0]
    assert f"One gene: *{first}*" in words(page)
    assert "of the top 10, 2 are among the 10 L1000 genes" in words(page)
    assert {metric.label: metric.value for metric in page.metric}[
        "Same network, half of the samples each"
    ] == "71%"


def test_the_gravest_caution_stands_before_all_figures_of_trust(home, run):
    page = opened("genes/ranking.py")
    said = [
        (kind.__class__.__name__, getattr(kind, "label", None) or getattr(kind, "value", ""))
        for kind in _in_order(page.main)
    ]
    caution = next(n for n, (_, text) in enumerate(said) if "matters most" in str(text))
    trust = next(n for n, (_, text) in enumerate(said) if text == "How far can it be trusted?")
    first = next(n for n, (kind, _) in enumerate(said) if kind == "Metric" and n > trust)
    assert trust < caution < first


def _in_order(block):
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from _in_order(child)
        else:
            yield child


def test_the_cut_moves_the_set_and_stands_in_the_address(home, run):
    page = opened("genes/ranking.py")
    page.number_input(key=f"cut-{run.id}").set_value(4).run()
    assert page.query_params["k"] in ("4", ["4"])
    assert page.dataframe[0].value["chosen"].sum() == 4
    assert "the set holds the first 4" in words(page)


@pytest.mark.parametrize("given", ["0", "-3", "many", "100000"])
def test_a_wrong_cut_in_the_address_does_no_harm(home, run, given):
    page = opened("genes/ranking.py", k=given)
    assert not page.exception
    assert not page.error


def test_the_address_names_run_and_gene(home, model, run):
    other = builders.rank(home, builders.dataset(home), model, reference="zero")
    page = opened("genes/ranking.py", run=run.id, gene="GENE13")
    assert "One gene: *GENE13*" in words(page)
    assert page.selectbox(key=f"choice-rank-{run.id}").value == run.id
    assert opened("genes/ranking.py").selectbox(key=f"choice-rank-{other.id}").value == other.id


def test_a_failed_ranking_says_why(home, model):
    builders.stopped(home, "rank", {"model": model.id}, "There was not enough memory.")
    assert "There was not enough memory." in words(opened("genes/ranking.py"))


def test_the_set_survives_gmt(run):
    chosen = top(run.table("ranking"), 5, origin="")
    (read,) = parse_gmt(write_gmt([chosen]).splitlines(), "test")
    assert read.genes == chosen.genes == tuple(run.table("ranking")["gene"][:5])
