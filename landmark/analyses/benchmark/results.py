"""What a benchmark of ways of choosing genes finds: figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Column, Number, Results, Table, Text, Whole


class BenchmarkResults(Results):
    """Figures of a benchmark; those of the best strategy are on targets in no set, at the size of the headline."""

    sizes: tuple[int, ...] = Field(description="Sizes of sets, ascending.")
    size: int = Field(description="Size of the headline.")
    predictors: tuple[str, ...] = Field(description="Methods of prediction.")
    strategies: tuple[str, ...] = Field(description="Ways of choosing genes.")
    folds: int = Field(description="Folds per seed.")
    seeds: int = Field(description="Seeds, each with its own division into folds.")
    samples: int = Field(description="Samples of the dataset.")
    genes: int = Field(description="Genes of the dataset.")
    groups: str | None = Field(None, description="Annotation whose groups folds keep whole.")
    l1000_present: int = Field(description="L1000 genes that were compared; 0 where there are too few.")
    identical_genes: int = Field(description="Genes that carry the values of another in every sample.")
    predictor: str = Field(description="Method of prediction of the headline.")
    best: str = Field(description="Strategy with the smallest error.")
    mae: float = Field(description="Its mean absolute error, in standard deviations of the gene.")
    mae_l1000: float | None = Field(None, alias="mae_L1000", description="Mean absolute error of L1000.")
    difference_l1000: float | None = Field(None, alias="difference_L1000", description="The best less L1000.")
    low_l1000: float | None = Field(None, alias="low_L1000", description="Lower end of its 95% interval.")
    high_l1000: float | None = Field(None, alias="high_L1000", description="Upper end of its 95% interval.")
    p_l1000: float | None = Field(None, alias="p_L1000", description="Of no difference, after Holm.")
    won_l1000: float | None = Field(
        None, alias="won_L1000", description="Share of targets it predicts better."
    )
    mae_random: float | None = Field(None, description="Mean absolute error of random sets.")
    difference_random: float | None = Field(None, description="The best less random sets.")
    low_random: float | None = Field(None, description="Lower end of its 95% interval.")
    high_random: float | None = Field(None, description="Upper end of its 95% interval.")
    p_random: float | None = Field(None, description="Of no difference, after Holm.")
    won_random: float | None = Field(None, description="Share of targets it predicts better.")


def _against(opponent: str) -> tuple[Column, ...]:
    return (
        Number(f"difference_{opponent}", f"Difference to {opponent}."),
        Number(f"low_{opponent}", "Lower end of its 95% interval."),
        Number(f"high_{opponent}", "Upper end of its 95% interval."),
        Number(f"p_{opponent}", "Of no difference, corrected for several strategies."),
        Number(f"won_{opponent}", f"Share of targets predicted better than by {opponent}."),
    )


_GAME = (
    Text("strategy", "Way of choosing genes."),
    Whole("size", "Genes in the set."),
    Text("predictor", "Method of prediction."),
)
_SCOPE = Text("scope", "Genes averaged over: common, distinct, genome.")
_MEASURE = Text("measure", "mae, in standard deviations of the gene, or pcc, the correlation.")
_FOLD = (
    Whole("seed", "Seed of the division into folds."),
    Whole("fold", "Fold, from 0."),
)

TABLES: Mapping[str, Table] = {
    "results": Table(
        "One set in a fold.",
        *_GAME,
        Whole("draw", "Number of the random set, from 0."),
        Number("targets_SCOPE", "Targets averaged over."),
        Number("mae_SCOPE", "Mean absolute error.", "standard deviations of the gene"),
        Number("pcc_SCOPE", "Mean correlation."),
        *_FOLD,
    ),
    "duels": Table(
        "One strategy against L1000 or random sets in a fold.",
        *_GAME,
        Text("against", "L1000 or random."),
        _SCOPE,
        _MEASURE,
        Number("difference", "Strategy less opponent."),
        Number("won", "Share of targets predicted better."),
        *_FOLD,
    ),
    "chosen": Table(
        "One gene of a set in a fold.",
        Text("strategy", "Way of choosing genes."),
        Whole("draw", "Number of the random set, from 0."),
        Whole("size", "Genes in the set."),
        Whole("rank", "Place of the gene in it, from 1."),
        Text("gene", "Gene."),
        *_FOLD,
    ),
    "costs": Table(
        "One choice in a fold.",
        Text("strategy", "Way of choosing genes, or models for their training."),
        Whole("size", "Genes chosen."),
        Number("seconds", "Time.", "seconds"),
        Number("memory", "Memory beyond what was in use before.", "bytes"),
        *_FOLD,
    ),
    "standing": Table(
        "One strategy over all folds.",
        *_GAME,
        _SCOPE,
        _MEASURE,
        Whole("results", "Folds and seeds."),
        Number("mean", "Mean over them."),
        Number("low", "Lower end of its 95% interval."),
        Number("high", "Upper end of its 95% interval."),
        *(column for opponent in ("L1000", "random") for column in _against(opponent)),
    ),
}
