"""What pages note, the command line prints; what small data cannot show is said or refused."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from landmark.data.gene_identifiers import symbols
from landmark.genesets.sources import l1000_present
from landmark.store.datasets import DatasetStore
from landmark.store.runs import RunStore
from landmark.store.workspace import Workspace

Landmark = Callable[..., object]


def table(path: Path, samples: int, genes: int, seed: int = 0) -> Path:
    rng = np.random.default_rng(seed)
    values = rng.normal(8, 2, (genes, samples)).round(3)
    pd.DataFrame(values, [f"g{i}" for i in range(genes)], [f"s{i}" for i in range(samples)]).to_csv(
        path, sep="\t"
    )
    return path


def test_a_guess_and_few_samples_are_printed_and_stored(
    landmark: Landmark, own_home: Path, tmp_path: Path
) -> None:
    path = table(tmp_path / "m.tsv", 12, 60)
    said = landmark("import", path)
    assert "note: That genes are in rows (g0, g1, g2)" in said.out
    assert "note: 12 samples are few, of which 2 are kept for testing" in said.out
    found = json.loads(landmark("import", path, "--json").out)
    assert any("is a guess" in note for note in found["notes"])
    stored = RunStore(Workspace(own_home)).newest("import")
    assert list(stored.manifest.notes) == found["notes"]
    told = json.loads(landmark("import", path, "--with", "orientation=genes in rows", "--json").out)
    assert not any("guess" in note for note in told["notes"])


def test_what_is_left_out_is_printed(landmark: Landmark, tmp_path: Path) -> None:
    path = table(tmp_path / "m.tsv", 12, 60)
    lines = path.read_text().splitlines()
    lines[3] = "\t".join([lines[3].split("\t")[0], "NA", *lines[3].split("\t")[2:]])
    path.write_text("\n".join(lines) + "\n")
    about = tmp_path / "about.csv"
    about.write_text("sample,tissue\n" + "".join(f"s{i},{'ab'[i % 2]}\n" for i in range(10)) + "other,c\n")
    said = json.loads(
        landmark("import", path, "--annotations", about, "--with", "missing=drop genes", "--json").out
    )
    assert "1 gene with missing values was dropped." in said["notes"]
    assert any("2 were not and stay without: s10, s11" in note for note in said["notes"])
    assert any(
        "1 line of the annotations is about no sample and left out: other" in note for note in said["notes"]
    )
    prepared = json.loads(landmark("prepare", "--quantile", "own range", "--json").out)
    assert any("12 samples are few" in note for note in prepared["notes"])


def test_units_that_differ_are_refused_and_ranks_are_not(landmark: Landmark, tmp_path: Path) -> None:
    logged = json.loads(landmark("import", table(tmp_path / "log.tsv", 40, 60), "--json").out)["id"]
    frame = pd.read_csv(tmp_path / "log.tsv", sep="\t", index_col=0)
    standard = frame.sub(frame.mean(axis=1), axis=0).div(frame.std(axis=1), axis=0).round(4)
    standard.columns = [f"z{i}" for i in range(40)]
    standard.to_csv(tmp_path / "z.tsv", sep="\t")
    scored = json.loads(landmark("import", tmp_path / "z.tsv", "--json").out)["id"]
    refused = landmark("merge", logged, scored)
    assert refused.code == 2
    assert "vary around zero" in refused.err
    assert "joint quantile normalisation" in refused.err
    assert landmark("merge", logged, scored, "--joint").code == 0


def test_a_small_dataset_is_trained_with_a_smaller_network(landmark: Landmark, tmp_path: Path) -> None:
    landmark("import", table(tmp_path / "m.tsv", 17, 40))
    trained = landmark("train", "--with", "epochs=2", "--json")
    assert trained.code == 0, trained.err
    found = json.loads(trained.out)
    assert any("batch size 14 instead of 32" in note for note in found["notes"])
    assert any("No gene can be called significant from 3 held-out samples" in note for note in found["notes"])
    assert found["metrics"]["significant_genes"] == 0
    refused = landmark("train", "--with", "batch_size=20")
    assert refused.code == 2
    assert "only 14 training samples" in refused.err


def test_one_held_out_sample_judges_nothing(landmark: Landmark, tmp_path: Path) -> None:
    landmark("import", table(tmp_path / "m.tsv", 8, 40), "--held-out", "0.1")
    for command in ("train", "compare"):
        refused = landmark(command, *(["--set", "variable"] if command == "compare" else []))
        assert refused.code == 2, command
        assert "held out" in refused.err or "held-out" in refused.err or "test sample" in refused.err


def test_two_held_out_samples_make_no_gene_significant(landmark: Landmark, shared: Path) -> None:
    folder = shared / "cases" / "two-held-out-samples"
    landmark("import", folder / "pp_plain12.tsv", "--annotations", folder / "pp_plain12.tsv.ann.csv")
    found = json.loads(landmark("train", "--with", "batch_size=4", "--with", "epochs=4", "--json").out)
    assert found["metrics"]["significant_genes"] == 0
    assert any("from 2 held-out samples: at least 5 are needed" in note for note in found["notes"])


@pytest.mark.parametrize("left", [False, True])
def test_a_matrix_of_landmark_genes_only_leaves_nothing_to_predict(
    landmark: Landmark, tmp_path: Path, left: bool
) -> None:
    names = sorted(l1000_present(sorted(symbols()), "symbol").genes)[:30]
    others = sorted(symbols() - set(names))[100:120] if left else []
    values = np.random.default_rng(0).normal(8, 2, (len(names) + len(others), 120)).round(3)
    frame = pd.DataFrame(values, [*names, *others], [f"GSM{1000 + i}" for i in range(120)])
    frame.to_csv(tmp_path / "m.csv")
    found = json.loads(landmark("import", tmp_path / "m.csv", "--json").out)
    assert any("Every gene here is an L1000 landmark gene" in note for note in found["notes"]) is not left


def people(path: Path) -> tuple[Path, Path]:
    """Twenty samples of ten people, the two of one almost alike, and the table of who is who."""
    rng = np.random.default_rng(1)
    values = rng.normal(8, 2, (600, 10)).repeat(2, axis=1) + rng.normal(0, 0.01, (600, 20))
    names = [f"s{i}" for i in range(20)]
    pd.DataFrame(values.round(4), [f"g{i}" for i in range(600)], names).to_csv(path / "m.tsv", sep="\t")
    table = pd.DataFrame(
        {"sample": names, "donor": [f"d{i // 2}" for i in range(20)], "sex": ["f", "m"] * 10}
    )
    table.to_csv(path / "about.csv", index=False)
    return path / "m.tsv", path / "about.csv"


def test_people_and_twins_on_both_sides_of_the_split_are_said(landmark: Landmark, tmp_path: Path) -> None:
    path, about = people(tmp_path)
    said = json.loads(landmark("import", path, "--annotations", about, "--json").out)["notes"]
    [donors] = [note for note in said if "seems to name" in note]
    assert "'donor' seems to name 10 people" in donors
    assert "--split-by" in donors
    [twins] = [note for note in said if "closer than 1" in note]
    assert twins.startswith("10 samples lie closer than 1 to another one")
    assert "all of them share their 'donor', so split_by" in twins
    without = json.loads(landmark("import", path, "--json").out)["notes"]
    assert any("Prepare removes them." in note for note in without)
    together = landmark("import", path, "--annotations", about, "--split-by", "donor", "--json").out
    assert not [note for note in json.loads(together)["notes"] if "both sides" in note or "closer" in note]


def test_whole_groups_are_held_out_by_name_or_number(
    landmark: Landmark, own_home: Path, tmp_path: Path
) -> None:
    path, about = people(tmp_path)
    words = ("import", path, "--annotations", about, "--split-by", "donor", "--json")

    def held_out(*more: str) -> set[str]:
        found = json.loads(landmark(*words, *more).out)
        obs = DatasetStore(Workspace(own_home)).get(found["id"]).annotations().obs
        return set(obs.loc[obs["split"] == "test", "donor"])

    assert held_out("--test-group", "d3", "--test-group", "d5") == {"d3", "d5"}
    first, second = (held_out("--test-group-count", "3", "--seed", seed) for seed in ("1", "2"))
    assert len(first) == len(second) == 3
    assert first != second
    for more, telling in (
        (("--test-group", "d77"), "No sample has 'd77'"),
        (("--test-group", "d3", "--test-group-count", "2"), "leave test_group_count out"),
    ):
        answer = landmark(*words, *more)
        assert answer.code == 2
        assert telling in answer.err
    assert "need split_by" in landmark("import", path, "--test-group-count", "2").err
