"""Exports open in the programs they are made for, and run nothing there."""

import pandas as pd
import pytest

from landmark.store.datasets import export_table, without_formulas


def test_a_table_opens_in_pandas(publish, tmp_path):
    ranking = pd.DataFrame({"gene": ["TP53", "HLA-A"], "score": [0.5, -0.25], "rank": [1, 2]})
    path = export_table(publish("rank", ranking=ranking), "ranking", tmp_path)
    assert path == tmp_path / "ranking.csv"
    pd.testing.assert_frame_equal(pd.read_csv(path), ranking)


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-1 plus 2", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'])
@pytest.mark.parametrize("dtype", [object, "string", "category"])
def test_no_text_is_taken_for_a_formula(text, dtype):
    table = pd.DataFrame({"gene": pd.Series([text, "A-B=C"], dtype=dtype), "score": [-1.5, 2.0]})
    safe = without_formulas(table)
    assert list(safe["gene"]) == ["'" + text, "A-B=C"]
    assert list(safe["score"]) == [-1.5, 2.0]
    assert table["gene"].iloc[0] == text


def test_a_name_of_a_column_is_a_text_too():
    assert list(without_formulas(pd.DataFrame({"=A1": [1], "mae": [2]})).columns) == ["'=A1", "mae"]


def test_missing_texts_stay_missing():
    safe = without_formulas(pd.DataFrame({"label": ["=x", None]}))
    assert safe["label"].isna().tolist() == [False, True]
