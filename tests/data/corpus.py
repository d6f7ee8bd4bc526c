"""Bad files grown from good ones, in every format; the same ones every time."""

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import openpyxl

from landmark.data.io.writers import write
from tests.data.make import adata, frame, gct_text
from tests.data.test_other_formats import series_matrix, soft

Change = Callable[[bytes, np.random.Generator], bytes]


def good_files(folder: Path) -> list[Path]:
    """One good file per format and way of packing."""
    matrix = adata(12)
    matrix.obs["tissue"] = ["lung", "liver"] * 6
    for ending in (".csv", ".gct", ".gctx", ".h5ad", ".parquet"):
        write(matrix, folder / f"good{ending}")
    table = frame(12)
    texts = {
        "good.tsv": table.T.to_csv(sep="\t"),
        "semicolon.csv": table.to_csv(sep=";", decimal=","),
        "good12.gct": gct_text(table),
        "series_matrix.txt": series_matrix(table),
        "family.soft": soft(table),
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    plain = texts["good.tsv"].encode()
    (folder / "good.tsv.gz").write_bytes(gzip.compress(plain, mtime=0))
    (folder / "good.tsv.xz").write_bytes(lzma.compress(plain))
    (folder / "good.tsv.bz2").write_bytes(bz2.compress(plain))
    with zipfile.ZipFile(folder / "good.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("good.tsv", plain)
    np.savez(folder / "good.npz", X=table.to_numpy(), samples=list(table.index), genes=list(table.columns))
    book = openpyxl.Workbook()
    for row in [
        ["", *table.columns],
        *([n, *map(float, v)] for n, v in zip(table.index, table.to_numpy(), strict=True)),
    ]:
        book.active.append(row)
    book.save(folder / "good.xlsx")
    return sorted(path for path in folder.iterdir() if path.is_file())


def _cut(share: float) -> Change:
    return lambda content, random: content[: int(len(content) * share)]


def _flip(count: int) -> Change:
    def flip(content: bytes, random: np.random.Generator) -> bytes:
        changed = np.frombuffer(content, np.uint8).copy()
        at = random.integers(len(changed), size=count)
        changed[at] ^= random.integers(1, 256, size=count).astype(np.uint8)
        return changed.tobytes()

    return flip


def _flip_start(content: bytes, random: np.random.Generator) -> bytes:
    return _flip(3)(content[:200], random) + content[200:]


def _zero_block(content: bytes, random: np.random.Generator) -> bytes:
    start = int(random.integers(len(content)))
    return content[:start] + b"\0" * min(64, len(content) - start) + content[start + 64 :]


def _repeat_block(content: bytes, random: np.random.Generator) -> bytes:
    start = int(random.integers(len(content)))
    return content[: start + 100] + content[start:]


def _drop_block(content: bytes, random: np.random.Generator) -> bytes:
    start = int(random.integers(len(content)))
    return content[:start] + content[start + 30 :]


BYTES: dict[str, Change] = {
    "cut-5": _cut(0.05),
    "cut-50": _cut(0.5),
    "cut-95": _cut(0.95),
    "cut-99": _cut(0.995),
    "twice": lambda content, random: content + content,
    "garbage-after": lambda content, random: content + random.bytes(500),
    "garbage-before": lambda content, random: random.bytes(10) + content,
    "only-garbage": lambda content, random: random.bytes(2000),
    "flip-start-a": _flip_start,
    "flip-start-b": _flip_start,
    "flip-1-a": _flip(1),
    "flip-1-b": _flip(1),
    "flip-1-c": _flip(1),
    "flip-20": _flip(20),
    "zeros-a": _zero_block,
    "zeros-b": _zero_block,
    "repeat-a": _repeat_block,
    "drop-a": _drop_block,
}


def _replace(old: bytes, new: bytes, count: int = 1) -> Change:
    return lambda content, random: content.replace(old, new, count)


TEXT: dict[str, Change] = {
    "long-name": _replace(b"TP53", b"T" * 200_000),
    "long-number": _replace(b"1", b"1" * 5000),
    "huge-number": _replace(b".", b"e999."),
    "binary-name": _replace(b"TP53", b"\xff\xfe\x00"),
    "quote": _replace(b"TP53", b'"TP53'),
    "quotes": _replace(b"\t", b'"'),
    "same-genes": _replace(b"TP53", b"EGFR", -1),
    "same-samples": _replace(b"S1", b"S2", -1),
    "nan": _replace(b".", b"nan"),
    "formula": _replace(b"TP53", b"=cmd|' /C calc'!A0"),
    "old-mac": _replace(b"\n", b"\r", -1),
    "empty-lines": _replace(b"\n", b"\n\n\n", -1),
    "no-lines": _replace(b"\n", b" ", -1),
    "utf-16": lambda content, random: content.decode().encode("utf-16"),
    "latin-1": _replace(b"TP53", "É53".encode("latin-1")),
    "vast-sizes": _replace(b"12", b"99999999999"),
    "negative-sizes": _replace(b"12", b"-12"),
    "separators": _replace(b"\t", b"\t\t"),
    "under_scores": _replace(b".", b"_"),
    "no-separators": lambda content, random: content.translate(None, b"\t,;"),
    "first-line": lambda content, random: content.split(b"\n", 1)[0],
    "no-first-line": lambda content, random: content.split(b"\n", 1)[-1],
    "shuffled": lambda content, random: b"\n".join(
        random.permutation(np.array(content.split(b"\n"), dtype=object))
    ),
}


def bad_files(folder: Path) -> Iterator[Path]:
    """Write the bad files one after the other."""
    good = folder / "good"
    good.mkdir()
    for path in good_files(good):
        content = path.read_bytes()
        is_text = path.suffix in (".csv", ".tsv", ".txt", ".gct", ".soft")
        for number, (name, change) in enumerate((BYTES | (TEXT if is_text else {})).items()):
            bad = folder / f"{path.name.split('.')[0]}-{name}{''.join(path.suffixes)}"
            bad.write_bytes(change(content, np.random.default_rng(number)))
            yield bad
    for path in sorted(good.iterdir()):
        for ending in (".csv", ".h5ad", ".gctx", ".gct", ".xlsx", ".parquet", ".npz", ".tsv.gz", ".doc"):
            disguised = folder / f"{path.name.replace('.', '_')}-as{ending}"
            disguised.write_bytes(path.read_bytes())
            yield disguised
