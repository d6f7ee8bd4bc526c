"""What every strategy of choosing genes is, in words for the page of the choice."""

from dataclasses import dataclass

from landmark.analyses.selection.results import GroupsApart, Margin, Nearest, SelectionCheck, SelectResults
from landmark.store.runs import Run
from landmark.wording import counted, escaped, percent

DEFAULT = "blend"
"""Strategy of runs that were made before there were several."""


@dataclass(frozen=True)
class StrategyWords:
    """Words about one strategy: what it is called, how the form offers it, and how it was computed, with its source.

    ``added`` are title and explanation of the column of scores; empty where a score says nothing.
    """

    title: str
    offer: str
    added: tuple[str, str]
    formula: str


_FORWARD = (
    "Forward selection for ridge regression. With S the genes taken so far, the penalised error of predicting the "
    "target T is tr(T' P T), P = I - S (S'S + penalty)⁻¹ S'. The next gene x is the one for which "
    "|T' P x|² / (x' P x + penalty), by which the error falls, is largest. T holds {target} of the training samples. "
    "Test samples have no say."
)
_ADDED = ("Added", "By how much it lowered the error of prediction, in percent of the whole.")

STRATEGIES = {
    "left_out": StrategyWords(
        "gene by gene, for the error on left-out samples",
        "Gene by gene: predict samples best that were left out",
        (
            "Added",
            "By how much it lowered the error with which the other genes of left-out samples are predicted, in percent "
            "of the whole.",
        ),
        "Forward selection by leave-one-out error. With S the genes taken so far and G = (S S' + penalty I)⁻¹, ridge "
        "regression of the other genes Y that is fitted without sample i misses it by (G Y)ᵢ / Gᵢᵢ (Allen 1974). The "
        "next gene is the one after which the sum of the squares over all samples and other genes is smallest; the "
        "penalty is the one with the smallest sum, found anew while genes are taken. Test samples have no say.",
    ),
    "blend": StrategyWords(
        "gene by gene, for what the network restores and what was measured",
        "Gene by gene: explain what a network restores and what was measured",
        _ADDED,
        _FORWARD.format(
            target="the autoencoder's reconstruction and the measured values, each weighed as the settings say,"
        ),
    ),
    "reconstruction": StrategyWords(
        "gene by gene, for what the network restores",
        "Gene by gene: explain what a network restores",
        _ADDED,
        _FORWARD.format(target="the autoencoder's reconstruction"),
    ),
    "measured": StrategyWords(
        "gene by gene, for what was measured",
        "Gene by gene: explain what was measured",
        _ADDED,
        _FORWARD.format(target="the measured values"),
    ),
    "concrete": StrategyWords(
        "as a concrete autoencoder learned",
        "Concrete autoencoder: a network learns which genes to measure",
        ("Weight", "Share of the decoder's squared weights by which it uses this gene."),
        "Concrete autoencoder (Abid, Balin and Zou, ICML 2019): every input neuron learns to pick one gene, by a "
        "concrete distribution whose temperature falls from 10 to 0.01, so that a decoder restores all genes from the "
        "picked ones. Where two neurons want one gene, the surer has it and the other takes its next.",
    ),
    "medoids": StrategyWords(
        "one for each cluster of genes, as L1000 was made",
        "As L1000 was made: one gene for each cluster of genes",
        ("Genes in its cluster", "How many genes its cluster has, itself included."),
        "After Subramanian et al. (Cell 171:1437, 2017), as the L1000 genes were found: principal components of the "
        "training samples that hold 90% of the variance, k-means of the genes there, with as many clusters as genes "
        "are wanted, and of each cluster the gene nearest to its centre. They looked for tight clusters by repeated "
        "k-means, round after round, and of each took a gene that could be measured well; here it is one k-means.",
    ),
    "genebasis": StrategyWords(
        "gene by gene, for what the nearest samples do not say (geneBasis)",
        "geneBasis: gene by gene, for what the nearest samples do not say",
        (
            "Error",
            "Of the gene, predicted by the samples nearest in the genes before it, above that by the truly nearest "
            "ones, in standard deviations.",
        ),
        "After geneBasis (Missarova et al., Genome Biology 22:333, 2021): every sample is predicted as the mean of its "
        "five nearest samples, and a gene's error is the Minkowski distance of order 3. The next gene is the one whose "
        "error with the samples that are nearest by the genes taken so far is furthest above that with those nearest "
        "by 50 principal components of all genes. Here expression is standardised.",
    ),
    "loadings": StrategyWords(
        "the largest loadings of principal components",
        "One gene for each principal component, by its loading",
        ("Correlation", "With the principal component that it was taken for, without its sign."),
        "Jolliffe's method B4 (Applied Statistics 21:160, 1972): for every principal component of the standardised "
        "training samples, the largest first, the gene with the largest loading that was not taken before.",
    ),
    "ranking": StrategyWords(
        "the paper's ranking",
        "The paper’s ranking: the genes with the highest scores",
        ("DeepLIFT score", "Mean absolute contribution to the bottleneck; 1 is the mean of all genes."),
        "DeepLIFT, rescale rule (Shrikumar et al., ICML 2017): mean of |contribution| over training samples and "
        "bottleneck units, before the units' sigmoid, from the mean training sample; the genes with the largest. Of "
        "several networks each has the same say.",
    ),
    "variable": StrategyWords(
        "the most variable genes",
        "The most variable genes",
        ("Variance", "Over the training samples, in the unit of the dataset squared."),
        "The genes with the largest variance over the training samples.",
    ),
    "random": StrategyWords(
        "at random", "At random", ("", ""), "Genes drawn at random, to have something to compare with."
    ),
}


def strategy_of(run: Run) -> str:
    """Return the strategy of a selection."""
    return SelectResults.read(run.manifest.metrics).strategy or DEFAULT


def words_of(run: Run) -> StrategyWords:
    """Return the words about the strategy of a selection; plain ones for a strategy that has none here."""
    name = strategy_of(run)
    return STRATEGIES.get(name, StrategyWords(name, name, ("Score", "As the strategy measures it."), ""))


def within_training(check: SelectionCheck) -> str:
    """Say how a choice made in the same way did on training samples that were held out, and what follows."""
    margins = (
        (check.l1000, "L1000"),
        (check.random, "random sets"),
        (check.without_label, "a choice without regard to groups"),
    )
    parts = [_against(margin, others) for margin, others in margins if margin]
    text = (
        f"Made in the same way from three quarters of the training samples, a choice predicts the other genes of the "
        f"remaining {check.samples:,} samples {', '.join(parts[:-1])}{' and ' if parts[1:] else ''}{parts[-1]}."
    )
    return f"{text} {_advice(check)}"


def _against(margin: Margin, others: str) -> str:
    """Word a difference of errors with its interval."""
    text = f"with {_change(margin.difference)} error than {others}"
    if margin.low is None or margin.high is None:
        return text
    return f"{text} (95% interval {_change(margin.low)} to {_change(margin.high)})"


def _change(difference: float) -> str:
    return f"{percent(abs(difference))} {'less' if difference < 0 else 'more'}"


def _advice(check: SelectionCheck) -> str:
    """Say whether these samples can choose genes."""
    margins = {"L1000": check.l1000, "random sets": check.random}
    better = {
        name for name, margin in margins.items() if margin and margin.high is not None and margin.high < 0
    }
    if check.l1000 and check.l1000.low is not None and check.l1000.low > 0:
        return (
            "**L1000 is better here**: these samples do not suffice to choose so many genes. Take L1000, or choose "
            "fewer."
        )
    unclear = [name for name, margin in margins.items() if margin and name not in better]
    if not unclear:
        return ""
    return (
        f"**It cannot be told from {' or '.join(unclear)}** with these samples: a choice from more samples, or from a "
        "larger collection of the same kind, may do better."
    )


def groups_kept_apart(found: GroupsApart, label: str) -> str:
    """Say whether the nearest sample is of the same group more often than by genes chosen without regard to groups."""
    text = (
        f"By the genes of that choice, the nearest training sample is of the same {escaped(label)} for "
        f"**{percent(found.chosen)}** of these samples (mean over {counted(found.groups, 'group')}); by genes chosen "
        f"without regard to it for {percent(found.without.accuracy)}."
    )
    low, high = found.without.difference_low, found.without.difference_high
    if low is None or high is None:
        return text
    if low > 0:
        return f"{text} **Groups are kept apart better**, on samples that had no part in the choice."
    if high < 0:
        return f"{text} **Groups are kept apart worse**: take the choice without the annotation."
    return f"{text} **These samples cannot tell the two apart.**"


def points(chosen: float, other: Nearest) -> str:
    """Write by how many percentage points a choice is ahead of other genes, with the interval."""
    text = f"{100 * (chosen - other.accuracy):+.1f}"
    if other.difference_low is None or other.difference_high is None:
        return text
    return f"{text} ({100 * other.difference_low:+.1f} to {100 * other.difference_high:+.1f})"
