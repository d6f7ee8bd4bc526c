"""What every strategy of choosing genes is, in words for the page of the choice."""

from dataclasses import dataclass

from landmark.analyses.selection.results import Margin, SelectionCheck, SelectResults
from landmark.store.runs import Run
from landmark.wording import percent

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
    if check.l1000 is None:
        parts = [_against(check.random, "random sets")]
    else:
        parts = [_against(check.l1000, "L1000"), _against(check.random, "random sets")]
    text = (
        f"Made in the same way from three quarters of the training samples, a choice predicts the other genes of the "
        f"remaining {check.samples:,} samples {' and '.join(parts)}."
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
