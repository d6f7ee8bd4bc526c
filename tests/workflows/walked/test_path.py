"""The steps of the path leave what the design promises, and agree with each other."""

import numpy as np
import pytest

from landmark.analyses.overview.config import PathConfiguration
from landmark.analyses.overview.run import remaining
from landmark.genesets.sources import l1000
from landmark.store.runs import Run, RunStore
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now
from landmark.workflows.sets import default_cut

COLUMNS = {
    ("train", "history"): ["epoch", "train_loss", "validation_loss", "seconds"],
    ("rank", "ranking"): ["gene", "score", "rank"],
    ("cluster", "embedding"): ["sample", "umap_1", "umap_2", "cluster", "label", "pca_1", "pca_2", "split"],
    ("cluster", "linkage"): ["left", "right", "distance", "size"],
}


@pytest.mark.parametrize(("kind", "table"), COLUMNS)
def test_tables_have_their_columns(steps: dict[str, Run], kind: str, table: str) -> None:
    assert list(steps[kind].table(table).columns) == COLUMNS[kind, table]


def test_comparison_has_columns_per_set(steps: dict[str, Run]) -> None:
    table, sets = steps["compare"].table("comparison"), steps["compare"].manifest.metrics["sets"]
    assert len(sets) == 2
    for name in sets:
        assert {f"mae_{name}", f"pcc_{name}", f"significant_{name}"} <= set(table.columns)
        assert sets[name]["mae"] == pytest.approx(table[f"mae_{name}"].mean(), rel=1e-6)


def test_no_target_is_in_a_compared_set(steps: dict[str, Run]) -> None:
    compared = steps["compare"]
    assert not set(compared.table("comparison")["gene"]) & set(compared.table("sets")["gene"])


def test_the_d_set_is_the_top_of_the_ranking(steps: dict[str, Run]) -> None:
    cut = steps["rank"].manifest.metrics["cut"]
    sets = steps["compare"].table("sets")
    assert list(sets[sets["set"] == f"D{cut}"]["gene"]) == list(steps["rank"].table("ranking")["gene"][:cut])


def test_contributions_sum_to_the_difference(steps: dict[str, Run]) -> None:
    assert 0 < steps["rank"].manifest.metrics["residual_worst"] <= 1e-4


def test_the_ranking_finds_the_drivers(steps: dict[str, Run]) -> None:
    assert steps["rank"].manifest.metrics["driver_auc"] >= 0.8


def test_lineage_leads_from_every_step_to_the_dataset(
    walked: tuple[Workspace, Run], steps: dict[str, Run]
) -> None:
    dataset = walked[1].manifest.parents["dataset"]
    assert {run.manifest.parents["dataset"] for run in steps.values()} == {dataset}
    assert steps["rank"].manifest.parents["train"] == steps["train"].id


def test_manifests_say_how_it_was_computed(steps: dict[str, Run]) -> None:
    for run in steps.values():
        manifest = run.manifest
        assert manifest.seed == 0
        assert manifest.versions["jax"]
        assert manifest.device
        assert manifest.seconds > 0
        assert sum(manifest.split.values()) == 600


def test_nothing_of_the_path_is_left_unfinished(walked: tuple[Workspace, Run], steps: dict[str, Run]) -> None:
    home, path = walked
    left = {folder.name for folder in home.unfinished.iterdir()}
    assert not left & {path.id, *(run.id for run in steps.values())}
    assert not [name for name in left if name.startswith("import-")]


def test_scores_are_the_mean_of_contributions(steps: dict[str, Run]) -> None:
    ranking = steps["rank"].table("ranking").set_index("gene")["score"]
    units = steps["rank"].table("contributions").set_index("gene")
    np.testing.assert_allclose(units.mean(axis=1)[ranking.index], ranking, rtol=1e-5)


def test_a_path_that_goes_on_computes_what_is_left(
    walked: tuple[Workspace, Run], steps: dict[str, Run], network: dict[str, int]
) -> None:
    home, path = walked
    dataset = path.manifest.parents["dataset"]
    before = len(RunStore(home).all())
    values = {"dataset": dataset, "network": network, "random_sets": 5}
    again = execute_now(home, "path", values)
    assert dict(again.manifest.parents) == dict(path.manifest.parents)
    assert len(RunStore(home).all()) == before + 1  # the path itself
    assert remaining(PathConfiguration.parse(values), RunStore(home).all()) == []
    on = {"dataset": dataset, "model": steps["train"].id, "random_sets": 4}
    assert remaining(PathConfiguration.parse(on), RunStore(home).all()) == ["compare"]
    other = execute_now(home, "path", on)
    assert other.manifest.parents["rank"] == steps["rank"].id
    assert other.manifest.parents["compare"] != steps["compare"].id
    for run in (other, again, RunStore(home).get(other.manifest.parents["compare"])):
        RunStore(home).delete(run.id)


def test_targets_are_left_where_every_gene_is_a_landmark_gene() -> None:
    landmarks = list(l1000(dgex=True).genes)
    assert default_cut(landmarks, "symbol") == len(landmarks) // 4
    assert default_cut([*landmarks[:40], *(f"GENE{i}" for i in range(40))], "symbol") == 40
    assert default_cut([*landmarks[:41], *(f"GENE{i}" for i in range(39))], "symbol") == 20
