import builders
import numpy as np
import pandas as pd
import pytest
from opened import opened, words

from landmark.analyses.size.config import SizeConfiguration
from landmark.ui import run_form


@pytest.fixture
def data(home):
    return builders.dataset(home)


@pytest.fixture
def ranked(home, data):
    return builders.rank(home, data, builders.train(home, data))


def curve(name: str, sizes: range, lift: float) -> pd.DataFrame:
    size = np.array(sizes)
    pcc = lift + 0.9 * size / (size + 4)
    return pd.DataFrame(
        {"set": name, "size": size, "mae": 0.85 - 0.5 * pcc, "pcc": pcc, "recovered": np.clip(pcc, 0, 1) / 2}
    )


@pytest.fixture
def run(home, data, ranked):
    sizes = pd.concat([curve("DeepLIFT", range(1, 21), -0.05), curve("L1000", range(1, 11), 0.0)])
    random = pd.concat(
        [curve("", range(1, 21), -0.01 * seed).assign(seed=seed).drop(columns="set") for seed in (1, 2, 3)]
    )
    sets = {
        name: {"kind": kind, "largest": largest, "targets": 15, "mae": 0.5, "pcc": 0.6, "recovered": 0.3}
        for name, kind, largest in (("DeepLIFT", "ranking", 20), ("L1000", "l1000", 10))
    }
    return builders.publish(
        home,
        "size",
        {"dataset": data.id, "sets": [ranked.id, "L1000"]},
        {"dataset": data.id, "rank": ranked.id},
        {
            "predictor": "ridge",
            "arithmetic": "40 genes - 20 - 10 + 5 shared = 15",
            "recovered_pcc": 0.7,
            "random_orders": 3,
            "identical_genes": 2,
            "sets": sets,
        },
        {"size": sizes, "random": random, "sets": pd.DataFrame({"set": "L1000", "gene": ["a"]})},
    )


def test_without_a_dataset_it_leads_to_the_import(home):
    assert [button.label for button in opened("evidence/size.py").button] == ["Bring a dataset in"]


def test_the_answer_counts_the_genes_that_do_as_well_as_l1000(run):
    page = opened("evidence/size.py")
    assert not page.exception
    assert not page.error
    # L1000 reaches 9/14 with 10 genes; DeepLIFT, 0.05 lower, with 14; chance, 0.01 to 0.03 lower, with 12
    assert "**the 10 genes of L1000**" in words(page)
    assert "**14** of DeepLIFT, **12** at random" in words(page)
    assert "2 genes of this dataset have the same values" in words(page)


def test_cursor_and_wish_answer_without_a_job_and_stand_in_the_address(run):
    page = opened("evidence/size.py")
    page.select_slider(key=f"size-cursor-{run.id}").set_value(5).run()
    page.number_input(key=f"size-wish-pcc-{run.id}").set_value(0.5).run()
    assert not page.exception
    table = page.dataframe[0].value.set_index("set")
    assert table["size"].tolist() == [5, 5, 5]
    assert table["needed"].to_dict() == {"DeepLIFT": "7", "L1000": "5", "random orders (median)": "6"}
    assert page.query_params["size"] == "5"
    again = opened("evidence/size.py", size="3", measure="mae")
    assert again.select_slider(key=f"size-cursor-{run.id}").value == 3


def test_the_wish_is_answered_in_the_first_sentence_below_the_measure(run):
    page = opened("evidence/size.py")
    page.number_input(key=f"size-wish-pcc-{run.id}").set_value(0.5).run()
    said = words(page)
    assert (
        "For a correlation of **0.500** you need **7** of DeepLIFT, **5** of L1000, **6** genes drawn" in said
    )
    page.number_input(key=f"size-wish-pcc-{run.id}").set_value(0.68).run()
    assert "**18** of DeepLIFT" in words(page)
    assert "more than 10 of L1000" in words(page)


def test_it_asks_for_the_sets_of_the_form(home, data, ranked, monkeypatch):
    asked = {}
    monkeypatch.setattr(run_form, "start", lambda kind, values: asked.update({kind: values}))
    page = opened("evidence/size.py")
    next(button for button in page.button if button.label == "Compute the curve").click().run()
    assert not page.exception
    assert asked["size"]["sets"] == [ranked.id, "L1000", "variable"]


def test_what_is_learned_anew_is_asked_at_chosen_sizes(home, data, monkeypatch):
    asked = {}
    monkeypatch.setattr(run_form, "start", lambda kind, values: asked.update({kind: values}))
    page = opened("evidence/size.py")
    assert not page.text_input
    page.selectbox(key="size-predictor").set_value("graph").run()
    page.text_input(key="size-sizes").set_value("3, 9")
    next(button for button in page.button if button.label == "Compute the curve").click().run()
    assert not page.exception
    asked = SizeConfiguration.parse(asked["size"])
    assert (asked.predictor, asked.sizes, asked.chance_orders) == ("graph", (3, 9), 2)
