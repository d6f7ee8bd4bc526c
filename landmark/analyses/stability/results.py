"""What the repetition of a choice of genes promises: its figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Column, Results, Table


class PairResults(Results):
    """What two choices have in common, mean over pairs, as shares of the genes of a choice."""

    pairs: int = Field(description="Pairs of choices.")
    shared: float = Field(description="Genes that both took.")
    exchangeable: float = Field(
        description="Genes of one that correlate with a gene of the other, one to one."
    )
    different: float = Field(description="The rest.")


class StabilityResults(Results):
    """Figures of a repetition."""

    strategy: str = Field(description="How genes were chosen.")
    cut: int = Field(description="Genes of each choice.")
    given: int = Field(description="Genes that every choice starts from; left out of all counts.")
    genes: int = Field(description="Genes of the dataset.")
    choices: tuple[str, ...] = Field(description="Names of all choices, the repeated one first.")
    seeds: int = Field(description="Choices on all training samples, each with its seed.")
    halves: int = Field(description="Divisions of the training samples into halves.")
    epochs: tuple[int, ...] = Field(description="Epochs of the networks that were trained on halves.")
    kinds: Mapping[str, PairResults] = Field(description="Pairs of seeds, of halves, and of random sets.")
    by_chance: float = Field(description="Share of genes that two random sets have in common on average.")
    core: int = Field(description="Genes in all choices, without the given ones.")


TABLES: Mapping[str, Table] = {
    "pairs": Table(
        "Two choices.",
        (
            Column("kind", "text", "seeds, halves or random."),
            Column("first", "text", "Name of one choice."),
            Column("second", "text", "Name of the other."),
            Column("size", "whole", "Genes of each."),
            Column("shared", "whole", "Genes that both took."),
            Column("exchangeable", "whole", "Genes of one with a partner in the other, one to one."),
            Column("different", "whole", "The rest."),
            Column("by_chance", "number", "Genes that two random sets share on average."),
            Column("by_chance_high", "whole", "Genes that 1 in 40 pairs of random sets exceeds at most."),
        ),
    ),
    "exchanges": Table(
        "Two exchangeable genes of two choices.",
        (
            Column("first", "text", "Name of one choice."),
            Column("second", "text", "Name of the other."),
            Column("gene", "text", "Gene of the first."),
            Column("partner", "text", "Gene of the second."),
            Column("correlation", "number", "Pearson's, over the training samples."),
        ),
    ),
    "genes": Table(
        "One gene that any choice took.",
        (
            Column("gene", "text", "Its name."),
            Column("times", "whole", "Choices that took it."),
            Column("times_GROUP", "whole", "Choices of this group that took it: seeds, halves."),
            Column(
                "mean_place", "number", "When it was taken, mean over the choices that have it; 1 is first."
            ),
            Column(
                "partner", "text", "The gene that other choices took in its place; empty where there is none."
            ),
            Column("correlation", "number", "With the partner."),
            Column("chosen", "truth", "Whether the repeated choice has it."),
            Column("given", "truth", "Whether every choice starts from it."),
        ),
    ),
    "accuracy": Table(
        "One choice.",
        (
            Column("choice", "text", "Its name."),
            Column("targets", "whole", "Genes predicted: those that no choice took."),
            Column(
                "mae",
                "number",
                "Mean absolute error on test samples, mean over genes.",
                "standard deviations",
            ),
            Column("pcc", "number", "Pearson correlation on test samples, mean over genes."),
        ),
    ),
}
