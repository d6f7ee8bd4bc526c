"""Prepare, quality and merge: proposals, what was done, what is started."""

import anndata
import numpy as np
import pandas as pd
import pytest

from landmark.data.history import describe
from landmark.data.split import assign_split
from landmark.store.datasets import DatasetStore
from landmark.store.request import now
from landmark.workflows.execute import execute_now
from tests.pages.opened import opened, press, sound, words
from tests.pages.stored import dataset

PROBES = ["1007_s_at", "207169_x_at", "201746_at", "211300_s_at", "AFFX-TrpnX-3_at"]


@pytest.fixture
def arrays(home):
    """Arrays that are not logged, unevenly bright, two of each patient."""
    rng = np.random.default_rng(0)
    X = 2 ** (rng.uniform(4, 12, (20, 5)) + rng.uniform(0, 4, (20, 1)))
    matrix = anndata.AnnData(
        X.astype(np.float32),
        obs=pd.DataFrame({"patient": [f"P{i // 2}" for i in range(20)]}, index=[f"S{i}" for i in range(20)]),
        var=pd.DataFrame(index=PROBES),
    )
    describe(matrix, title="My *arrays*", unit="", identifier="hgu133a_probe", source="a test")
    assign_split(matrix, 0.2)
    return DatasetStore(home).add(matrix, now())


@pytest.mark.parametrize("page", ["prepare", "quality", "merge"])
def test_without_a_dataset_it_leads_to_the_import(home, page):
    assert [button.label for button in opened(f"data/{page}.py").button] == ["Bring a dataset in"]


def test_what_the_data_call_for_is_proposed_and_done_with_one_click(home, arrays, asked):
    app = sound("data/prepare.py")
    assert "5 steps are proposed for **My \\*arrays\\***" in words(app)
    assert "The column **patient** names 10 people" in words(app)
    press(app, "Do 5 steps")
    [(kind, values)] = asked
    assert kind == "prepare"
    assert values == {
        "dataset": arrays.id,
        "title": "",
        "log2": True,
        "log2_offset": 1.0,
        "outlying": "keep",
        "outlying_threshold": 4.0,
        "missing": "refuse",
        "collapse": "mean",
        "identical": "keep",
        "quantile": "4 to 15",
        "remove_duplicates": True,
        "duplicate_distance": 1.0,
        "split": "by group",
        "split_group": "patient",
        "test_groups": [],
        "test_group_count": 0,
        "held_out": 0.2,
        "seed": 0,
    }
    people = app.multiselect[0].options
    app.multiselect[0].set_value(people[:2]).run()
    press(app, "Do 5 steps")
    assert asked[-1][1]["test_groups"] == people[:2]


def test_what_was_done_is_shown_on_the_new_dataset(home, arrays, asked):
    choices = {"log2": True, "collapse": "mean", "remove_duplicates": True, "duplicate_distance": 1e-6}
    run = execute_now(home, "prepare", {"dataset": arrays.id, **choices})
    app = sound("data/prepare.py", dataset=run.manifest.parents["dataset"])
    said = words(app)
    assert "5 HG-U133A probes became 2 genes; no near-duplicate was found; logarithm done" in said
    assert "No sample was removed." in said
    assert app.dataframe[0].value["genes"].tolist() == [5, 5, 2, 2]
    source = opened("data/prepare.py", dataset=arrays.id)
    assert "was made of it: logarithm, one value per gene, near-duplicates removed" in words(source)


def test_samples_are_looked_at_and_shown(home, asked):
    data = dataset(home, samples=40, genes=50)
    app = opened("data/quality.py")
    assert "These samples have not been looked at yet" in words(app)
    press(app, "Look at the samples")
    [(kind, values)] = asked
    assert kind == "quality"
    run = execute_now(home, kind, values)
    assert run.manifest.parents == {"dataset": data.id}
    app = sound("data/quality.py")
    assert "**tissue** explains" in words(app)
    assert app.selectbox[0].value == "tissue"
    app.selectbox[0].set_value("none").run()
    assert not app.exception
    assert "Which samples are outliers" in words(app)


def test_outliers_are_listed_beside_annotations_of_the_same_name(home, asked):
    data = dataset(home, samples=40, genes=50)
    matrix = data.load()
    matrix.obs["sample"] = range(40)
    matrix.X[7] = matrix.X[7, ::-1] * 3
    data = DatasetStore(home).add(matrix, now())
    execute_now(home, "quality", {"dataset": data.id})
    app = opened("data/quality.py", dataset=data.id)
    assert not app.error
    assert "1 of 40 samples of **Test samples** is an outlier (sample7)" in words(app)
    assert app.dataframe[0].value["sample (annotation)"].tolist() == [7]


def test_outlying_values_are_listed_and_lead_to_their_treatment(home, asked):
    data = dataset(home, samples=40, genes=50)
    matrix = data.load()
    matrix.X[7, 3] = 90
    gene = matrix.var_names[3]
    data = DatasetStore(home).add(matrix, now())
    execute_now(home, "quality", {"dataset": data.id})
    app = sound("data/quality.py", dataset=data.id)
    assert "1 value is too extreme to be expression." in words(app)
    assert f"1 value in 1 gene and 1 sample, such as {gene} in sample7: 90" in words(app)
    assert "Treat them in Prepare" in [button.label for button in app.button]
    listed = [frame.value for frame in app.dataframe if "deviations" in frame.value]
    assert [table["gene"].tolist() for table in listed] == [[gene]]
    app = opened("data/prepare.py", dataset=data.id)
    assert "1 value among the samples looked at: so far from the others of the gene" in words(app)
    (choice,) = (box for box in app.selectbox if box.label.endswith("Outlying values"))
    assert choice.value == "nearest"
    choice.set_value("missing").run()
    assert "choose a way for missing values" in words(app)
    assert next(button for button in app.button if button.label.startswith("Do ")).disabled


def test_what_datasets_share_is_shown_before_they_are_merged(home, arrays, asked):
    genes = dataset(home, title="Genes")
    app = opened("data/merge.py", dataset=genes.id)
    assert "Choose at least two datasets." in words(app)
    app.multiselect[0].set_value([genes.id, arrays.id]).run()
    assert not app.exception
    said = words(app)
    assert "Merged, these would be **50 samples × 0 genes**" in said
    assert "would keep 0 of its 2 genes only" in said
    assert "'My \\*arrays\\*' is not logged" in said
    press(app, "Merge")
    [(kind, values)] = asked
    assert kind == "merge"
    assert values == {"datasets": [genes.id, arrays.id], "title": "", "collapse": "mean", "joint": False}


def test_a_merged_dataset_says_what_was_lost(home, asked):
    first, second = dataset(home, title="First"), dataset(home, genes=60, title="Second")
    run = execute_now(home, "merge", {"datasets": [first.id, second.id]})
    app = sound("data/merge.py", dataset=run.manifest.parents["dataset"])
    said = words(app)
    assert "**First \\+ Second** holds 2 datasets, 60 samples × 40 genes; Second lost 20 genes" in said
    assert "60 samples renamed" in said
    assert app.dataframe[0].value["dataset"].tolist() == ["Second"] * 20
