"""Numbers and names in sentences, safe inside Markdown."""

import math
import re
from collections.abc import Sequence

_MARKDOWN = re.compile(
    r"""
    [\\`*\[\]<$~&|{}+]    # code, emphasis, links, images, markup, formulas, strokes, entities, tables
    | (?<!\w)_ | _(?!\w)  # emphasis; within a word it has no meaning
    | :(?=[\w:])          # Streamlit's colours, icons and emoji
    | ^(?: [#+>=-] | \d+(?=[.)]) )  # headings, lists, quotations, lines
    """,
    re.VERBOSE,
)
_ADDRESS = re.compile(r"(?<=http:)(?=//)|(?<=https:)(?=//)|(?<=\bwww)(?=\.)|(?<=@)(?=[\w.-])", re.IGNORECASE)
"""Places in addresses that a browser's Markdown makes links of by itself; a backslash does not keep it from that."""

_NOT_A_NUMBER = re.compile(r"(?<=[ (])[-+]?(\*\*)?nan(\*\*)?%?(?![\w-])( ± nan)?")

_JOINER = "\u2060"
"""The word joiner: no width, no meaning."""


def escaped(text: object) -> str:
    """Write a text that came from outside so that Markdown shows it as it is, in one line.

    Names in files, titles, what an address holds, and messages that quote them may hold anything: images of other
    servers, links, formulas, icons. None of it may become more than text.
    """
    line = _ADDRESS.sub(_JOINER, " ".join(str(text).split()))
    return _MARKDOWN.sub(_backslash, line)


def _backslash(found: re.Match[str]) -> str:
    whole = found.group()
    return f"{whole[:-1]}\\{whole[-1]}" if not whole.isdecimal() else f"{whole}\u2060"


def gene(symbol: object) -> str:
    """Write a gene as genes are written: in italics."""
    return f"*{escaped(symbol)}*"


def counted(count: int, noun: str) -> str:
    """Write a number with its noun: "1 gene", "5,241 genes"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def capital(text: str) -> str:
    """Begin a text with a capital letter, and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def percent(share: float) -> str:
    """Write a share as a percentage, without claiming all or none of it by rounding alone."""
    if 0 < share < 0.001:
        return "less than 0.1%"
    if 0.999 < share < 1:
        return "more than 99.9%"
    return f"{100 * share:.1f}%".replace(".0%", "%")


def without_nan(sentence: str) -> str:
    """Say that a figure cannot be computed, where a number that does not exist was written into a sentence."""
    return _NOT_A_NUMBER.sub("(cannot be computed, too few samples)", sentence)


def plus_minus(mean: float, deviation: float) -> str:
    """Write a mean with its standard deviation: three digits, or as many as show the deviation."""
    digits = max(3, math.ceil(-math.log10(deviation))) if deviation > 0 else 3
    return f"{mean:.{digits}f} ± {deviation:.{digits}f}"


def p_value(p: float) -> str:
    """Write a p-value in a sentence: "p = 0.012"; the smallest are not told apart."""
    number = p_number(p)
    return f"p {number}" if number.startswith("<") else f"p = {number}"


def p_number(p: float) -> str:
    """Write a p-value in a table: "0.012"; never 0, which no test of finitely many cases can give."""
    if p < 1e-4:
        return "< 0.0001"
    return f"{p:.4f}" if p < 0.001 else f"{p:.3f}"


def listed(names: Sequence[str], most: int = 5, rest: str = ", ...", longest: int = 0) -> str:
    """Name the first of some names; ``rest`` follows where there are more, longer names are cut if asked."""
    shown = [
        name if len(name) <= (longest or len(name)) else f"{name[: longest - 3]}..." for name in names[:most]
    ]
    return ", ".join(shown) + (rest.format(len(names) - most) if len(names) > most else "")
