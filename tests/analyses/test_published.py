"""Published figures: their table, and how ours are brought to the scale of others."""

import numpy as np
import pandas as pd
import pytest

from landmark.analyses.compare.published import (
    MEASURES,
    PUBLISHED,
    SCALES,
    UNSTATED,
    Spread,
    beside,
    published,
)
from landmark.data.split import rows
from tests.real_runs import altered


def test_the_table_of_published_figures_is_as_promised():
    table = published()
    PUBLISHED.check("published_figures", table)
    assert (table[["paper", "source", "figure", "published"]] != "").all(axis=None)
    assert not table.duplicated(["paper", "figure"]).any()
    assert set(table["measure"]) <= {*MEASURES, ""}
    assert set(table["scale"]) <= {*SCALES, UNSTATED, ""}
    assert table.groupby("paper")["source"].nunique().max() == 1
    errors = table["measure"] == "mae"
    assert (table.loc[errors & table["value"].notna(), "scale"] != "").all()
    numbers = table[table["value"].notna() & (table["measure"] != "ratio")]
    assert [float(text) for text in numbers["published"]] == numbers["value"].tolist()
    assert table["source"].str.contains(r"\(20\d\d\)").all()


def test_errors_on_another_scale_are_those_of_values_brought_to_it(real):
    """Scaling values by hand and measuring anew gives what the spread of the genes says."""
    dataset = real.dataset()
    matrix = dataset.load()
    train, test = (matrix.X[rows(matrix, part)].astype(float) for part in ("train", "test"))
    predicted = test + np.random.default_rng(0).normal(size=test.shape)
    deviation = train.std(axis=0) + 1e-3
    standardised = np.abs(predicted - test).mean(axis=0) / deviation
    found = Spread.of(dataset).errors(pd.Series(standardised, index=matrix.var_names))
    low, high = train.min(axis=0), train.max(axis=0)
    maps = {
        "standardised": lambda X: (X - train.mean(axis=0)) / deviation,
        "unit of the dataset": lambda X: X,
        "4 to 15": lambda X: 4 + 11 * (X - low.min()) / (high.max() - low.min()),
        "min-max": lambda X: (X - low) / (high - low),
    }
    assert set(found) == set(maps) == set(SCALES)
    for scale, onto in maps.items():
        assert found[scale] == pytest.approx(np.abs(onto(predicted) - onto(test)).mean(), rel=1e-4)


def test_ours_stands_on_the_scale_of_each_and_nothing_is_called_comparable(real):
    dataset = real.dataset()
    runs = [
        real(name) for name in ("infer", "compare ranking", "train", "enrich", "cluster", "cross-platform")
    ]
    spread = Spread.of(dataset)
    table = beside(dataset, runs, spread).set_index("figure")
    genes = runs[0].table("genes")
    errors = genes[genes["name"] == "ridge"].set_index("gene")["mae"]
    line = table.loc["MAE of linear regression"]
    assert line["here_values"] == {"standardised": pytest.approx(errors.mean())}
    dgex = genes[genes["name"] == "dgex"].set_index("gene")["mae"]
    on_ranges = spread.errors(dgex)["min-max"]
    assert table.loc["MAE of D-GEX made again", "here_values"] == {"min-max": pytest.approx(on_ranges)}
    ratio = dgex.mean() / errors.mean() - 1
    assert table.loc["MAE against linear regression, arrays", "here_values"][""] == pytest.approx(ratio)
    restored = runs[2].table("reconstruction")
    on_several = table.loc["Reconstruction, mean MAE per gene", "here_values"]
    assert on_several["standardised"] == pytest.approx(restored["mae"].mean())
    assert on_several["unit of the dataset"] == pytest.approx(restored["mae_unscaled"].mean(), rel=1e-4)
    assert table.loc["Overlap of the set with L1000", "here"].endswith(" of 40")
    assert "from 8 genes of L1000" in line["origin"]
    assert (
        "Predicted by D-GEX there, by ridge regression here."
        in table.loc["PCC of L1000, range over targets", "differs"]
    )
    assert "Predicted by" not in table.loc["MAE of D-GEX made again", "differs"]
    assert table["differs"].str.startswith("Other data.").all()
    filled = table[table["here"] != ""]
    assert {"samples", "functions", "clusters", "restored", "targets"} <= set(filled["ours"])
    assert not table.stack().astype(str).str.contains("comparable").any()
    stated = filled.loc[(filled["measure"] == "mae") & (filled["scale"] == UNSTATED), "agrees"]
    assert set(stated) == {"Measure; scale not stated"}


def test_without_the_spread_errors_stay_in_standard_deviations(real):
    dataset, run = real.dataset(), real("infer")
    table = beside(dataset, [run], None).set_index("figure")
    assert table.loc["MAE of linear regression", "here"].endswith("standard deviations")
    assert table.loc["MAE of D-GEX made again", "here"] == ""


def test_lines_of_runs_that_lack_their_figures_stay_empty(real):
    dataset = real.dataset()
    older = altered(real("infer"), without=["genes"])
    table = beside(dataset, [older], None)
    assert set(table.loc[table["here"] != "", "ours"]) == {"samples"}
    nothing = beside(None, [], None)
    assert (nothing["here"] == "").all()
    assert (nothing["agrees"] == "").all()
