"""How much is luck: the answer from three seeds, the request, and what can go wrong."""

import builders
import numpy as np
import pandas as pd
import pytest
from opened import opened, words

from landmark.analyses.replicates import view as replicates_view
from landmark.metrics.replicates import gene_stability, pairwise_overlaps, spread
from landmark.store.runs import Run
from landmark.wording import plus_minus

PAGE = "evidence/seeds.py"
REPEAT = "Repeat everything with several seeds"


def publish(home, data, differences=(-0.012, -0.010, -0.011), left_out=None) -> Run:
    """Publish three finished seeds."""
    r, genes, cut = np.random.default_rng(5), builders.symbols(data.manifest.genes), 10
    values = pd.DataFrame(
        [
            (seed, name, value + r.normal(0, 0.001))
            for seed in range(3)
            for name, value in {"set_pcc": 0.69, "l1000_pcc": 0.702, "adjusted_rand": 0.66}.items()
        ]
        + [(seed, "pcc_difference", difference) for seed, difference in enumerate(differences)],
        columns=["seed", "figure", "value"],
    )
    rankings = {
        seed: pd.DataFrame(
            {
                "gene": r.permutation(genes),
                "score": np.linspace(1, 0, len(genes)),
                "rank": range(1, len(genes) + 1),
            }
        )
        for seed in range(3)
    }
    overlaps, stability, summary = (
        pairwise_overlaps(rankings, cut),
        gene_stability(rankings, cut),
        spread(values),
    )
    metrics = {
        "seeds": [0, 1, 2],
        "figures": summary.set_index("figure").to_dict("index"),
        "cut": cut,
        "genes": len(genes),
        "overlap": 0.71,
        "overlap_minimum": 0.7,
        "overlap_maximum": 0.72,
        "overlap_by_chance": cut / len(genes),
        "rank_correlation": 0.8,
        "genes_in_all": 6,
        "genes_in_any": 17,
        "first": "D10",
        "second": "L1000",
        "label": "tissue",
        "left_out": left_out or {},
    }
    return builders.publish(
        home,
        "seeds",
        {"dataset": data.id},
        {"dataset": data.id, "train 0": "train-00000000", "train 1": "train-00000001"},
        metrics,
        {"seeds": values, "spread": summary, "overlaps": overlaps, "genes": stability},
    )


@pytest.fixture
def data(home):
    return builders.dataset(home, samples=60, genes=120)


def test_without_a_dataset_it_leads_to_the_import(home):
    assert [button.label for button in opened(PAGE).button] == ["Bring a dataset in"]


def test_before_the_first_request_it_offers_one(home, data, monkeypatch):
    asked = {}
    monkeypatch.setattr(replicates_view, "start", lambda kind, values: asked.update({kind: values}))
    page = opened(PAGE)
    assert not page.exception
    assert "Not known yet" in words(page)
    page.number_input(key="seeds-seeds").set_value(4)
    next(button for button in page.button if button.label == REPEAT).click().run()
    assert not page.exception
    assert (asked["seeds"]["dataset"], asked["seeds"]["seeds"]) == (data.id, 4)
    assert asked["seeds"]["network"]["hidden"] == 500


def test_a_changed_network_can_be_repeated(home, data, monkeypatch):
    asked = {}
    monkeypatch.setattr(replicates_view, "start", lambda kind, values: asked.update({kind: values}))
    wanted = {"dataset": data.id, "network": {"hidden": 80, "seed": 4}}
    builders.publish(home, "train", wanted, {"dataset": data.id}, {}, {})
    page = opened(PAGE)
    assert "about 6 s for 3 seeds" in words(page)
    next(button for button in page.button if button.label == REPEAT).click().run()
    assert (asked["seeds"]["network"]["hidden"], asked["seeds"]["network"]["seed"]) == (80, 0)
    page.selectbox(key="seeds-network").set_value("paper").run()
    next(button for button in page.button if button.label == REPEAT).click().run()
    assert asked["seeds"]["network"]["hidden"] == 500


def test_the_answer_gives_every_figure_with_its_spread(home, data):
    run = publish(home, data)
    page = opened(PAGE)
    assert not page.exception
    assert not page.error
    about = run.manifest.metrics["figures"]["set_pcc"]
    assert f"**{plus_minus(about['mean'], about['standard_deviation'])}**" in words(page)
    assert "L1000 is ahead of D10 with every one of them" in words(page)
    assert "share **71%** of their top 10 genes (by chance: 8.3%); 6 genes are" in words(page)
    table = page.dataframe[0].value
    assert list(table["figure"][:2]) == [
        "Overlap of the top 10, two seeds",
        "Rank correlation of all genes, two seeds",
    ]
    assert "Clusters, adjusted Rand index" in set(table["figure"])
    page.session_state[f"how-{run.id}"] = True
    assert "train-00000000`, `train-00000001" in str(page.run().table[0].value)


@pytest.mark.parametrize(
    ("differences", "sentence"),
    [
        ((0.01, 0.02, 0.03), "D10 is ahead of L1000 with every one of them"),
        ((-0.01, 0.02, 0.03), "Which of the two is ahead is luck: D10 with 2 of 3"),
    ],
)
def test_the_verdict_is_honest_whatever_the_result(home, data, differences, sentence):
    assert sentence in replicates_view.answer(publish(home, data, differences))


def test_what_is_left_out_is_said(home, data):
    publish(home, data, left_out={"clusters": "No annotation divides the samples."})
    assert "Left out, clusters: No annotation" in words(opened(PAGE))


def test_a_failed_request_says_why(home, data):
    builders.stopped(home, "seeds", {"dataset": data.id}, "The disk is full.")
    page = opened(PAGE)
    assert "The disk is full." in words(page)
    assert "Resume" in {button.label for button in page.button}


@pytest.mark.parametrize(
    ("mean", "deviation", "text"),
    [
        (0.69072, 0.00122, "0.691 ± 0.001"),
        (0.70256, 0.0002, "0.7026 ± 0.0002"),
        (0.64289, 0.0194, "0.643 ± 0.019"),
        (0.5, 0.0, "0.500 ± 0.000"),
    ],
)
def test_a_deviation_is_never_rounded_away(mean, deviation, text):
    assert plus_minus(mean, deviation) == text
