"""Which genes are predicted when gene sets are compared, and how their number comes about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from landmark.errors import BadData
from landmark.genesets.geneset import GeneSet

Mode = Literal["common", "own", "all"]
"""``common``: genes in none of the sets, as in the paper; ``own``: for each set the genes outside it; ``all``:
every gene, where a set's own genes count as measured."""


@dataclass(frozen=True)
class TargetCount:
    """How many targets there are, and why.

    Attributes
    ----------
    genes
        Genes of the dataset.
    sizes
        Sizes of the sets that are taken away.
    taken
        Genes in at least one of those sets.
    other_probes
        Targets dropped because another probe of their gene is a landmark.
    targets
        What is left.
    """

    genes: int
    sizes: tuple[int, ...]
    taken: int
    other_probes: int
    targets: int

    def sentence(self) -> str:
        """Write the count out, such as "10,463 genes - 943 - 943 + 129 shared = 8,706"."""
        parts = [f"{self.genes:,} genes"]
        if len(self.sizes) <= 2:
            parts += [f"- {size:,}" for size in self.sizes]
            if shared := sum(self.sizes) - self.taken:
                parts.append(f"+ {shared:,} shared")
        else:
            parts.append(f"- {self.taken:,} in at least one of {len(self.sizes)} sets")
        if self.other_probes:
            parts.append(f"- {self.other_probes:,} other probes of landmark genes")
        return f"{' '.join(parts)} = {self.targets:,}" if len(parts) > 1 else parts[0]


@dataclass(frozen=True)
class Targets:
    """The rule by which targets are chosen for the sets of one comparison.

    Attributes
    ----------
    genes
        Genes of the dataset, in its order.
    sets
        The compared sets; all their genes are in the dataset.
    mode
        See ``Mode``.
    gene_of_probe
        Gene of each probe. Where it is given, the choice is strict: probes of a gene that is measured through
        another probe are no targets. (445 of the 943 landmark genes of D-GEX are among its targets so.)
    """

    genes: tuple[str, ...]
    sets: tuple[GeneSet, ...]
    mode: Mode = "common"
    gene_of_probe: Mapping[str, str] | None = None

    def of(self, gene_set: GeneSet) -> tuple[str, ...]:
        """Return the targets that a set is to predict, in the order of the dataset.

        The set may be one of those compared or another, such as a random set: under ``common`` it predicts
        the common targets except its own genes.

        Raises
        ------
        BadData
            If no gene is left.
        """
        own = set(gene_set.genes)
        kept = [gene for gene in self._candidates(gene_set) if self.mode == "all" or gene not in own]
        if not kept:
            raise BadData(
                f"No target genes are left to predict from {gene_set.name!r}: the sets cover all "
                f"{len(self.genes):,} genes. Choose smaller sets."
            )
        return tuple(kept)

    def count(self, gene_set: GeneSet) -> TargetCount:
        """Return the number of targets of one of the compared sets, with its arithmetic."""
        taken_away = self._taken_away(gene_set)
        taken = len({gene for taken_set in taken_away for gene in taken_set.genes})
        targets = len(self.of(gene_set))
        return TargetCount(
            len(self.genes),
            tuple(len(taken_set) for taken_set in taken_away),
            taken,
            len(self.genes) - taken - targets,
            targets,
        )

    def _taken_away(self, gene_set: GeneSet) -> Sequence[GeneSet]:
        return {"common": self.sets, "own": (gene_set,), "all": ()}[self.mode]

    def _candidates(self, gene_set: GeneSet) -> list[str]:
        taken = {gene for taken_set in self._taken_away(gene_set) for gene in taken_set.genes}
        left = [gene for gene in self.genes if gene not in taken]
        if self.gene_of_probe is None:
            return left
        measured = taken | set(gene_set.genes)
        known = self.gene_of_probe
        measured_genes = {known[probe] for probe in measured if known.get(probe)}
        return [probe for probe in left if probe in measured or known.get(probe) not in measured_genes]
