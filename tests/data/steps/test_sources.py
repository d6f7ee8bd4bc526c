"""Files that pass give what ``read`` gives, however they are laid out; damage and danger are refused alike."""

from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from scipy import sparse

from landmark.data import reading
from landmark.data.io import hdf5
from landmark.data.io.writers import write
from landmark.data.reading import read, read_passing
from landmark.data.steps import missing
from landmark.data.steps.stream import Stream
from landmark.errors import BadData
from tests.data.make import adata
from tests.data.steps.passing import whole


def _matrix(samples: int = 30) -> AnnData:
    matrix = adata(samples)
    matrix.obs["tissue"] = ["lung", "skin"] * (samples // 2)
    return matrix


def _gctx(path: Path, X: np.ndarray, genes_first: bool = False, **how: object) -> Path:
    names, samples = adata().var_names, [f"S{i}" for i in range(len(X))]
    with h5py.File(path, "w") as file:
        file.create_dataset("0/DATA/0/matrix", data=X.T if genes_first else X, **how)
        rows, columns = (samples, list(names)) if genes_first else (list(names), samples)
        file["0/META/ROW/id"], file["0/META/COL/id"] = rows, columns
    return path


def _passing(path: Path, **choices: object) -> Stream:
    stream = read_passing(path, larger_than=0, **choices)  # type: ignore[arg-type]
    assert stream is not None
    return stream


def _as_read(path: Path, stream: Stream, **choices: object) -> None:
    expected = read(path, **choices)  # type: ignore[arg-type]
    np.testing.assert_array_equal(whole(stream), expected.X)
    pd.testing.assert_frame_equal(stream.about.obs, expected.obs)
    pd.testing.assert_frame_equal(stream.about.var, expected.var)
    assert stream.about.uns == expected.uns


@pytest.mark.parametrize("ending", [".gctx", ".h5ad"])
def test_a_stream_is_what_read_gives(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"m{ending}"
    write(_matrix(), path)
    _as_read(path, _passing(path))


@pytest.mark.parametrize(
    ("genes_first", "how"),
    [
        (False, {"chunks": (4, 3), "compression": "gzip"}),
        (False, {"dtype": "f8"}),
        (True, {}),
        (True, {"chunks": (8, 8), "compression": "lzf", "dtype": "i4"}),
    ],
)
def test_every_layout_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, genes_first: bool, how: dict[str, object]
) -> None:
    monkeypatch.setattr(reading, "BLOCK_BYTES", 10 * 4 * 8)
    path = _gctx(tmp_path / "m.gctx", _matrix().X, genes_first, **how)
    _as_read(path, _passing(path))


def test_blocks_end_where_chunks_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _gctx(tmp_path / "m.gctx", _matrix().X, chunks=(6, 8), compression="gzip")
    with h5py.File(path) as file:

        def sizes(most: int) -> list[int]:
            matrix = file["0/DATA/0/matrix"]
            return [len(block) for block in hdf5.sample_blocks(matrix, "columns", most)]

        assert sizes(32 * 15) == [12, 12, 6]
        assert sizes(32 * 2) == [6] * 5
        monkeypatch.setattr(hdf5, "TALLEST_CHUNK_BYTES", 32 * 5)
        assert sizes(32 * 2) == [2] * 15


def test_other_files_are_left_to_read(tmp_path: Path) -> None:
    write(_matrix(), tmp_path / "m.csv")
    assert read_passing(tmp_path / "m.csv", larger_than=0) is None
    thin = _matrix()
    thin.X = sparse.csr_matrix(thin.X)
    thin.write_h5ad(tmp_path / "sparse.h5ad")
    assert read_passing(tmp_path / "sparse.h5ad", larger_than=0) is None
    write(_matrix(), tmp_path / "small.gctx")
    assert read_passing(tmp_path / "small.gctx") is None


@pytest.mark.parametrize("choice", ["drop genes", "gene median"])
@pytest.mark.parametrize("columns_bytes", [120, 10**9], ids=["two passes", "one pass"])
def test_missing_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, choice: str, columns_bytes: int
) -> None:
    monkeypatch.setattr(missing, "COLUMNS_BYTES", columns_bytes)
    X = _matrix().X
    X[3, 1] = X[4, 1] = X[20, 5] = np.nan
    path = _gctx(tmp_path / "m.gctx", X)
    _as_read(path, _passing(path, missing=choice), missing=choice)
    with pytest.raises(BadData, match="3 of 240 values are missing or infinite, in 2 genes and 3 samples"):
        whole(_passing(path))
    X[2, 3], X[5, 3], X[6, 5], X[:, 2] = np.inf, -np.inf, -np.inf, np.nan
    path = _gctx(tmp_path / "i.gctx", X)
    _as_read(path, _passing(path, missing=choice), missing=choice)
    X[0] = np.nan
    path = _gctx(tmp_path / "n.gctx", X)
    if choice == "gene median":
        _as_read(path, _passing(path, missing=choice), missing=choice)
        X[:] = np.inf
        _gctx(path, X)
    with pytest.raises(BadData, match=r"Every gene has missing|No gene has a value"):
        _passing(path, missing=choice)


def _links(file: h5py.File) -> None:
    del file["0/META/COL/id"]
    file["0/META/COL/id"] = h5py.ExternalLink("other.h5", "/id")


def _virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((30, 8), "f4")
    layout[:] = h5py.VirtualSource("other.h5", "X", (30, 8))
    del file["0/DATA/0/matrix"]
    file.create_virtual_dataset("0/DATA/0/matrix", layout)


def _elsewhere(file: h5py.File) -> None:
    del file["0/DATA/0/matrix"]
    file.create_dataset("0/DATA/0/matrix", (30, 8), "f4", external=[("/etc/passwd", 0, 960)])


def _huge(file: h5py.File) -> None:
    del file["0/DATA/0/matrix"]
    file.create_dataset("0/DATA/0/matrix", (4_000_000, 20_000), "f4", chunks=(100, 100), compression="gzip")


def _names(file: h5py.File) -> None:
    del file["0/META/COL/id"]
    file["0/META/COL/id"] = ["S1"] * 30


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_links, "link to another file"),
        (_virtual, "lie in other files"),
        (_elsewhere, "lie in other files"),
        (_huge, r"claims 320,000 MB of values"),
        (_names, "sample name occurs more than once"),
    ],
)
def test_danger_is_refused_before_a_value_is_read(tmp_path: Path, spoil, message: str) -> None:
    path = _gctx(tmp_path / "m.gctx", _matrix().X)
    with h5py.File(path, "r+") as file:
        spoil(file)
    with pytest.raises(BadData, match=message):
        read_passing(path, larger_than=0)


def test_damage_and_change_show_while_it_passes(tmp_path: Path) -> None:
    path = _gctx(tmp_path / "m.gctx", _matrix().X, chunks=(6, 8), compression="gzip")
    with h5py.File(path) as file:
        place = file["0/DATA/0/matrix"].id.get_chunk_info(3).byte_offset
    content = bytearray(path.read_bytes())
    content[place : place + 20] = b"\xff" * 20
    path.write_bytes(content)
    stream = _passing(path)
    with pytest.raises(BadData, match="damaged, cut short"):
        whole(stream)
    _gctx(path, _matrix(28).X)
    with pytest.raises(BadData, match="was changed while it was read"):
        whole(stream)
