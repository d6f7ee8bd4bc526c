"""What a choice of genes promises: its figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Number, Results, Table, Text, Truth, Whole


class Margin(Results):
    """Mean absolute error of a choice against that of other sets of its size, on genes that neither measures."""

    difference: float = Field(
        description="As a share of the others' error; below 0 where the choice errs less."
    )
    low: float | None = Field(
        None,
        description="Lower end of the 95% interval over held-out samples; absent where they are too few.",
    )
    high: float | None = Field(None, description="Upper end of that interval.")


class Nearest(Results):
    """How often the nearest sample, by some genes, is of the same group."""

    accuracy: float = Field(
        description="Share of held-out samples whose nearest training sample is of their group, mean over groups."
    )
    difference_low: float | None = Field(
        None,
        description="Lower end of the 95% interval, over held-out samples, of the choice's accuracy less this one; "
        "absent where they are too few.",
    )
    difference_high: float | None = Field(None, description="Upper end of that interval.")


class GroupsApart(Results):
    """How well a choice that was to keep groups apart does so on samples that had no part in it, beside others."""

    groups: int = Field(description="Groups with held-out samples.")
    samples: int = Field(description="Held-out samples of these groups.")
    chosen: float = Field(description="Accuracy of the choice, as of the others.")
    without: Nearest = Field(description="The choice made in the same way without regard to the groups.")
    l1000: Nearest | None = Field(
        None,
        description="L1000, or the mean of parts of it of the same size; absent where it has fewer genes.",
    )
    random: Nearest = Field(description="The mean of random sets.")
    all_genes: Nearest = Field(description="All genes.")


class SelectionCheck(Results):
    """How a choice made in the same way from some of the training samples predicts the others of them."""

    samples: int = Field(description="Training samples that were held out.")
    l1000: Margin | None = Field(
        None,
        description="Against L1000, or the mean of parts of it of the same size; absent where it has fewer genes.",
    )
    random: Margin = Field(description="Against the mean of random sets.")
    without_label: Margin | None = Field(
        None,
        description="Against the choice made without regard to groups, where some were to be kept apart.",
    )
    apart: GroupsApart | None = Field(
        None, description="How well the groups that were to be kept apart are; absent where there were none."
    )


class SelectResults(Results):
    """Figures of a choice of genes."""

    strategy: str | None = Field(
        None, description="How genes were chosen; absent from runs made before there were several ways."
    )
    label: str | None = Field(None, description="Annotation whose groups were to be kept apart.")
    cut: int = Field(description="Genes chosen.")
    genes: int = Field(description="Genes of the dataset.")
    given: int = Field(description="Chosen genes that the choice started from.")
    explained: float | None = Field(
        None,
        description="Share of the training samples' expression explained; of forward selection that asks for it.",
    )
    left_out_error: float | None = Field(
        None,
        description="Mean squared error of the other genes in samples left out one by one, or in whole groups where "
        "the split keeps groups together; 1 is the variance of a gene; of left_out alone. A little too small: the "
        "genes were chosen by it.",
    )
    penalty: float | None = Field(None, description="Ridge penalty per sample; of forward selection alone.")
    sureness: float | None = Field(
        None, description="Mean share of its gene in a concrete neuron, 1 where every neuron is decided."
    )
    wanted_twice: int | None = Field(None, description="Concrete neurons that wanted the gene of another.")
    check: SelectionCheck | None = Field(
        None, description="The choice judged within the training samples; absent where that was not asked."
    )
    l1000_present: int = Field(description="L1000 genes in the dataset.")
    overlap_l1000: int | None = Field(
        None, description="L1000 genes among the chosen; absent where the dataset has none."
    )
    overlap_l1000_by_chance: float | None = Field(None, description="How many chance puts there on average.")
    programs: int | None = Field(None, description="Regulatory programs of a simulation that have drivers.")
    programs_reached: int | None = Field(None, description="Programs of which a driver was chosen.")
    programs_reached_ranking: int | None = Field(
        None,
        description="Programs that the paper's ranking of the same size reaches; where networks were given.",
    )


TABLES: Mapping[str, Table] = {
    "ranking": Table(
        "One chosen gene, the first taken first.",
        Text("gene", "Its name."),
        Number("score", "What it added, as the strategy measures it.", format="%.4g"),
        Whole("rank", "1 was taken first.", "", "Taken as"),
        Truth("given", "Whether the choice started from it."),
    ),
    "companions": Table(
        "One gene that a chosen gene stands for.",
        Text("gene", "The chosen gene."),
        Text("companion", "A gene whose prediction it improved.", "", "Stands for"),
        Number(
            "explained",
            "Share of the companion's variance that it added to what is explained.",
            heading="Explained of its variance",
            format="percent",
            bar=(0, 1),
        ),
    ),
}
