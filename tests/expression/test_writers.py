"""What is written reads back as the same float32 values and names."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from landmark.errors import BadConfiguration
from landmark.expression import read
from landmark.expression.history import history, record
from landmark.expression.writers import WRITERS, harmless, write
from tests.expression.make import adata

finite = st.floats(width=32, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize("ending", WRITERS)
def test_exact_round_trip(tmp_path_factory: pytest.TempPathFactory, ending: str) -> None:
    folder = tmp_path_factory.mktemp("written")

    @settings(max_examples=8, deadline=None)  # reading HDF5 starts a process
    @given(arrays(np.float32, (5, 8), elements=finite))
    def exact(X: np.ndarray) -> None:
        matrix = adata()
        matrix.X = X.copy()
        write(matrix, folder / f"m{ending}")
        again = read(folder / f"m{ending}")
        assert np.array_equal(again.X, X)
        assert again.obs_names.equals(matrix.obs_names)
        assert again.var_names.equals(matrix.var_names)

    exact()


@pytest.mark.parametrize("ending", [".gct", ".gctx", ".h5ad"])
def test_annotations_survive(tmp_path: Path, ending: str) -> None:
    matrix = adata()
    matrix.obs["tissue"] = pd.Categorical(["lung", "liver", None, "lung", "skin"])
    matrix.obs["age"] = [61, 44, 50, 38, 72]
    matrix.obs["note"] = ["a\tb", 'say "x"', "c\nd", "", "e"]
    matrix.var["chromosome"] = list("abcdefgh")
    record(matrix, "Logarithm", offset=1)
    write(matrix, tmp_path / f"m{ending}")
    again = read(tmp_path / f"m{ending}")
    assert again.obs["tissue"].astype(object).where(again.obs["tissue"].notna(), "") .tolist() == [
        "lung", "liver", "", "lung", "skin"
    ]  # fmt: skip
    assert again.obs["age"].astype(int).tolist() == [61, 44, 50, 38, 72]
    assert again.var["chromosome"].tolist() == list("abcdefgh")
    if ending == ".h5ad":
        assert history(again)[0]["step"] == "Logarithm"


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x", "@SUM(A1)", "\tx"])
def test_spreadsheet_formulas_are_neutralised(tmp_path: Path, name: str) -> None:
    assert harmless(name) == f"'{name}"
    assert harmless("TP53") == "TP53"
    matrix = adata()
    matrix.var_names = [name, *matrix.var_names[1:]]
    write(matrix, tmp_path / "m.csv")
    assert f"'{name}" in (tmp_path / "m.csv").read_text().splitlines()[0]


def test_unknown_ending(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match=r"m.doc: the ending should be one of .csv"):
        write(adata(), tmp_path / "m.doc")
