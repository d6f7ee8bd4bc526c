import numpy as np
import pandas as pd
import pytest

from landmark.errors import BadData
from landmark.metrics.cross_validation import Candidate, FoldScores, standing
from landmark.metrics.per_gene import Accuracy

GENES = 8
COPIED = np.arange(GENES) >= 6


def candidate(strategy: str, own: list[int], mae: list[float], draw: int = 0) -> Candidate:
    """Make a set with these errors of its targets, in order; PCC is 1 - MAE."""
    mine = np.isin(np.arange(GENES), own)
    values = np.zeros(GENES)
    values[~mine] = mae
    return Candidate(strategy, draw, mine, Accuracy(values, 1 - values))


@pytest.fixture
def four() -> FoldScores:
    """Three sets of two genes, and a random set that holds two of their common targets (4 to 7)."""
    return FoldScores(
        [
            candidate("blend", [0, 1], [0.2, 0.2, 0.3, 0.3, 0.3, 0.1]),
            candidate("L1000", [1, 2], [0.5, 0.5, 0.4, 0.4, 0.2, 0.2]),
            candidate("variable", [0, 3], [0.5] * 6),
            candidate("random", [4, 5], [0.6] * 6, draw=0),
            candidate("random", [2, 7], [0.6, 0.6, 0.6, 0.6, 0.6, 0.8], draw=1),
        ],
        COPIED,
    )


def test_means_over_common_targets_without_copies_and_over_all_genes(four):
    found = four.results().set_index(["strategy", "draw"])
    blend, first, second = (found.loc[key] for key in (("blend", 0), ("random", 0), ("random", 1)))
    assert blend["targets_common"] == 4
    assert blend["mae_common"] == pytest.approx((0.3 + 0.3 + 0.3 + 0.1) / 4)
    assert blend["targets_distinct"] == 2
    assert blend["mae_distinct"] == pytest.approx(0.3)
    assert blend["mae_genome"] == pytest.approx((0.2 + 0.2 + 0.3 + 0.3 + 0.3 + 0.1) / 8)
    assert blend["pcc_genome"] == pytest.approx(1 - blend["mae_genome"])
    # a random set is asked for the common targets that it does not hold
    assert (first["targets_common"], second["targets_common"]) == (2, 3)
    assert "targets_distinct" in first
    assert np.isnan(first["targets_distinct"])
    assert second["mae_common"] == pytest.approx((0.6 + 0.6 + 0.8) / 3)


def test_who_is_set_against_chance_is_asked_for_the_same_targets(four):
    duels = four.duels().set_index(["strategy", "against", "scope", "measure"])
    against_l1000 = duels.loc[("blend", "L1000", "common", "mae")]
    assert against_l1000["difference"] == pytest.approx(0.25 - 0.3)
    assert against_l1000["won"] == 3 / 4
    against_chance = duels.loc[("blend", "random", "common", "mae")]
    of_first, of_second = (0.3 + 0.1) / 2 - 0.6, (0.3 + 0.3 + 0.3) / 3 - (0.6 + 0.6 + 0.8) / 3
    assert against_chance["difference"] == pytest.approx((of_first + of_second) / 2)
    assert duels.loc[("random", "L1000", "common", "mae"), "difference"] == pytest.approx(
        -duels.loc[("L1000", "random", "common", "mae"), "difference"]
    )
    assert not (duels.index.get_level_values(0) == duels.index.get_level_values(1)).any()


def test_other_probes_of_measured_genes_are_no_common_targets(four):
    gene = np.array(
        [0, -1, 1, 2, 0, -1, 3, 3]
    )  # column 4 is another probe of what the first two sets measure
    found = FoldScores(four.candidates[:3], np.zeros(GENES, bool), gene).results().set_index("strategy")
    assert (found["targets_common"] == 3).all()
    assert (found["targets_genome"] == GENES).all()
    assert found.loc["blend", "mae_common"] == pytest.approx((0.3 + 0.3 + 0.1) / 3)


def test_genes_of_larger_sets_are_no_targets_of_smaller_ones(four):
    of_l1000 = np.isin(np.arange(GENES), [6])  # L1000 has a larger set, and none of this size
    found = FoldScores(four.candidates[:1], np.zeros(GENES, bool), measured=of_l1000).results()
    assert found["targets_common"].item() == 5
    assert found["mae_common"].item() == pytest.approx((0.2 + 0.2 + 0.3 + 0.3 + 0.1) / 5)


def test_sets_that_cover_all_genes_are_refused():
    halves = [candidate("blend", [0, 1, 2, 3], [0.5] * 4), candidate("variable", [4, 5, 6, 7], [0.5] * 4)]
    with pytest.raises(BadData, match="cover all 8 genes"):
        FoldScores(halves, COPIED).results()


def test_without_references_there_is_no_duel():
    alone = FoldScores(
        [candidate("blend", [0], [0.5] * 7), candidate("variable", [1], [0.4] * 7)], np.zeros(8, bool)
    )
    assert alone.duels().empty
    table = standing(_numbered(alone.results(), 0), _numbered(alone.duels(), 0), 0.25)
    assert table.loc[table["measure"] == "mae", "strategy"].tolist()[:2] == ["variable", "blend"]
    assert table["difference_L1000"].isna().all()
    assert table["low"].isna().all()  # one fold has no interval


def test_the_better_comes_first_with_its_interval_and_its_differences(four):
    results = pd.concat([_numbered(four.results(), fold) for fold in range(5)])
    duels = pd.concat([_numbered(four.duels(), fold) for fold in range(5)])
    noise = np.random.default_rng(0).normal(0, 0.01, 5)
    duels.loc[duels["against"] == "L1000", "difference"] += noise[
        duels.loc[duels["against"] == "L1000", "fold"]
    ]
    table = standing(results, duels, 0.25)
    common = table[(table["scope"] == "common") & (table["measure"] == "mae")].set_index("strategy")
    assert common.index[0] == "blend"
    assert common.loc["blend", "low_L1000"] < common.loc["blend", "difference_L1000"] < 0
    assert common.loc["blend", "won_L1000"] == 3 / 4
    assert common["p_L1000"].isna().tolist() == [name == "L1000" for name in common.index]
    assert common["p_random"].isna().tolist() == [name == "random" for name in common.index]
    pcc = table[(table["scope"] == "genome") & (table["measure"] == "pcc")]
    assert pcc["mean"].is_monotonic_decreasing
    assert (table["results"] == 5).all()


def _numbered(table: pd.DataFrame, fold: int) -> pd.DataFrame:
    return table.assign(size=2, predictor="ridge", seed=0, fold=fold)


def test_intervals_and_p_values_of_several_strategies_never_contradict():
    """Among many ways without any real difference, the luckiest is no finding, by its p nor by its interval."""
    lucky = 0
    for trial in range(60):
        rng = np.random.default_rng(trial)
        rows = [
            {"strategy": f"way{way}", "against": "L1000", "scope": "common", "measure": "mae"}
            | {
                "difference": rng.normal(),
                "won": 0.5,
                "size": 9,
                "predictor": "ridge",
                "seed": 0,
                "fold": fold,
            }
            for way in range(8)
            for fold in range(5)
        ]
        duels = pd.DataFrame(rows)
        results = duels.assign(draw=0, mae_common=1.0, pcc_common=0.5)
        results = results[
            ["strategy", "draw", "mae_common", "pcc_common", "size", "predictor", "seed", "fold"]
        ]
        table = standing(results, duels, 0.25)
        table = table[(table["scope"] == "common") & (table["measure"] == "mae")]
        outside = (table["low_L1000"] > 0) | (table["high_L1000"] < 0)
        assert (outside == (table["p_L1000"] < 0.05)).all()
        lucky += outside.any()
    assert lucky <= 8  # 3 expected; unadjusted intervals would find about 20
