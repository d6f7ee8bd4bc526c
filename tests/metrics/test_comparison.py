import numpy as np
import pytest

from landmark.errors import BadData
from landmark.genesets.geneset import GeneSet
from landmark.genesets.sources import random_sets
from landmark.inference.predict import predict
from landmark.inference.ridge import Ridge
from landmark.metrics.gene_sets import Targets, comparison_table, evaluate, summary_table
from landmark.metrics.paired import compare_pairs
from landmark.metrics.per_gene import accuracy

LARGE = GeneSet("large", tuple(f"g{i}" for i in range(20)), "")
SMALL = GeneSet("small", ("g0", "g40"), "")


@pytest.fixture(scope="module", params=["common", "own"])
def compared(request, split):
    targets = Targets(split.genes, (LARGE, SMALL), request.param)
    predictions = {}

    def predicted(gene_set):
        found = predict(split, gene_set.genes, targets.of(gene_set), Ridge())
        return predictions.setdefault(gene_set.name, found)

    found = evaluate((LARGE, SMALL), predicted, list(random_sets(split.genes, 20, 6)))
    return request.param, {name: predictions[name] for name in ("large", "small")}, found.per_gene, found


def test_comparison_has_the_documented_columns_and_the_order_of_the_dataset(compared, split):
    mode, predictions, accuracies, _ = compared
    table = comparison_table(accuracies, split.genes)
    names = [f"{column}_{name}" for name in predictions for column in ("mae", "pcc", "p", "significant")]
    assert list(table) == ["gene", *names]
    expected = [g for g in split.genes if any(g in p.targets for p in predictions.values())]
    assert list(table["gene"]) == expected
    for name, prediction in predictions.items():
        measured = accuracy(prediction.true, prediction.predicted)
        rows = table.set_index("gene").loc[list(prediction.targets)]
        np.testing.assert_array_equal(rows[f"mae_{name}"], measured.mae)
        np.testing.assert_array_equal(rows[f"pcc_{name}"], measured.pcc)
    missing = table["mae_large"].isna().sum()
    assert missing == (0 if mode == "common" else 19)
    assert table["significant_large"].isna().sum() == missing


def test_the_table_survives_parquet(compared, split, tmp_path):
    table = comparison_table(compared[2], split.genes)
    table.to_parquet(tmp_path / "comparison.parquet")


def test_summary_is_sorted_and_ends_with_the_random_sets(compared):
    _, predictions, accuracies, found = compared
    table = summary_table(found, (LARGE, SMALL), {"large": "ranking", "small": "list"})
    assert list(table) == ["set", "size", "targets", "mae", "pcc", "significant", "kind"]
    assert list(table["set"]) == ["large", "small", "6 random sets"]
    assert table["kind"].tolist() == ["ranking", "list", "random"]
    assert table["targets"].tolist()[:2] == [len(predictions[name].targets) for name in ("large", "small")]
    assert table["pcc"][0] == pytest.approx(accuracies["large"]["pcc"].mean())
    assert table["significant"].isna().tolist() == [False, False, True]


def test_random_rows_average_the_sets_over_the_same_targets(compared, split):
    _, _, accuracies, found = compared
    targets = Targets(split.genes, (LARGE, SMALL), compared[0])
    for row, chosen in zip(found.random.itertuples(), random_sets(split.genes, 20, 6), strict=True):
        assert row.targets == len(targets.of(chosen))
        shared = accuracies["small"].set_index("gene").reindex(targets.of(chosen))["mae"]
        assert row.mae_small == pytest.approx(shared.mean())


def test_two_genes_lose_to_every_random_set_of_twenty(compared):
    found = compared[3]
    assert found.percentiles("small") == {"percentile": 0, "percentile_mae": 0}
    assert 0 < found.percentiles("large")["percentile"] <= 100
    assert found.chance()["random_sets"] == 6


def test_a_pair_agrees_with_the_tables(compared):
    _, predictions, accuracies, _ = compared
    (result,) = compare_pairs(predictions, [("large", "small")], resamples=200)
    large, small = (accuracies[name].set_index("gene") for name in ("large", "small"))
    both = large.index.intersection(small.index)
    assert result.targets == len(both)
    for measure, sign in (("mae", -1), ("pcc", 1)):
        found = getattr(result, measure)
        difference = (large[measure] - small[measure])[both]
        assert found.mean == pytest.approx(difference.mean())
        assert found.won == (np.sign(difference) == sign).mean()
        assert found.low < found.mean < found.high
        assert np.sign(found.low) == np.sign(found.high) == sign
        assert found.t_p_value < 1e-6
        assert found.wilcoxon_p_value < 1e-6


def test_predictions_without_shared_targets_are_not_compared(split):
    first = predict(split, LARGE.genes, ["g30"], Ridge())
    second = predict(split, LARGE.genes, ["g31"], Ridge())
    with pytest.raises(BadData, match="Only 0 target"):
        compare_pairs({"a": first, "b": second}, [("a", "b")])
