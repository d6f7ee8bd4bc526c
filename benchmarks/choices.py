"""Ways of choosing genes on real data: errors beside those of L1000 and of random sets, with intervals.

    python -m benchmarks.choices DATA.h5ad [--whole patient] [--leave-out organ --count 6] [--seed 0 --seed 1 ...]
                                 [--strategy left_out --strategy blend=0.5 ...] [--size 100 --size 200 ...]
                                 [--models 1]

A fifth of the samples is held out at random, whole groups of ``--whole`` together; with ``--leave-out``, that many
values of an annotation instead. Genes are chosen from the training samples; all others of the held-out samples are
predicted by ridge regression. Differences are of mean absolute errors over genes that neither set measures, with 95%
intervals over held-out samples drawn anew. Sizes beside L1000's own are compared with parts of L1000. Seconds are those
of the choice of the largest size, or of this size where a strategy chooses anew for each. ``blend=0.5`` gives the
share of the reconstruction. Strategies that ask autoencoders get the paper's, of as many seeds as ``--models`` says,
trained on the training samples, which counts among the seconds of the first that asks.
"""

import functools
import time
from collections.abc import Sequence

import anndata

from benchmarks.profiles import divided, held_out_options
from landmark.analyses.choices import ANEW, StrategySettings
from landmark.analyses.selection.results import Margin
from landmark.data.gene_identifiers import recognise
from landmark.genesets.selection import Panel
from landmark.genesets.sources import l1000_present, random_sets
from landmark.inference.split import SplitExpression
from landmark.models.autoencoder import TrainedAutoencoder, train_autoencoder
from landmark.models.settings import AutoencoderConfiguration
from landmark.models.size import suited
from landmark.progress import silent
from landmark.workflows.selection_check import Judge, l1000_of_size
from landmark.workflows.strategies import SelectionInput, select_genes

CHANCE_SETS = 20


def main() -> None:
    parser = held_out_options(__doc__)
    parser.add_argument("--seed", type=int, action="append", dest="seeds")
    parser.add_argument("--strategy", action="append", dest="strategies")
    parser.add_argument("--size", type=int, action="append", dest="sizes")
    parser.add_argument("--models", type=int, default=1)
    asked = parser.parse_args()
    matrix = anndata.read_h5ad(asked.data)
    print("| seed | samples | genes | chosen by | seconds | against L1000 | against random sets |")
    print("|---" * 7 + "|")
    for seed in asked.seeds or [0]:
        asked.seed = seed
        split = divided(matrix, asked)
        published = l1000_present(split.genes, recognise(split.genes).identifier, dgex=True).genes
        largest = max([len(published), *(asked.sizes or [])])
        chance = [found.genes for found in random_sets(split.genes, largest, CHANCE_SETS, seed)]
        groups = split.groups.train if split.groups else None
        models = functools.cache(functools.partial(trained, split, asked.models, seed))
        material = SelectionInput(split.train, models, seed, groups)
        orders: dict[tuple[str, int], tuple[tuple[str, ...], float]] = {}
        for size in sorted({*(asked.sizes or []), len(published)}):
            for asked_for in asked.strategies or ["left_out"]:
                name, _, share = asked_for.partition("=")
                settings = StrategySettings(reconstruction=float(share)) if share else StrategySettings()
                chosen = asked_for, size if name in ANEW else largest
                if chosen not in orders:
                    begun = time.perf_counter()
                    found = select_genes(name, material, Panel(chosen[1]), settings, silent)
                    genes = tuple(split.genes[column] for column in found.order)
                    orders[chosen] = genes, time.perf_counter() - begun
                order, seconds = orders[chosen]
                judge = Judge(split, order[:size], seed, silent)
                cells = (
                    f"{seed}",
                    f"{len(split.train)} + {len(split.test)}",
                    f"{size}",
                    asked_for,
                    f"{seconds:.0f}",
                    written(judge.against(l1000_of_size(published, size, seed), "L1000")),
                    written(judge.against([genes[:size] for genes in chance], "random sets")),
                )
                print(f"| {' | '.join(cells)} |", flush=True)


def trained(split: SplitExpression, count: int, seed: int) -> Sequence[TrainedAutoencoder]:
    """Train the paper's autoencoder from several starting weights; held-out samples are looked at only."""
    networks = [
        suited(AutoencoderConfiguration(seed=seed + number), *split.train.shape) for number in range(count)
    ]
    return [train_autoencoder(split.train, split.test, network) for network in networks]


def written(margin: Margin) -> str:
    """Write a difference with its interval."""
    return f"{100 * margin.difference:+.1f}% ({100 * margin.low:+.1f} to {100 * margin.high:+.1f})"


if __name__ == "__main__":
    main()
