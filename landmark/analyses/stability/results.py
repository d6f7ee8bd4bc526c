"""What the repetition of a choice of genes promises: its figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Number, Results, Table, Text, Truth, Whole


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
        Text("kind", "seeds, halves or random."),
        Text("first", "Name of one choice."),
        Text("second", "Name of the other."),
        Whole("size", "Genes of each."),
        Whole("shared", "Genes that both took."),
        Whole("exchangeable", "Genes of one with a partner in the other, one to one."),
        Whole("different", "The rest."),
        Number("by_chance", "Genes that two random sets share on average."),
        Whole("by_chance_high", "Genes that 1 in 40 pairs of random sets exceeds at most."),
    ),
    "exchanges": Table(
        "Two exchangeable genes of two choices.",
        Text("first", "Name of one choice."),
        Text("second", "Name of the other."),
        Text("gene", "Gene of the first."),
        Text("partner", "Gene of the second."),
        Number("correlation", "Pearson's, over the training samples."),
    ),
    "genes": Table(
        "One gene that any choice took.",
        Text("gene", "Its name."),
        Whole("times", "Choices that took it.", "", "Times chosen"),
        Whole(
            "times_seeds", "This choice and those of other seeds, on all training samples.", "", "With seeds"
        ),
        Whole("times_halves", "Choices on halves of the training samples.", "", "On halves"),
        Number(
            "mean_place", "When it was taken, mean over the choices that have it; 1 is first.", format="%.0f"
        ),
        Text(
            "partner",
            "The gene that other choices took in its place; empty where there is none.",
            heading="Exchangeable with",
        ),
        Number("correlation", "With the partner.", format="%+.2f"),
        Truth("chosen", "Whether the repeated choice has it.", "", "In this choice"),
        Truth("given", "Whether every choice starts from it."),
    ),
    "accuracy": Table(
        "One choice.",
        Text("choice", "Its name."),
        Whole("targets", "Genes predicted: those that no choice took."),
        Number("mae", "Mean absolute error on test samples, mean over genes.", "standard deviations"),
        Number("pcc", "Pearson correlation on test samples, mean over genes."),
    ),
}
