"""Predictors drawn against each other."""

import numpy as np
import pandas as pd
import pytest

from landmark.analyses.predictors.figures import Row, recall_bars, sample_strips
from landmark.errors import BadData
from landmark.plots.colours import LABELS, PREDICTORS, RANDOM

ROWS = [
    Row("graph", "Graph network", "graph"),
    Row("graph + <b>", "Graph network + <b>", "graph"),
    Row("gene means", "Gene means alone", ""),
]


def samples(count: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    parts = [
        pd.DataFrame(
            {
                "name": row.name,
                "sample": [f"s{i}" for i in range(count)],
                "group": np.array(["lung", "skin", ""])[np.arange(count) % 3],
                "spearman": rng.uniform(0.6, 0.9, count),
                "mae": rng.uniform(0.2, 0.6, count),
                "mae_standardised": rng.uniform(0.2, 0.6, count),
            }
        )
        for row in ROWS
    ]
    return pd.concat(parts, ignore_index=True)


def test_every_sample_is_a_dot_in_the_row_of_its_predictor():
    table = samples()
    figure = sample_strips(table, ROWS, "spearman")
    marks = [trace for trace in figure.data if trace.type != "violin"]
    dots = [trace for trace in marks if trace.mode == "markers" and len(trace.x) == 40]
    for place, (trace, row) in enumerate(zip(dots, ROWS, strict=True)):
        np.testing.assert_array_equal(trace.x, table.loc[table["name"] == row.name, "spearman"])
        assert np.abs(np.asarray(trace.y) - place).max() <= 0.25
        assert trace.marker.color == PREDICTORS.get(row.predictor, RANDOM)
    medians = [trace.x[0] for trace in marks if len(trace.x) == 1]
    assert medians == pytest.approx(
        [table.loc[table["name"] == row.name, "spearman"].median() for row in ROWS]
    )
    assert figure.layout.yaxis.ticktext[1] == f"Graph network +<br>&lt;b&gt;<br><b>{medians[1]:.3f}</b>"


def test_dots_may_tell_groups():
    figure = sample_strips(samples(), ROWS, "spearman", by_group=True)
    named = {trace.name: trace.marker.color for trace in figure.data if trace.showlegend}
    assert list(named) == ["lung", "skin", "no label"]
    assert named["lung"] == LABELS[0]
    assert sum(len(trace.x) for trace in figure.data if trace.legendgroup) == 120


def test_an_axis_says_its_unit():
    assert sample_strips(samples(), ROWS, "mae", unit="log2").layout.xaxis.title.text.endswith("(log2)")
    figure = sample_strips(samples(), ROWS, "mae", standardised=True)
    assert figure.layout.xaxis.title.text.endswith("(standard deviations)")


def test_very_many_samples_are_a_shape():
    figure = sample_strips(samples(700), ROWS[:1], "spearman")
    assert max(len(trace.x) for trace in figure.data if trace.type != "violin") == 2


def test_bars_are_the_shares_at_both_levels():
    recall = pd.DataFrame(
        {
            "name": np.repeat([row.name for row in ROWS[:2]], 2),
            "level": [0.95, 0.99] * 2,
            "threshold": 0.4,
            "recalled": [80, 50, 90, 60],
            "share": [0.8, 0.5, 0.9, 0.6],
        }
    )
    figure = recall_bars(recall, ROWS[:2])
    assert [list(trace.x) for trace in figure.data] == [[80, 90], [50, 60]]
    assert figure.data[1].text == ("50.0% (R > 0.99)", "60.0% (R > 0.99)")
    assert "50 genes with R > 0.99: correlation above 0.400" in figure.data[1].customdata
    assert "not been measured" in recall_bars(recall[:0], ROWS).layout.annotations[0].text


def test_a_table_without_its_columns_is_refused():
    with pytest.raises(BadData, match="spearman"):
        sample_strips(samples().drop(columns="spearman"), ROWS, "spearman")
    empty = sample_strips(samples()[:0], ROWS, "spearman")
    assert "No test sample" in empty.layout.annotations[0].text
