import numpy as np
import pandas as pd
import pytest
import torch
from captum.attr import DeepLift

from landmark.epigenome.deepchrome.run import cell_type_of, frequency_rows, planted_rows
from landmark.epigenome.histones import store as histones
from landmark.epigenome.marks.config import MOST_GENES
from landmark.epigenome.profiles import MARKS, bin_rows
from landmark.errors import BadConfiguration, BadData
from landmark.workflows.execute import execute_now
from tests.epigenome.deepchrome_torch import as_torch

TRAINING = {"epochs": 2, "batch_size": 8}
MAPS = {"steps": 20}


@pytest.fixture(scope="module")
def source(home):
    return execute_now(home, "histones", {"example": "simulated", "cell_types": 2, "genes": 240})


@pytest.fixture(scope="module")
def network(home, source):
    return execute_now(home, "deepchrome", {"histones": source.id, "training": TRAINING, "maps": MAPS})


@pytest.fixture(scope="module")
def explained(home, network):
    values = {"deepchrome": network.id, "cell_type": "simulated 2", "genes": ("G003", "G001")}
    return execute_now(home, "marks", values)


def profile(source, gene):
    place = histones.genes(source, "simulated 2")["gene"].tolist().index(gene)
    return np.array(histones.profiles(source, "simulated 2")[place])


def test_tables_of_every_cell_type(network):
    sizes = {"history": 2, "cells": 1, "predictions": 240, "maps": 1000, "frequency": 10, "planted": 5}
    for name, rows in sizes.items():
        table = network.table(name)
        assert table.columns[0] == "cell_type"
        assert table["cell_type"].value_counts().to_dict() == {"simulated 1": rows, "simulated 2": rows}
    cells = network.table("cells")
    assert cells["test"].tolist() == [80, 80]
    assert ((cells["auc_low"] <= cells["auc"]) & (cells["auc"] <= cells["auc_high"])).all()
    assert cells["auc_shuffled"].between(0.4, 0.6).all()
    assert network.manifest.metrics["auc_mean"] == pytest.approx(cells["auc"].mean())
    assert network.manifest.metrics["planted"] == 10


def test_predictions_are_those_of_the_stored_network(network, source):
    name, trained = cell_type_of(network, "simulated 2")
    predictions = network.table("predictions").query("cell_type == 'simulated 2'")
    expected = trained.apply(histones.profiles(source, name))
    np.testing.assert_array_equal(predictions["probability"], expected)
    assert cell_type_of(network, "")[0] == "simulated 1"
    with pytest.raises(BadData, match="no network of 'E003'"):
        cell_type_of(network, "E003")


def test_one_cell_type_only(home, source, network):
    values = {"histones": source.id, "training": TRAINING, "maps": MAPS, "cell_types": ("simulated 2",)}
    alone = execute_now(home, "deepchrome", values)
    both = network.table("cells").query("cell_type == 'simulated 2'")
    assert alone.table("cells")["auc"].tolist() == both["auc"].tolist()
    for names, said in {("E003",): "no cell type 'E003'", ("simulated 1",) * 2: "twice"}.items():
        with pytest.raises(BadConfiguration, match=said):
            execute_now(home, "deepchrome", values | {"cell_types": names})


def test_genes_of_one_kind_only_are_refused_before_training(home, tmp_path):
    rows = [
        f"{part}{i},{bin_},1,1,1,1,1,{int(part != 'test' and i % 2)}"
        for part in ("train", "valid", "test")
        for i in range(2)
        for bin_ in range(1, 101)
    ]
    for number, part in enumerate(("train", "valid", "test")):
        (tmp_path / f"{part}.csv").write_text("\n".join(rows[number * 200 : number * 200 + 200]))
    source = execute_now(home, "histones", {"path": str(tmp_path)})
    with pytest.raises(BadData, match="hold no expressed gene"):
        execute_now(home, "deepchrome", {"histones": source.id})


def test_contributions_sum_to_the_difference(explained, network, source):
    assert explained.manifest.metrics["residual_worst"] < 1e-3
    genes = explained.table("genes").set_index("gene")
    assert genes.index.tolist() == ["G003", "G001"]
    summed = explained.table("contributions").groupby("gene")["contribution"].sum()
    start = explained.manifest.metrics["reference_probability"]
    difference = np.log(genes["probability"] / (1 - genes["probability"])) - np.log(start / (1 - start))
    np.testing.assert_allclose(summed[genes.index], difference, atol=1e-3)
    counts = explained.table("contributions").query("gene == 'G001' and mark == @MARKS[1]")
    expected = profile(source, "G001")[:, 1]
    np.testing.assert_array_equal(counts["count"], expected)


def test_contributions_as_captum_finds_them(explained, network, source):
    _, trained = cell_type_of(network, "simulated 2")
    layers = list(as_torch(dict(trained.parameters)))[:-1]  # up to the scores before the softmax
    # captum 0.9.0 mistakes two non-linear layers that follow each other; a pooling that changes nothing parts them.
    model = torch.nn.Sequential(*layers[:2], torch.nn.AvgPool1d(1), *layers[2:])
    reads = torch.from_numpy(profile(source, "G003").T[None].copy()).requires_grad_()
    with pytest.warns(UserWarning, match="hooks"):
        one, other = (DeepLift(model).attribute(reads, torch.zeros_like(reads), target=k) for k in (1, 0))
    ours = explained.table("contributions").query("gene == 'G003'")["contribution"]
    np.testing.assert_allclose(
        ours.to_numpy().reshape(100, 5), (one - other)[0].T.detach().numpy(), atol=2e-4
    )


def test_class_averages_are_means_over_the_test_genes(home, network, source, explained):
    genes = histones.genes(source, "simulated 2").query("split == 'test' and label == 1")["gene"].tolist()
    values = {"deepchrome": network.id, "cell_type": "simulated 2"}
    portions = [genes[:MOST_GENES], genes[MOST_GENES:]]
    every = pd.concat(
        execute_now(home, "marks", values | {"genes": tuple(chosen)}).table("contributions")
        for chosen in portions
        if chosen
    )
    expected = every.groupby(["mark", "bin"])["contribution"].mean()
    average = explained.table("average").query("label == 1").set_index(["mark", "bin"])["contribution"]
    np.testing.assert_allclose(average.loc[expected.index], expected, rtol=1e-3, atol=1e-6)


def test_another_reference(home, network):
    values = {"deepchrome": network.id, "genes": ("G001",), "reference": "training mean"}
    run = execute_now(home, "marks", values)
    assert run.manifest.metrics["cell_type"] == "simulated 1"
    assert run.manifest.metrics["residual_worst"] < 1e-3


def test_genes_that_cannot_be_explained(home, network):
    with pytest.raises(BadData, match="not among the genes of simulated 1"):
        execute_now(home, "marks", {"deepchrome": network.id, "genes": ("no gene",)})
    with pytest.raises(BadConfiguration, match="twice"):
        execute_now(home, "marks", {"deepchrome": network.id, "genes": ("G001", "G001")})


def test_rows_of_patterns():
    patterns = np.zeros((2, 100, 5))
    patterns[1, 40:50, 3] = 0.5
    maps = bin_rows("label", value=patterns).set_index(["label", "mark", "bin"])["value"]
    assert maps[1, MARKS[3], 41] == 0.5
    assert maps.sum() == 5
    frequency = frequency_rows(patterns, 0.25).set_index(["label", "mark"])["frequency"]
    assert frequency[1, MARKS[3]] == 0.1
    assert frequency.sum() == 0.1
    rule = {"mark": MARKS[3], "first_bin": 41, "last_bin": 60, "sign": 1, "weight": 1.0}
    wrong, none = rule | {"sign": -1}, rule | {"sign": 0}
    found = planted_rows(patterns, [rule, wrong, none])
    assert found["recovered"].tolist() == [True, False]
    assert found["difference"].tolist() == [0.25, 0.25]
