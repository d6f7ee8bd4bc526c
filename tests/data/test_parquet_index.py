"""Parquet: which column names the rows, and what the others are."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from landmark.data import read
from landmark.data.history import history
from landmark.errors import BadData
from tests.data.make import GENES, frame

ENTREZ = [7157, 1956, 4609, 2597, 60, 672, 3845, 5728]


def _turned(index: list[object], **columns: list[object]) -> pd.DataFrame:
    """Genes in rows, in the order of ``frame``, under another index and with facts beside the values."""
    return frame().T.set_axis(pd.Index(index)).assign(**columns)


@pytest.mark.parametrize("called", [None, "entrez_id"])
def test_an_index_of_numbers_names_the_genes(tmp_path: Path, called: str | None) -> None:
    table = _turned(ENTREZ, symbol=GENES).rename_axis(called)
    table.to_parquet(tmp_path / "m.parquet")
    matrix = read(tmp_path / "m.parquet", genes_in="rows")
    assert matrix.shape == (5, 8)
    assert matrix.var_names.tolist() == list(map(str, ENTREZ))
    assert matrix.var["symbol"].tolist() == GENES
    assert np.array_equal(matrix.X, frame().to_numpy())


def test_a_counting_index_gives_way_to_names(tmp_path: Path) -> None:
    _turned([0, 1, 2, 4, 5, 6, 7, 9], symbol=GENES).to_parquet(tmp_path / "m.parquet")
    matrix = read(tmp_path / "m.parquet")
    assert matrix.var_names.tolist() == GENES
    assert "the column 'symbol' names them" in " ".join(history(matrix)[0]["notes"])


def test_an_index_of_numbers_without_other_text(tmp_path: Path) -> None:
    _turned(ENTREZ).to_parquet(tmp_path / "m.parquet")
    assert read(tmp_path / "m.parquet", genes_in="rows").var_names.tolist() == list(map(str, ENTREZ))


def test_an_index_of_text_wins(tmp_path: Path) -> None:
    _turned(GENES, biotype=["coding"] * 8).to_parquet(tmp_path / "m.parquet")
    matrix = read(tmp_path / "m.parquet")
    assert matrix.var_names.tolist() == GENES
    assert matrix.var["biotype"].unique().tolist() == ["coding"]


def test_truth_values_are_facts(tmp_path: Path) -> None:
    frame().assign(treated=[True, False, True, True, False]).to_parquet(tmp_path / "m.parquet")
    matrix = read(tmp_path / "m.parquet")
    assert matrix.shape == (5, 8)
    assert matrix.obs["treated"].tolist() == [True, False, True, True, False]


def test_categories_and_missing_texts(tmp_path: Path) -> None:
    frame().assign(tissue=pd.Categorical(["lung", None, "liver", "lung", None])).to_parquet(
        tmp_path / "m.parquet"
    )
    assert read(tmp_path / "m.parquet").obs["tissue"].tolist() == ["lung", "", "liver", "lung", ""]


def test_only_numbers(tmp_path: Path) -> None:
    _turned(ENTREZ).reset_index(drop=True).to_parquet(tmp_path / "m.parquet")
    with pytest.raises(BadData, match="no column of text that names the rows"):
        read(tmp_path / "m.parquet")
