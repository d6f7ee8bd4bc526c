"""Names of the genes of a file: found beside numbers, dates put back into symbols, repeated ones, checked."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

from landmark.data.gene_identifiers import Identifier, is_nameless, is_symbol, read_name, recognise
from landmark.data.gene_index import looks_like_date, mend
from landmark.data.io.values import MISSING, is_number
from landmark.errors import BadData
from landmark.wording import listed

CALLED = "called"
"""Column of the genes, until they are brought together or named so: what each is called, where that is not unique."""

MOST = 0.5
_LIKE_MOUSE = re.compile(r"[A-Z][a-z0-9]*[a-z][a-z0-9]*(?:-[A-Za-z0-9]+)?")
_MOUSE_ENSEMBL = re.compile(r"ENS[A-Z]{3,4}G\d{11}(\.\d+)?")
LOOKED_AT = 20_000  # of longer lists, evenly spaced names tell of which organism they are


def put_right(
    genes: Sequence[str], identifier: Identifier, several: bool
) -> tuple[list[str], list[str] | None, tuple[str, ...]]:
    """Put dates back into symbols and say what is odd about the names.

    Where ``several`` genes of one name are going to be brought together, they get names of their own until they are,
    and rows without a name, or whose gene a date hides, are marked to be left out: beside the names, what each is
    called (else None), and notes for people.
    """
    notes: list[str] = []
    names, unclear = list(genes), frozenset[str]()
    if identifier in ("symbol", "unknown"):
        names, unclear, note = mend(genes, symbols=identifier == "symbol")
        notes += [note] if note else []
    notes += _about(names, identifier)
    counts = Counter(names)
    hidden = {name for name in counts if is_nameless(name) or (counts[name] > 1 and name in unclear)}
    repeated = [name for name, count in counts.items() if count > 1 and name not in hidden]
    if not several or not (repeated or hidden):
        return names, None, tuple(notes)
    if repeated:
        notes.append(
            f"{len(repeated):,} gene names occur more than once ({_first(repeated)}); their values are brought "
            "together."
        )
    if hidden:
        count = sum(counts[name] for name in hidden)
        said = _first([name or "no name at all" for name in sorted(hidden)])
        notes.append(f"{count:,} rows name no gene ({said}) and are left out.")
    called = ["" if name in hidden else name for name in names]
    return told_apart(names), called, tuple(notes)


def repeats(names: Sequence[str]) -> int:
    """Count the names that occur more than once."""
    return sum(count > 1 for count in Counter(names).values())


def told_apart(names: Sequence[str]) -> list[str]:
    """Number the second and further genes of a name: "ABCF1", "ABCF1#2"."""
    taken, seen, unique = set(names), Counter[str](), []
    for name in names:
        seen[name] += 1
        own = name if seen[name] == 1 and name else f"{name}#{seen[name]}"
        while own in taken and own != name:
            seen[name] += 1
            own = f"{name}#{seen[name]}"
        taken.add(own)
        unique.append(own)
    return unique


def _about(names: Sequence[str], identifier: Identifier) -> list[str]:
    notes = []
    if identifier == "unknown":
        notes.append(
            f"The gene names, such as {_first(names)}, are of no known kind. A network can be trained and genes can "
            "be ranked, but there is no comparison with L1000, and functions of genes cannot be looked up. A table "
            "that gives the gene symbol of every name changes that."
        )
    elif several := [name for name in names if ("//" in name or ";" in name) and read_name(name).genes > 1]:
        notes.append(
            f"{len(several):,} gene {'name lists' if len(several) == 1 else 'names list'} several genes "
            f"({_first(several)}); the first one known stands for them."
        )
    if mouse := _mouse_symbols(names, identifier):
        share = sum(map(is_symbol, mouse)) / len(mouse)
        notes.append(
            f"These look like mouse symbols ({_first(mouse)}). {100 * share:.0f}% are human symbols apart from the "
            "case of letters and are taken for those genes; the others, such as Trp53, match none. L1000 and the "
            "functions here are of human genes."
        )
    if animal := _other_ensembl(names):
        notes.append(
            f"These are Ensembl identifiers of another organism ({_first(animal)}). L1000 and the functions here are "
            "of human genes."
        )
    return notes


def other_species(names: Sequence[str], identifier: Identifier) -> str:
    """Say in a sentence that genes are not of humans; empty where nothing shows it."""
    if mouse := _mouse_symbols(names, identifier):
        return f"The genes look like those of the mouse ({_first(mouse)})."
    if animal := _other_ensembl(names):
        return f"The genes are Ensembl identifiers of another organism ({_first(animal)})."
    return ""


def _mouse_symbols(names: Sequence[str], identifier: Identifier) -> list[str]:
    """Return names spelled as mouse symbols are, among those looked at, where most are."""
    looked = _some(names)
    mouse = [name for name in looked if _LIKE_MOUSE.fullmatch(name)]
    return mouse if identifier in ("symbol", "unknown") and len(mouse) > MOST * len(looked) else []


def _other_ensembl(names: Sequence[str]) -> list[str]:
    looked = _some(names)
    animal = [name for name in looked if _MOUSE_ENSEMBL.fullmatch(name)]
    return animal if len(animal) > MOST * len(looked) else []


def _some(names: Sequence[str]) -> Sequence[str]:
    return names[:: -(-len(names) // LOOKED_AT)] if names else names


def _first(names: Sequence[str], most: int = 3) -> str:
    return listed(names, most, longest=40)


COLLAPSE = (
    "bring the values of genes of one name together while importing (collapse=mean, or collapse='most variable'), "
    "which leaves out rows without a name"
)
LONGEST_NAME = 1000


def check_names(names: Sequence[str], kind: str) -> None:
    """Refuse names that are missing, are values, or occur twice; ``kind`` is "sample" or "gene"."""
    missing = sum(not name.strip() for name in names)
    if missing:
        message = f"{missing:,} of {len(names):,} {kind} names are empty. Name every {kind} in the file."
        raise BadData(f"{message} Or {COLLAPSE}." if kind == "gene" else message)
    if looks_like_values(names) and not (kind == "gene" and recognise(names).identifier == "entrez"):
        raise BadData(
            f"Where {kind} names are expected there are values ({_first(names, 5)}). The first row and the "
            "first column must hold names."
        )
    longest = max(names, key=len)
    if len(longest) > LONGEST_NAME:
        raise BadData(
            f"A {kind} name has {len(longest):,} characters ({_first([longest])}); at most {LONGEST_NAME:,} make "
            "sense. The file is perhaps damaged."
        )
    counts = Counter(names)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        occur = f"{kind} names occur" if len(twice) > 1 else f"{kind} name occurs"
        message = f"{len(twice):,} {occur} more than once ({_first(twice, 5)}). Make them unique, or keep one of each."
        if kind == "gene":
            message += f" Or {COLLAPSE}."
        if any(map(looks_like_date, twice)):
            message += " Some look like gene symbols that a spreadsheet has turned into dates."
        raise BadData(message)


def looks_like_values(names: Sequence[str]) -> bool:
    """Tell whether most names are decimal numbers, as when a file has no header."""
    decimal = sum(
        bool(re.fullmatch(r"[-+]?\d*[.,]\d+([eE][-+]?\d+)?|[-+]?\d+[eE][-+]?\d+", name)) for name in names
    )
    return 2 * decimal > len(names)


NAMING = (
    "gene_symbols", "gene_symbol", "symbol", "symbols", "gene_name", "gene_names", "genes", "gene", "feature_name",
    "feature_names", "features", "feature", "hugo_symbol", "gene_short_name", "external_gene_name", "name", "names",
    "gene_ids", "gene_id", "ensembl", "ensembl_id", "ensembl_gene_id", "feature_id", "probe_id", "probe", "id",
)  # fmt: skip
"""Columns that name genes, in lower case with underscores, the most readable names first. Scanpy, Seurat, CELLxGENE,
biomaRt and GEO call them so."""

KNOWN_SHARE = 0.5  # a column under any other name is taken if so many of its entries are genes


def _are_numbered(names: Sequence[str]) -> bool:
    """Tell whether names are whole numbers that ascend, as counters do, also after rows were taken out."""
    if not all(name.isascii() and name.isdecimal() for name in names):
        return False
    numbers = list(map(int, names))
    return all(before < after for before, after in pairwise(numbers))


def named(names: list[str], annotations: pd.DataFrame) -> tuple[list[str], pd.DataFrame, tuple[str, ...]]:
    """Take names from the column of annotations that holds them, where genes are only numbered.

    Names and annotations stay where the genes have names or no column does. Otherwise the column is taken
    out; where it has no name, the number stays, after the word "unnamed". The notes say so.
    """
    column = _naming_column(annotations) if _are_numbered(names) else None
    if column is None:
        return names, annotations, ()
    found = texts_of(annotations[column])
    taken = [text or f"unnamed {number}" for text, number in zip(found, names, strict=True)]
    note = f"The genes are only numbered; the column {column!r} names them."
    return taken, annotations.drop(columns=column), (note,)


def _naming_column(annotations: pd.DataFrame) -> str | None:
    """Find the column whose entries are known as genes, or else one that by its name should hold them."""
    best, most = None, KNOWN_SHARE
    for column in annotations.columns:
        found = texts_of(annotations[column])
        share = recognise([text for text in found if text]).share if _are_names(found) else 0.0
        if share > most or (share == most and best is not None and _rank(column) < _rank(best)):
            best, most = column, share
    if best is not None:
        return best
    called = [column for column in annotations.columns if _rank(column) < len(NAMING)]
    return next((c for c in sorted(called, key=_rank) if _are_names(texts_of(annotations[c]))), None)


def _rank(column: str) -> int:
    plain = str(column).lower().replace(" ", "_").replace(".", "_").replace("-", "_")
    return NAMING.index(plain) if plain in NAMING else len(NAMING)


def texts_of(column: pd.Series) -> list[str]:
    """Give the entries as text; one that is missing is empty."""
    texts = column.astype(object).where(column.notna(), "").map(str).str.strip()
    return ["" if text in MISSING else text for text in texts]


def _are_names(texts: list[str]) -> bool:
    """Tell whether most entries are there, are no numbers, and differ."""
    there = [text for text in texts if text]
    return len(set(there)) > len(texts) / 2 and not any(is_number(text) for text in there[:100])
