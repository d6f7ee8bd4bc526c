"""Names of the genes of a file: dates put back into symbols, repeated names made unique."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from landmark.data.gene_identifiers import Identifier, is_nameless, is_symbol, read_name
from landmark.data.gene_index import mend

CALLED = "name in the file"
"""Column of the genes that says what each is called, where that is not unique: what is to be brought together."""

SHOWN = 3
MOST = 0.5
_LIKE_MOUSE = re.compile(r"[A-Z][a-z0-9]*[a-z][a-z0-9]*(?:-[A-Za-z0-9]+)?")
_MOUSE_ENSEMBL = re.compile(r"ENS[A-Z]{3,4}G\d{11}(\.\d+)?")
LOOKED_AT = 20_000
"""Of longer lists, evenly spaced names tell of which organism they are."""


@dataclass(frozen=True)
class Named:
    """Names of the genes."""

    names: list[str]  # one per gene, in their order
    # what each is called, where several are called the same or nothing and that was asked for; else None
    called: list[str] | None
    notes: tuple[str, ...]  # one sentence or a few each, for people


def put_right(genes: Sequence[str], identifier: Identifier, several: bool) -> Named:
    """Put dates back into symbols and say what is odd about the names.

    Where several genes of one name are going to be brought together, they get names of their own until they are, and
    rows without a name, or whose gene a date hides, are marked to be left out.
    """
    notes: list[str] = []
    names, unclear = list(genes), frozenset[str]()
    if identifier in ("symbol", "unknown"):
        mended = mend(genes, symbols=identifier == "symbol")
        names, unclear = mended.names, mended.unclear
        notes += [mended.note] if mended.note else []
    notes += _about(names, identifier)
    counts = Counter(names)
    hidden = {name for name in counts if is_nameless(name) or (counts[name] > 1 and name in unclear)}
    repeated = [name for name, count in counts.items() if count > 1 and name not in hidden]
    if not several or not (repeated or hidden):
        return Named(names, None, tuple(notes))
    if repeated:
        notes.append(
            f"{len(repeated):,} gene names occur more than once ({_listed(repeated)}); their values are brought "
            "together."
        )
    if hidden:
        count = sum(counts[name] for name in hidden)
        said = _listed([name or "no name at all" for name in sorted(hidden)])
        notes.append(f"{count:,} rows name no gene ({said}) and are left out.")
    called = ["" if name in hidden else name for name in names]
    return Named(told_apart(names), called, tuple(notes))


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
            f"The gene names, such as {_listed(names)}, are of no known kind. A network can be trained and genes can "
            "be ranked, but there is no comparison with L1000, and functions of genes cannot be looked up. A table "
            "that gives the gene symbol of every name changes that."
        )
    elif several := [name for name in names if ("//" in name or ";" in name) and read_name(name).genes > 1]:
        notes.append(
            f"{len(several):,} gene {'name lists' if len(several) == 1 else 'names list'} several genes "
            f"({_listed(several)}); the first one known stands for them."
        )
    looked = names[:: -(-len(names) // LOOKED_AT)] if names else names
    mouse = [name for name in looked if _LIKE_MOUSE.fullmatch(name)]
    if identifier in ("symbol", "unknown") and len(mouse) > MOST * len(looked):
        share = sum(map(is_symbol, mouse)) / len(mouse)
        notes.append(
            f"These look like mouse symbols ({_listed(mouse)}). {100 * share:.0f}% are human symbols apart from the "
            "case of letters and are taken for those genes; the others, such as Trp53, match none. L1000 and the "
            "functions here are of human genes."
        )
    animal = [name for name in looked if _MOUSE_ENSEMBL.fullmatch(name)]
    if len(animal) > MOST * len(looked):
        notes.append(
            f"These are Ensembl identifiers of another organism ({_listed(animal)}). L1000 and the functions here are "
            "of human genes."
        )
    return notes


def _listed(names: Sequence[str]) -> str:
    shown = [name if len(name) <= 40 else f"{name[:37]}..." for name in names[:SHOWN]]
    return ", ".join(shown) + (", ..." if len(names) > SHOWN else "")
