"""A choice judged on training samples that were held out: what it says where genes differ, where none does, and why."""

from dataclasses import replace

import numpy as np
import pytest

from landmark.analyses.choices import StrategySettings
from landmark.genesets.selection import Panel
from landmark.progress import silent
from landmark.workflows import selection_check
from landmark.workflows.selection_check import check_selection
from landmark.workflows.strategies import SelectionInput

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


def test_what_cannot_be_judged_is_not(material):
    assert check(material, GENES[:8], size=40) is None
    assert check(replace(material, train=material.train[:19]), GENES[:8]) is None
    assert check(material, GENES[:8], name="random") is None
