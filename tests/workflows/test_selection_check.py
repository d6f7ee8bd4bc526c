"""A choice judged on training samples that were held out: what it says where genes differ, where none does, and why."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score
from sklearn.neighbors import KNeighborsClassifier

from landmark.analyses.choices import StrategySettings
from landmark.genesets.selection import Panel
from landmark.inference.split import SplitExpression, validation_rows
from landmark.progress import silent
from landmark.workflows import selection_check
from landmark.workflows.selection_check import GroupJudge, check_selection
from landmark.workflows.strategies import Apart, SelectionInput, select_genes

GENES = [f"G{number}" for number in range(80)]


@pytest.fixture(scope="module")
def material() -> SelectionInput:
    """The first 40 genes follow eight programs, the others nothing."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((120, 80))
    X[:, :40] += 3 * np.repeat(rng.standard_normal((120, 8)), 5, axis=1)
    return SelectionInput(X.astype(np.float32), list, seed=0)


def check(material, published, size=8, name="left_out", **settings):
    return check_selection(
        name, material, GENES, Panel(size), published, StrategySettings(**settings), silent
    )


def test_a_choice_that_is_better_says_so(material):
    found = check(material, GENES[40:48])
    assert found.samples == 30
    assert found.l1000.high < 0
    assert found.random.high < 0
    assert found.l1000.low < found.l1000.difference < found.l1000.high


def test_a_choice_that_is_worse_says_so(material):
    one_of_each = GENES[:40:5]
    found = check(material, one_of_each, name="variable")
    assert found.l1000.low > 0


def test_where_no_gene_says_anything_nothing_is_better(material):
    noise = replace(material, train=np.random.default_rng(1).standard_normal((120, 80)).astype(np.float32))
    found = check(noise, GENES[40:48])
    assert found.l1000.low < 0 < found.l1000.high
    assert abs(found.random.difference) < 0.02


def test_a_smaller_choice_is_compared_with_parts_of_l1000_and_a_larger_one_with_none(material):
    assert check(material, GENES[::4], size=8).l1000 is not None
    assert check(material, GENES[::16], size=8).l1000 is None


def test_the_held_out_samples_have_no_say_in_the_choice(material, monkeypatch):
    chosen = []
    select = selection_check.select_genes

    def select_genes(name, apart, *rest):
        chosen.append(apart)
        return select(name, apart, *rest)

    monkeypatch.setattr(selection_check, "select_genes", select_genes)
    groups = np.arange(120) // 4
    check(replace(material, groups=groups), GENES[40:48])
    taken = {row.tobytes() for row in chosen[0].train}
    inside = np.array([row.tobytes() in taken for row in material.train])
    assert inside.sum() == len(chosen[0].train) == len(chosen[0].groups)
    assert not set(groups[inside]) & set(groups[~inside])


def test_of_very_many_samples_some_take_part(material, monkeypatch):
    monkeypatch.setattr(selection_check, "MOST_SAMPLES", 60)
    assert check(replace(material, groups=np.arange(120) // 2), GENES[40:48]).samples <= 15


KINDS = np.array(["lung", "skin", "blood", ""])
"""What samples are; of every eighth it is not known."""


@pytest.fixture(scope="module")
def labelled(material) -> SelectionInput:
    """Three genes, which go with no other, say which of three kinds a sample is."""
    rng = np.random.default_rng(3)
    kind = np.where(np.arange(120) % 8 == 7, 3, rng.integers(3, size=120))
    X = material.train.copy()
    X[:, 77:] += 4 * (kind[:, None] == np.arange(3))
    return replace(material, train=X, apart=Apart("tissue", KINDS[kind], 0.5))


def test_genes_that_keep_groups_apart_are_chosen_though_they_predict_no_other(labelled):
    found = select_genes("left_out", labelled, Panel(8), StrategySettings(), silent)
    without = select_genes("left_out", replace(labelled, apart=None), Panel(8), StrategySettings(), silent)
    assert len(set(found.order) & {77, 78, 79}) >= 2  # two of them tell three groups apart
    assert not set(without.order) & {77, 78, 79}


def test_groups_that_are_kept_apart_are_told_by_the_nearest_sample(labelled):
    found = check(labelled, GENES[40:48])
    apart = found.apart
    assert apart.groups == 3
    assert 20 <= apart.samples < 30  # those without a kind are not judged
    assert apart.chosen > apart.without.accuracy + 0.2
    assert apart.without.difference_low > 0
    assert apart.l1000.accuracy < 0.6 > apart.random.accuracy
    assert apart.all_genes.accuracy < apart.chosen
    assert found.without_label.difference > 0
    parts_of_l1000 = check(labelled, GENES[::16]).apart
    assert (parts_of_l1000.l1000, parts_of_l1000.chosen) == (None, apart.chosen)


def test_the_nearest_samples_are_those_of_scikit_learn(labelled):
    train, test = labelled.some(np.arange(80)), labelled.some(np.arange(80, 120))
    split = SplitExpression.of(train.train, test.train, GENES)
    groups = GroupJudge(split, train.apart.groups, test.apart.groups, seed=0)
    found = groups.compared(tuple(GENES[70:]), tuple(GENES[:10]), [], [tuple(GENES)])
    known, judged = train.apart.groups != "", test.apart.groups != ""
    for genes, accuracy in ((GENES[70:], found.chosen), (GENES, found.random.accuracy)):
        nearest = KNeighborsClassifier(1).fit(split.train_columns(genes)[known], train.apart.groups[known])
        told = nearest.predict(split.test_columns(genes)[judged])
        assert accuracy == pytest.approx(balanced_accuracy_score(test.apart.groups[judged], told))


def test_samples_without_a_group_are_not_judged(labelled):
    held = validation_rows(120, labelled.seed, None, selection_check.HELD_OUT)
    groups = np.where(held, "", labelled.apart.groups)
    found = check(replace(labelled, apart=replace(labelled.apart, groups=groups)), GENES[40:48])
    assert found.apart is None
    assert found.without_label is not None


def test_what_cannot_be_judged_is_not(material):
    assert check(material, GENES[:8], size=40) is None
    assert check(replace(material, train=material.train[:19]), GENES[:8]) is None
    assert check(material, GENES[:8], name="random") is None
