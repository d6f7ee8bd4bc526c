"""Simulated profiles for which it is known which marks, where, raise or lower expression.

Each gene has an amount of every mark; the mark's reads pile up in its own bins. Expression follows the amounts of the
marks through fixed rules: promoter marks around the start site and H3K36me3 along the gene raise it, the repressive
marks lower it. Besides, H3K4me3 and H3K36me3 pile up in other bins where they say nothing about expression, so that
the mean level of a mark alone is a poor guide. The label is 1 where the expression is above the median of the cell
type. Counts are over-dispersed as those of sequencing reads are (negative binomial).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from landmark.epigenome.profiles import BINS, MARKS, Profiles, draw_split
from landmark.progress import Progress, Report, silent

_BACKGROUND = 0.7
"""Mean reads per bin without any mark."""

_DISPERSION = 4.0
"""Shape of the gamma distribution of a bin's mean: variance = mean + mean^2 / shape."""

_NOISE = 0.05
"""Standard deviation of what expression owes to no mark, in standard deviations of what it owes to them."""

_SPREAD = 0.9
"""Standard deviation of the logarithm of a mark's reads between genes."""

_SHARED = 0.6
"""Share of the variance of a gene's marks that all cell types have in common."""

_TOGETHER = 500
"""Genes drawn together: bounds the memory beside the result."""


@dataclass(frozen=True)
class Rule:
    """One planted rule for one of ``MARKS``.

    Attributes
    ----------
    first_bin, last_bin
        Where its reads pile up and count, from 1 to 100, both included.
    sign
        1 where the mark raises expression, -1 where it lowers it, 0 where it says nothing.
    weight
        Its part in the expression, beside the other rules.
    reads
        Mean reads per bin at the middle of the pile for a gene with a typical amount of the mark.
    """

    mark: str
    first_bin: int
    last_bin: int
    sign: int
    weight: float
    reads: float


RULES = (
    Rule("H3K4me3", 43, 58, 1, 1.0, 8.0),
    Rule("H3K4me1", 30, 72, 1, 0.7, 4.0),
    Rule("H3K36me3", 61, 100, 1, 0.7, 4.0),
    Rule("H3K27me3", 25, 75, -1, 1.0, 4.0),
    Rule("H3K9me3", 1, 45, -1, 0.7, 4.0),
    Rule("H3K4me3", 3, 18, 0, 0.0, 8.0),
    Rule("H3K36me3", 1, 40, 0, 0.0, 4.0),
)
"""What is planted, the same in every cell type. The places follow what is known of the marks (Singh et al. 2016)."""


def simulate_histones(
    cell_types: int, genes: int, validation: float, test: float, seed: int, report: Report = silent
) -> Iterator[Profiles]:
    """Simulate so many cell types of the same genes, one after the other; all draws come from the seed.

    Genes keep part of their marks from one cell type to the next, so that most are expressed in several.
    """
    random = np.random.default_rng(seed)
    digits = len(str(genes))
    names = np.array([f"G{number:0{digits}d}" for number in range(1, genes + 1)])
    split = draw_split(names, validation, test, seed)
    common = random.standard_normal((genes, len(RULES)))
    for number in range(cell_types):
        own = random.standard_normal((genes, len(RULES)))
        amount = np.sqrt(_SHARED) * common + np.sqrt(1 - _SHARED) * own
        effect = np.array([rule.sign * rule.weight for rule in RULES])
        expression = amount @ effect + _NOISE * np.linalg.norm(effect) * random.standard_normal(genes)
        labels = (expression > np.median(expression)).astype(np.int8)
        counts = np.empty((genes, BINS, len(MARKS)), np.float32)
        for first in range(0, genes, _TOGETHER):
            report(Progress("Simulating", number + first / genes, cell_types, "cell type"))
            counts[first : first + _TOGETHER] = _counts(amount[first : first + _TOGETHER], random)
        yield Profiles(f"simulated {number + 1}", names, counts, labels, split)


def _counts(amount: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Draw reads [genes, 100, 5] of genes with the given amounts of marks [genes, rules]."""
    mean = np.full((len(amount), BINS, len(MARKS)), _BACKGROUND)
    for rule, level in zip(RULES, amount.T, strict=True):
        mean[:, :, MARKS.index(rule.mark)] += rule.reads * np.exp(_SPREAD * level)[:, None] * _pile(rule)
    return random.poisson(random.gamma(_DISPERSION, mean / _DISPERSION))


def _pile(rule: Rule) -> np.ndarray:
    """Shape of a rule's reads over the bins, from 0 to 1, [100]: half a sine wave over its bins."""
    bins = np.arange(1, BINS + 1)
    place = (bins - rule.first_bin + 1) / (rule.last_bin - rule.first_bin + 2)
    return np.where((place > 0) & (place < 1), np.sin(np.pi * np.clip(place, 0, 1)), 0.0)
