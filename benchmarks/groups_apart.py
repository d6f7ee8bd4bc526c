"""Genes that keep groups of samples apart, on real data: is the nearest training sample of a held-out one of its group?

    python -m benchmarks.groups_apart DATA.h5ad LABEL [--whole patient] [--seed 0 --seed 1 ...] [--weight 0.25 ...]
                                      [--size 50 --size 100 ...]

Samples are held out as by ``benchmarks.choices``. Accuracies are shares of held-out samples, mean over groups; the
intervals are those of the choice with the label less the one without it, and of its error of prediction against that of
the one without it, over held-out samples drawn anew.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace

import anndata

from benchmarks.choices import written
from benchmarks.profiles import divided, held_out, held_out_options
from landmark.analyses.choices import StrategySettings
from landmark.analyses.selection.wording import points
from landmark.data.gene_identifiers import recognise
from landmark.genesets.selection import Panel
from landmark.genesets.sources import l1000_present, random_sets
from landmark.progress import silent
from landmark.workflows.samples import annotation
from landmark.workflows.selection_check import CHANCE_SETS, GroupJudge, Judge, l1000_of_size
from landmark.workflows.strategies import Apart, SelectionInput, select_genes

COLUMNS = (
    "seed",
    "genes",
    "weight",
    "with the label",
    "without",
    "difference in points",
    "L1000",
    "random sets",
    "all genes",
    "error against without",
)


def main() -> None:
    parser = held_out_options(__doc__)
    parser.add_argument("label")
    parser.add_argument("--seed", type=int, action="append", dest="seeds")
    parser.add_argument("--weight", type=float, action="append", dest="weights")
    parser.add_argument("--size", type=int, action="append", dest="sizes")
    asked = parser.parse_args()
    matrix = anndata.read_h5ad(asked.data)
    print(f"| {' | '.join(COLUMNS)} |")
    print("|---" * len(COLUMNS) + "|")
    for seed in asked.seeds or [0]:
        asked.seed = seed
        for cells in judged(matrix, asked):
            print(f"| {' | '.join(cells)} |", flush=True)


def judged(matrix: anndata.AnnData, asked: argparse.Namespace) -> Iterator[list[str]]:
    """Choose with and without the label, for every size and weight."""
    seed = asked.seed
    split, test = divided(matrix, asked), held_out(matrix, asked)
    label = annotation(matrix.obs, asked.label, "LABEL").to_numpy()
    judge = GroupJudge(split, label[~test], label[test], seed)
    material = SelectionInput(split.train, list, seed, split.groups.train if split.groups else None)
    published = l1000_present(split.genes, recognise(split.genes).identifier, dgex=True).genes

    def choose(size: int, apart: Apart | None) -> tuple[str, ...]:
        wanted = replace(material, apart=apart)
        found = select_genes("left_out", wanted, Panel(size), StrategySettings(), silent)
        return tuple(split.genes[column] for column in found.order)

    for size in asked.sizes or [100]:
        without = choose(size, None)
        chance = [found.genes for found in random_sets(split.genes, size, CHANCE_SETS, seed)]
        for weight in asked.weights or [0.25]:
            chosen = choose(size, Apart(asked.label, label[~test], weight))
            found = judge.compared(chosen, without, l1000_of_size(published, size, seed), chance)
            error = Judge(split, chosen, seed, silent).against([without], "the choice without the label")
            others = [found.l1000.accuracy, found.random.accuracy, found.all_genes.accuracy]
            yield [
                *(f"{seed}", f"{size}", f"{weight}", f"{found.chosen:.1%}", f"{found.without.accuracy:.1%}"),
                points(found.chosen, found.without),
                *(f"{accuracy:.1%}" for accuracy in others),
                written(error),
            ]


if __name__ == "__main__":
    main()
