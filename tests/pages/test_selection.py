"""The page of genes chosen together: form, answer, why a gene was taken, whether the choice holds elsewhere."""

import pytest
import streamlit as st

from landmark.analyses.choices import STRATEGIES
from landmark.analyses.selection import wording
from landmark.store.lists import stored_lists
from landmark.ui.gene_set_choice import asked_sets
from landmark.wording import percent
from tests.pages.opened import button, opened, press, sound, table, words
from tests.real_runs import altered

PAGE = "genes/selection.py"


@pytest.fixture
def made(real):
    return real("select")


def test_without_a_dataset_it_says_what_is_missing(home):
    assert "There is no dataset yet." in words(opened(PAGE))


def test_before_anything_was_chosen_it_offers_to_choose(real):
    page = sound(PAGE, dataset=real.dataset().id)
    assert "its first genes repeat each other" in words(page)
    page.selectbox(key="select-strategy").select("blend").run()
    assert "asks a trained network. Choose one, or another way." in words(page)
    assert button(page, "Choose genes").disabled


def test_says_what_the_genes_explain_and_why_one_was_taken(made):
    gene = made.table("ranking")["gene"].iloc[2]
    page = sound(PAGE, gene=gene)
    share = percent(made.table("ranking")["score"].sum())
    assert f"4 genes explain {share} of the training samples' expression" in words(page)
    assert f"Why *{gene}*?" in words(page)
    assert "Taken as number 3" in words(page)
    assert not button(page, "Choose genes").disabled


def test_names_of_given_genes(made):
    given = made.table("ranking").assign(given=made.table("ranking")["rank"] <= 2)
    altered(made, metrics={"given": 2}, tables={"ranking": given})
    page = sound(PAGE)
    assert "2 genes of them were given." in words(page)
    assert "It was given" in words(page)


def test_asks_for_genes_with_conditions(real, asked):
    real("train")
    gene = real.dataset().annotations().var_names[1]
    page = opened(PAGE)
    page.text_area(key="select-contain").set_value(f"{gene} NOSUCHGENE").run()
    assert "1 name that no gene is known by" in words(page)
    press(page, "Choose genes")
    [(_, values)] = asked
    assert values["contain"] == [gene]


def test_every_way_of_choosing_is_offered_in_words():
    assert set(wording.STRATEGIES) == set(STRATEGIES)
    assert len({way.offer for way in wording.STRATEGIES.values()}) == len(STRATEGIES)


def test_shows_only_what_matters_to_the_way_of_choosing(real, asked):
    page = opened(PAGE, dataset=real.dataset().id)
    page.selectbox(key="select-strategy").select("variable").run()
    assert not {field.key for field in page.number_input} & {"select-penalty", "select-reconstruction"}
    page.selectbox(key="select-strategy").select("concrete").run()
    page.number_input(key="select-concrete-epochs").set_value(50).run()
    press(page, "Choose genes")
    [(_, values)] = asked
    assert (values["strategy"], values["concrete"]["epochs"], values["models"]) == ("concrete", 50, [])


def test_a_gene_stands_beside_its_place_in_the_papers_ranking(real, made):
    ranking = real("rank").table("ranking").set_index("gene")["rank"]
    published = set(real.dataset().annotations().var_names[::2])
    for gene in made.table("ranking")["gene"][:2]:
        page = sound(PAGE, gene=gene)
        said = words(page)
        assert f"has it as number {ranking[gene]} of 80" in said
        assert f"It is {'' if gene in published else 'not '}one of the L1000 genes." in said
        assert f"Rank {ranking[gene]} of 80" in said
        assert "Its median is highest in" in said
        assert page.dataframe[0].value.set_index("gene").loc[gene, "deeplift"] == ranking[gene]


def test_where_genes_were_not_ranked_the_ranking_is_offered(real, made, asked):
    real("rank 1")  # by a network that had no say in the choice
    page = opened(PAGE)
    assert "the genes have not been ranked" in words(page)
    press(page, "Rank the genes of this network")
    assert asked == [("rank", {"model": made.manifest.parents["train"]})]


@pytest.mark.parametrize(
    ("strategy", "said"),
    [
        ("ranking", "4 genes, the paper's ranking: "),
        ("variable", "4 genes, the most variable genes: "),
        ("medoids", "4 genes, one for each cluster of genes, as L1000 was made: "),
        ("genebasis", "4 genes, gene by gene, for what the nearest samples do not say (geneBasis): "),
        ("loadings", "4 genes, the largest loadings of principal components: "),
        ("concrete", "4 genes, as a concrete autoencoder learned: "),
        ("random", "4 genes drawn at random"),
    ],
)
def test_words_fit_the_way_of_choosing(made, strategy, said):
    altered(
        made,
        configuration={"strategy": strategy},
        metrics={"strategy": strategy},
        tables={"companions": made.table("companions")[:0]},
    )
    page = sound(PAGE)
    assert said in words(page)
    assert "explain" not in page.markdown[0].value
    assert "does not know which others a gene stands for" in words(page)


def test_asks_which_groups_to_keep_apart(real, asked):
    page = opened(PAGE, dataset=real.dataset().id)
    assert not {field.key for field in page.number_input} & {"select-label_weight"}
    page.selectbox(key=f"select-label-{real.dataset().id}").select("tissue").run()
    page.number_input(key="select-label_weight").set_value(0.4).run()
    press(page, "Choose genes")
    [(_, values)] = asked
    assert (values["strategy"], values["label"], values["label_weight"]) == ("left_out", "tissue", 0.4)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.05, 0.3, "Groups are kept apart better"),
        (-0.3, -0.05, "Groups are kept apart worse"),
        (-0.1, 0.3, "cannot tell the two apart"),
        (None, None, "for 70%."),
    ],
)
def test_says_how_well_groups_are_kept_apart(made, low, high, said):
    margin = {"difference": -0.03, "low": -0.04, "high": -0.02}
    apart = {
        "groups": 3,
        "samples": 12,
        "chosen": 0.9,
        "without": {"accuracy": 0.7, "difference_low": low, "difference_high": high},
        "random": {"accuracy": 0.6, "difference_low": 0.1, "difference_high": 0.4},
        "all_genes": {"accuracy": 0.95},
    }
    more = {"difference": 0.01, "low": 0.005, "high": 0.02}
    check = {"samples": 12, "random": margin, "without_label": more, "apart": apart}
    altered(made, metrics={"label": "tissue", "check": check})
    page = sound(PAGE)
    found = words(page)
    assert "4 genes, chosen to keep the groups of tissue apart as well, explain" in found
    assert "3% less error than random sets" in found
    assert "1% more error than a choice without regard to groups" in found
    assert "nearest training sample is of the same tissue for **90%** of these samples" in found
    assert said in found
    shown = table(page, "accuracy").set_index("genes")
    assert list(shown.index) == [
        "this choice",
        "without regard to groups",
        "random sets",
        "all genes",
    ]
    assert shown.loc["random sets", "difference"] == "+30.0 (+10.0 to +40.0)"
    assert shown.loc["all genes", "difference"] == "-5.0"


def test_known_programs_are_counted_beside_the_plain_ranking(made):
    altered(made, metrics={"programs": 40, "programs_reached": 38, "programs_reached_ranking": 21})
    said = words(opened(PAGE))
    assert "a driver of **38 of the 40** regulatory programs of this simulation" in said
    assert "the plain ranking of the same size of 21." in said


def test_a_repetition_is_asked_for_and_says_what_it_costs(made, asked):
    page = opened(PAGE)
    assert "Another seed of the network, or other samples, might have chosen other genes" in words(page)
    assert "trains 6 networks and chooses genes 6 times" in words(page)
    page.number_input(key="stability-seeds").set_value(1).run()
    page.number_input(key="stability-halves").set_value(0).run()
    assert button(page, "Repeat the choice").disabled
    page.number_input(key="stability-seeds").set_value(2).run()
    press(page, "Repeat the choice")
    [(kind, values)] = asked
    assert (kind, values["select"], values["seeds"], values["halves"]) == ("stability", made.id, 2, 0)


def test_what_comes_again_is_said_and_kept_as_a_list(real, home):
    run = real("stability")
    page = sound(PAGE)
    said = words(page)
    found, accuracy = run.manifest.metrics, run.table("accuracy")
    seeds, halves = found["kinds"]["seeds"], found["kinds"]["halves"]
    assert (
        f"With other seeds, two choices share **{percent(seeds['shared'])}** of their genes, "
        f"and another {percent(seeds['exchangeable'])}" in said
    )
    assert f"On halves of the training samples, two choices share **{percent(halves['shared'])}**" in said
    assert f"Two random sets share {percent(found['by_chance'])}" in said
    assert f"**{found['core']} gene** is in all 4 choices." in said
    assert f"the {accuracy['targets'][0]} genes that none of them took" in said
    own, others = accuracy["pcc"][0], accuracy["pcc"][1:]
    assert f"{own:.3f} from this choice and {others.min():.3f} to {others.max():.3f} from the others" in said
    page.slider(key=f"core-{run.id}").set_value(2).run()
    often = run.table("genes").query("times >= 2")["gene"]
    assert f"**{len(often)} genes** chosen at least 2 of 4 times." in words(page)
    press(page, "Save the list")
    [stored] = stored_lists(home)
    assert (stored.name, set(stored.genes)) == (f"core{len(often)}", set(often))
    assert stored.origin == f"chosen at least 2 of 4 times in {run.id}"


def test_the_address_of_a_repetition_leads_to_its_choice(real):
    run = real("stability")
    altered(real("select"), configuration={"strategy": "variable"}, metrics={"strategy": "variable"})
    said = words(sound(PAGE, run=run.id))
    assert "4 genes explain" in said
    assert "is in all 4 choices." in said


def test_proofs_are_counted_and_listed(real, made):
    judged = real("cross-platform")
    l1000, variable = judged.manifest.metrics["sets"].values()
    for own, random in ((0.4, 0.45), (0.6, 0.65)):
        sets = {"G4": {**variable, "kind": "improved", "mae": own}, "L1000": {**l1000, "mae": 0.5}}
        asked = {"sets": [f"{made.id}:4", "L1000"]}
        altered(judged, configuration=asked, metrics={"sets": sets, "random_mae": random})
    page = opened(PAGE)
    assert not page.exception
    said = words(page)
    assert "Judged 2 times on samples that had no part in the choice" in said
    assert "than L1000 in **1 of 2**" in said
    assert "than random sets in **2 of 2**" in said
    assert set(table(page, "where")["where"]) == {judged.manifest.metrics["other_title"]}


def test_forms_of_other_pages_take_the_set_of_the_address(real, made):
    real("rank")
    real.dataset("import other")
    for place in ("platform", "compare"):
        page = sound(f"evidence/{place}.py", dataset=real.dataset().id, sets=made.id)
        assert page.multiselect[0].value == [made.id]


def test_sets_of_the_address_are_those_that_there_are(monkeypatch):
    monkeypatch.setattr(st, "query_params", {"sets": "select-1|L1000|nothing"})
    assert asked_sets(["L1000", "rank-2", "select-1"]) == ["select-1", "L1000"]
