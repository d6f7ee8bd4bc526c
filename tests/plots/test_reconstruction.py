"""What the network learned: densities over genes, and one gene sample by sample."""

import numpy as np
import pytest

from landmark.analyses.train.figures import gene_accuracy_densities
from landmark.plots import colours as c
from landmark.plots.samples import predicted_against_measured

from . import tables as t


def test_reconstruction_stands_beside_principal_components():
    table = t.reconstruction()
    figure = gene_accuracy_densities(table)
    curves = [trace for trace in figure.data if trace.fill]
    assert [trace.line.color for trace in curves] == [c.AUTOENCODER, c.PCA] * 2
    assert f"PCC {table['pcc'].mean():.3f}" in curves[0].name
    assert all(trace.x.max() <= 1 for trace in curves[2:])
    alone = gene_accuracy_densities(table.drop(columns=["mae_pca", "pcc_pca"])).data
    assert len([trace for trace in alone if trace.fill]) == 2


def test_every_gene_is_a_dot_below_the_densities_and_one_is_marked():
    table = t.reconstruction()
    for count, kind in ((300, "scatter"), (2000, "scattergl")):
        dots = [
            trace for trace in gene_accuracy_densities(t.reconstruction(count)).data if trace.meta == "genes"
        ]
        assert [trace.type for trace in dots] == [kind] * 2
        assert all(max(trace.y) < 0 and len(trace.x) == count for trace in dots)
    marked = gene_accuracy_densities(table, table["gene"].iloc[7]).layout.annotations
    assert [note.x for note in marked] == [table["mae"].iloc[7], table["pcc"].iloc[7]]
    assert not gene_accuracy_densities(table, "no such gene").layout.annotations


@pytest.mark.parametrize(("count", "kind"), [(30, "scatter"), (1990, "scattergl")])
def test_one_gene_lies_along_the_diagonal(count, kind):
    figure = predicted_against_measured(t.predictions(count), "TP53", "log2 expression", 0.25, 0.875)
    diagonal, dots = figure.data
    assert list(diagonal.x) == list(diagonal.y)
    assert dots.type == kind
    assert len(dots.x) == count
    assert figure.layout.title.text == "<i>TP53</i>: MAE 0.250 log2 expression, PCC 0.875"
    assert figure.layout.xaxis.title.text == "Measured (log2 expression)"
    assert figure.layout.yaxis.scaleanchor == "x"


def test_a_gene_that_does_not_vary_still_has_a_figure():
    values = t.predictions(5).assign(measured=3.0, predicted=3.0)
    figure = predicted_against_measured(values, "TP53", "z-score", 0.0, np.nan)
    assert figure.layout.xaxis.range == (2.5, 3.5)
    assert "PCC unknown" in figure.layout.title.text
