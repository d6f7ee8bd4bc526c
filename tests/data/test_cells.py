"""Single cells: the HDF5 files of Cell Ranger 2 and 3, and MatrixMarket with its files of names."""

import gzip
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest
from scipy import sparse
from scipy.io import mmwrite

from landmark.data import read
from landmark.data.history import history
from landmark.data.io.files import limits
from landmark.errors import BadData
from tests.data.make import GENES, adata

CELLS = [f"ACGT{i}-1" for i in range(6)]
IDS = [f"ENSG0000014151{i}" for i in range(8)]
COUNTS = np.random.default_rng(0).poisson(1.0, (6, 8)).astype(np.float32)


def _store(group: h5py.Group, counts: np.ndarray) -> None:
    stored = sparse.csr_array(counts.astype(np.int32))
    for name in ("data", "indices", "indptr"):
        group[name] = getattr(stored, name)
    group["shape"], group["barcodes"] = np.array(counts.shape[::-1]), np.array(CELLS, "S18")


def tenx(path: Path, version: int = 3, antibodies: int = 0) -> Path:
    with h5py.File(path, "w") as file:
        if version == 2:
            group = file.create_group("GRCh38")
            _store(group, COUNTS)
            group["genes"], group["gene_names"] = np.array(IDS, "S16"), np.array(GENES, "S16")
            return path
        group = file.create_group("matrix")
        extra = np.full((6, antibodies), 50.0)
        _store(group, np.hstack([COUNTS, extra]))
        more = [f"CD{i}" for i in range(antibodies)]
        group["features/id"] = np.array([*IDS, *more], "S16")
        group["features/name"] = np.array([*GENES, *more], "S16")
        group["features/feature_type"] = np.array(
            ["Gene Expression"] * 8 + ["Antibody Capture"] * antibodies, "S20"
        )
    return path


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("antibodies", [0, 2])
def test_cell_ranger(tmp_path: Path, version: int, antibodies: int) -> None:
    matrix = read(tenx(tmp_path / "m.h5", version, antibodies))
    assert np.array_equal(matrix.X, COUNTS)
    assert matrix.obs_names.tolist() == CELLS
    assert matrix.var_names.tolist() == IDS
    assert matrix.var["gene_symbol"].tolist() == GENES
    notes = " ".join(history(matrix)[0]["notes"])
    assert "Each cell of the file counts as a sample" in notes
    assert ("2 features that are no genes" in notes) == (version == 3 and antibodies > 0)


def test_damaged_cell_ranger(tmp_path: Path) -> None:
    path = tenx(tmp_path / "m.h5")
    with h5py.File(path, "r+") as file:
        file["matrix/indices"][0] = 1_000_000
    with pytest.raises(BadData, match="damaged"):
        read(path)
    path = tenx(tmp_path / "n.h5")
    with h5py.File(path, "r+") as file:
        file["matrix/shape"][...] = [2_000_000, 2_000_000]
    with pytest.raises(BadData, match=r"claims 16,000,000 MB"):
        read(path)
    path = tenx(tmp_path / "l.h5")
    with h5py.File(path, "r+") as file:
        del file["matrix/barcodes"]
        file["matrix/barcodes"] = h5py.ExternalLink("/etc/passwd", "/")
    with pytest.raises(BadData, match="refused"):
        read(path)


def test_other_files_under_that_ending(tmp_path: Path) -> None:
    adata().write_h5ad(tmp_path / "a.h5")
    assert read(tmp_path / "a.h5").var_names.tolist() == GENES
    kinds = {
        "loom": (["matrix", "row_attrs", "col_attrs"], "a loom file"),
        "seurat": (["assays", "cell.names", "meta.data"], "h5Seurat"),
        "archs4": (["meta", "data"], "ARCHS4"),
        "anything": (["weights"], "it holds weights"),
    }
    for name, (groups, words) in kinds.items():
        with h5py.File(tmp_path / f"{name}.h5", "w") as file:
            for group in groups:
                file.create_group(group)
        with pytest.raises(BadData, match=words):
            read(tmp_path / f"{name}.h5")
    with h5py.File(tenx(tmp_path / "two.h5", 2), "r+") as file:
        file.copy("GRCh38", "mm10")
    with pytest.raises(BadData, match="several genomes: GRCh38, mm10"):
        read(tmp_path / "two.h5")


def _mtx(counts: np.ndarray, dense: bool = False) -> bytes:
    stream = io.BytesIO()
    mmwrite(stream, counts if dense else sparse.coo_array(counts))
    return stream.getvalue()


def _folder(
    folder: Path, start: str = "", packed: bool = False, former: bool = False, turned: bool = False
) -> Path:
    folder.mkdir(exist_ok=True)
    features = "".join(
        f"{i}\t{name}{'' if former else chr(9) + 'Gene Expression'}\n"
        for i, name in zip(IDS, GENES, strict=True)
    )
    files = {
        "matrix.mtx": _mtx(COUNTS if turned else COUNTS.T),
        "barcodes.tsv": "\n".join(CELLS).encode(),
        "genes.tsv" if former else "features.tsv": features.encode(),
    }
    for name, content in files.items():
        path = folder / f"{start}{name}{'.gz' if packed else ''}"
        path.write_bytes(gzip.compress(content) if packed else content)
    return folder


def _check(path: Path) -> None:
    matrix = read(path)
    assert np.array_equal(matrix.X, COUNTS)
    assert matrix.obs_names.tolist() == CELLS
    assert matrix.var_names.tolist() == IDS
    assert matrix.var["gene_symbol"].tolist() == GENES


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("former", [False, True])
@pytest.mark.parametrize("turned", [False, True])
def test_matrix_market_in_a_folder(tmp_path: Path, packed: bool, former: bool, turned: bool) -> None:
    folder = _folder(tmp_path / "cells", packed=packed, former=former, turned=turned)
    _check(folder)
    _check(folder / f"matrix.mtx{'.gz' if packed else ''}")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("within", ["", "filtered/"])
def test_matrix_market_in_an_archive(tmp_path: Path, packed: bool, within: str) -> None:
    folder = _folder(tmp_path / "cells", packed=packed)
    with zipfile.ZipFile(tmp_path / "cells.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in folder.iterdir():
            archive.write(path, within + path.name)
    _check(tmp_path / "cells.zip")


def test_samples_of_geo_share_a_folder(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "cells", "GSM1_", packed=True)
    _folder(folder, "GSM2_", packed=True)
    (folder / "GSM2_barcodes.tsv.gz").write_bytes(gzip.compress(b"other\n"))
    _check(folder / "GSM1_matrix.mtx.gz")
    with pytest.raises(BadData, match="2 matrices"):
        read(folder)
    with pytest.raises(BadData, match="names 1 cells"):
        read(folder / "GSM2_matrix.mtx.gz")


def test_dense_matrix_market_and_a_header(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "cells")
    (folder / "matrix.mtx").write_bytes(_mtx(COUNTS.T, dense=True))
    (folder / "barcodes.tsv").write_text("barcode\n" + "\n".join(CELLS))
    _check(folder)


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("matrix.mtx", _mtx(COUNTS.T)[:-30], "damaged or cut short"),
        ("matrix.mtx", b"%%MatrixMarket matrix coordinate real general\n8 6 999999999999\n1 1 1\n", "claims"),
        (
            "matrix.mtx",
            b"%%MatrixMarket matrix coordinate real general\n9999999 6 3\n1 1 1\n",
            "at most 5,000,000",
        ),
        ("matrix.mtx", b"%%MatrixMarket matrix coordinate real general\n8 6 1\n9 1 1\n", "damaged"),
        ("matrix.mtx", b"%%MatrixMarket matrix coordinate real general\n8 6 1\n0 1 1\n", "damaged"),
        ("matrix.mtx", b"%%MatrixMarket matrix coordinate real general\n8 6 1\n1.5 1 1\n", "damaged"),
        ("matrix.mtx", b"%%MatrixMarket matrix coordinate real general\n8 6 1\n1 1 x\n", "damaged"),
        (
            "matrix.mtx",
            b"%%MatrixMarket matrix coordinate real general\n8 6 2\n1 1 1\n1 2\n1 1 1\n",
            "damaged",
        ),
        ("matrix.mtx", b"%%MatrixMarket matrix coordinate complex general\n8 6 1\n1 1 1 1\n", "real numbers"),
        ("matrix.mtx", b"%%MatrixMarket matrix coordinate real general\n", "does not say the sizes"),
        ("barcodes.tsv", "\n".join(CELLS[:3]).encode(), "names 3 cells"),
        ("barcodes.tsv", b"x\n" * 100, "more than the 8"),
        ("features.tsv", b"x" * 20_000 + b"\n", "longer than"),
    ],
)
def test_bad_matrix_market(tmp_path: Path, file: str, content: bytes, words: str) -> None:
    folder = _folder(tmp_path / "cells")
    (folder / file).write_bytes(content)
    with pytest.raises(BadData, match=words):
        read(folder)


def test_names_are_read_from_no_link(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "cells")
    (folder / "barcodes.tsv").unlink()
    (folder / "barcodes.tsv").symlink_to("/etc/passwd")
    with pytest.raises(BadData, match="holds no names"):
        read(folder)


def test_a_matrix_market_bomb(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "cells", packed=True)
    head = b"%%MatrixMarket matrix coordinate real general\n8 6 4\n"
    (folder / "matrix.mtx.gz").write_bytes(gzip.compress(head + b"1 1 1\n" * 2_000_000))
    with pytest.raises(BadData, match="unpacks to more than"):
        read(folder, replace(limits(), unpacked_bytes=1_000_000))
