"""GCT 1.2 and 1.3."""

from pathlib import Path

import numpy as np
import pytest

from landmark.data import read
from landmark.errors import BadData
from tests.data.make import GENES, frame, gct_text, write

V13 = """#1.3
3\t2\t1\t2
id\tsymbol\tW1\tW2
dose\tna\t10\t-666
cell\tna\tA375\tMCF7
TP53\ttumour protein\t1.5\t2
EGFR\tgrowth factor\t3\t4
MYC\tna\t5\t6
"""


def test_version_1_2(tmp_path: Path) -> None:
    adata = read(write(tmp_path / "m.gct.gz", gct_text(frame())))
    assert np.array_equal(adata.X, frame().to_numpy())
    assert adata.var_names.tolist() == GENES


def test_version_1_3(tmp_path: Path) -> None:
    adata = read(write(tmp_path / "m.gct", V13))
    assert adata.X.tolist() == [[1.5, 3, 5], [2, 4, 6]]
    assert adata.obs["cell"].tolist() == ["A375", "MCF7"]
    assert adata.obs["dose"].isna().tolist() == [False, True]
    assert adata.var["symbol"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("#1.3\n", "ends before"),
        ("#1.3\nmany\n", "second line"),
        (V13.replace("3\t2\t1\t2", "4\t2\t1\t2"), "3 rows of values where its second line says 4"),
        (V13.replace("3\t2\t1\t2", "3\t3\t1\t2"), "names 2 columns"),
        (V13.replace("3\t2\t1\t2", "3000000\t200000\t1\t2"), "claims 2,400,000 MB"),
        (V13.replace("3\t2\t1\t2", "3\t2\t1\t99999"), "99,999 facts"),
        (V13.replace("cell\tna\tA375\tMCF7", "cell\tna\tA375"), "'cell'"),
        (V13.replace("\t4", "\tfour"), "'four' in row 'EGFR' .line 7., column 'W2'"),
        (V13.replace("\t4", ""), "Line 7"),
        (V13.replace("\t4", "\tna"), "missing"),
        (V13.replace("EGFR", "TP53"), "more than once"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadData, match=words):
        read(write(tmp_path / "m.gct", text))
