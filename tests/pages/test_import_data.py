"""The import page: choosing a matrix, and what was found in it as questions."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from landmark.data.gene_identifiers import entrez
from landmark.jobs import preview, preview_worker
from landmark.store.workspace import Workspace
from tests.data.geo_server import Site, series_matrix, served, soft_family
from tests.data.make import frame, write
from tests.pages.import_page import chosen, imported, named, opened, shown

Asked = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Collect what is submitted; nothing is started."""
    collected: Asked = []
    monkeypatch.setattr(
        "landmark.ui.jobs.submit", lambda home, kind, values: collected.append((kind, values))
    )
    return collected


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Make a server folder, and let looks be answered at once, in this process."""

    def at_once(folder: Path, home: Workspace, attempt: object) -> None:
        preview_worker.answer(folder)
        preview._at_work.pop(folder.name)

    monkeypatch.setattr(preview, "start", at_once)
    made = tmp_path / "server"
    made.mkdir()
    monkeypatch.setenv("LANDMARK_FOLDER", str(made))
    return made


def test_an_example_is_imported_with_one_click(asked: Asked) -> None:
    app = opened()
    app.radio[0].set_value("simulated").run()
    imported(app)
    assert asked == [("import", {"example": "simulated"})]


def test_an_example_can_be_looked_at_first(asked: Asked, folder: Path) -> None:
    app = opened()
    app.radio[0].set_value("simulated-small").run()
    named(app.button, "Look at it first").click().run()
    assert "600 samples × 300 genes" in shown(app)
    named(app.selectbox, "Draw at random").set_value("tissue").run()
    imported(app)
    values = asked[0][1]
    assert values["example"] == "simulated-small"
    assert values["split_by"] == "tissue"
    assert not {"orientation", "identifier", "missing"} & set(values)


def test_people_stay_together_by_proposal(asked: Asked, folder: Path) -> None:
    table = frame(samples=12).assign(donor=[f"d{number // 2}" for number in range(12)])
    write(folder / "cells.csv", table.to_csv())
    app = chosen("cells.csv")
    assert "donor seems to name 6 people with several samples each" in shown(app)
    imported(app)
    assert asked[-1][1]["split_by"] == "donor"
    assert "test_group_count" not in asked[-1][1]
    named(app.radio, "Which donor is held out?").set_value("number").run()
    named(app.number_input, "Number held out").set_value(2).run()
    imported(app)
    assert asked[-1][1]["test_group_count"] == 2
    named(app.radio, "Which donor is held out?").set_value("names").run()
    named(app.text_input, "Values held out").set_value("d1, d3").run()
    imported(app)
    assert asked[-1][1]["test_groups"] == ("d1", "d3")
    named(app.selectbox, "Draw at random").set_value("every sample by itself").run()
    imported(app)
    assert asked[-1][1]["split_by"] == ""
    assert "test_groups" not in asked[-1][1]


def test_a_guess_is_called_a_guess(asked: Asked, folder: Path) -> None:
    genes, samples = sorted(entrez())[:300], [f"S{i}" for i in range(1, 11)]
    values = np.random.default_rng(0).normal(7, 2, (len(genes), len(samples)))
    write(folder / "numbers.csv", pd.DataFrame(values, genes, samples).to_csv())
    assert "Proposed: genes in rows, a guess: the names tell little" in shown(chosen("numbers.csv"))


def test_what_is_found_becomes_answers(asked: Asked, folder: Path) -> None:
    write(folder / "cells.csv", frame(samples=10).T.to_csv())
    app = chosen("cells.csv")
    assert "10 samples × 8 genes" in shown(app)
    assert "8 row names such as TP53, EGFR, MYC: 100% are gene symbols" in shown(app)
    imported(app)
    assert asked[0][1] == {
        "path": str(folder / "cells.csv"),
        "orientation": "genes in rows",
        "identifier": "symbol",
        "missing": "refuse",
        "log2": False,
        "collapse": "none",
        "title": "",
        "held_out": 0.2,
        "split_by": "",
        "seed": 0,
    }


def test_a_matrix_can_be_turned_and_turned_back(asked: Asked, folder: Path) -> None:
    write(folder / "cells.csv", frame(samples=10).T.to_csv())
    app = chosen("cells.csv")
    named(app.radio, "Where are the genes?").set_value("columns").run()
    assert "8 samples × 10 genes" in shown(app)
    imported(app)
    assert asked[0][1]["orientation"] == "genes in columns"
    named(app.radio, "Where are the genes?").set_value("rows").run()
    assert "10 samples × 8 genes" in shown(app)


def test_missing_values_and_logarithm_are_proposed(asked: Asked, folder: Path) -> None:
    table = 2 ** frame(samples=10)
    table.iloc[0, 0] = None
    write(folder / "cells.csv", table.to_csv())
    app = chosen("cells.csv")
    assert "1 value in 1 gene is missing" in shown(app)
    assert named(app.radio, "1 value in 1 of 8 genes is missing").value == "drop genes"
    named(app.radio, "1 value in").set_value("gene median").run()
    assert app.toggle[0].value
    imported(app)
    assert (asked[0][1]["missing"], asked[0][1]["log2"]) == ("gene median", True)


def test_one_of_several_platforms_is_asked_for(asked: Asked, folder: Path) -> None:
    (folder / "GSE1_family.soft.gz").write_bytes(soft_family("GSE1", {"GPL96": 3, "GPL97": 5}))
    app = chosen("GSE1_family.soft.gz")
    assert "5 samples × 8 genes" in shown(app)
    named(app.selectbox, "The samples are of several platforms").set_value("GPL96").run()
    assert "3 samples × 8 genes" in shown(app)
    imported(app)
    assert asked[0][1]["platform"] == "GPL96"


def test_a_table_of_annotations_is_joined_and_what_does_not_match_is_listed(
    asked: Asked, folder: Path
) -> None:
    write(folder / "cells.csv", frame().to_csv())
    write(folder / "about.csv", "name;<b>*tissue*;other\nS1;lung;S1\nS2;lung;\nS3;skin;\nS9;skin;\n")
    app = chosen("cells.csv")
    named(app.selectbox, "or a table").set_value("about.csv").run()
    assert "3 of 5 samples found in the column **name**" in shown(app)
    assert {"S4, S5", "S9"} <= {text.value for text in app.text}
    named(app.multiselect, "Annotations to keep").set_value(["<b>*tissue*"]).run()
    imported(app)
    values = asked[0][1]
    assert values["annotations"] == str(folder / "about.csv")
    assert (values["annotations_by"], values["columns"]) == ("name", ("<b>*tissue*",))


def test_a_wrong_column_of_sample_names_can_be_changed_back(asked: Asked, folder: Path) -> None:
    write(folder / "cells.csv", frame().to_csv())
    write(folder / "about.csv", "name;tissue\nS1;lung\nS2;lung\n")
    app = chosen("cells.csv")
    named(app.selectbox, "or a table").set_value("about.csv").run()
    named(app.selectbox, "Column of the table").set_value("tissue").run()
    assert "No name in the column" in app.error[0].value
    assert not [button for button in app.button if button.label == "Import"]
    named(app.selectbox, "Column of the table").set_value("name").run()
    assert not app.error


def test_a_bad_file_is_one_sentence_and_can_be_tried_again(asked: Asked, folder: Path) -> None:
    write(folder / "cells.csv", "gene,s1,s2\nTP53,1,2\nEGFR,1\n")
    app = chosen("cells.csv")
    assert "Line 3 of cells.csv has 2 fields where 3 are expected" in app.error[0].value
    write(folder / "cells.csv", "gene,s1,s2\nTP53,1,2\nEGFR,1,3\n")
    named(app.button, "Try again").click().run()
    assert not app.error
    assert "2 samples × 2 genes" in shown(app)


def test_an_upload_is_written_to_disk_at_once(asked: Asked, folder: Path, own_home: Path) -> None:
    app = opened()
    app.segmented_control[0].set_value("Upload").run()
    content = frame().to_csv().encode()
    app.file_uploader[0].upload("cells.csv", content, "text/csv").run()
    assert "**cells.csv**" in shown(app)
    assert not [widget for widget in app.file_uploader if "matrix" in str(widget.key)]
    imported(app)
    path = Path(asked[0][1]["path"])
    assert path.read_bytes() == content
    assert path.is_relative_to(own_home / "uploads")


def test_an_accession_is_checked_before_anything_is_fetched(folder: Path) -> None:
    app = opened()
    app.segmented_control[0].set_value("GEO accession").run()
    app.text_input[0].set_value("GSM100")
    named(app.button, "Fetch and look").click().run()
    assert "is a sample" in app.error[0].value


def test_a_series_is_fetched_and_its_platform_asked_for(
    asked: Asked, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    base = "/geo/series/GSEnnn/GSE781/matrix/GSE781"
    content = {
        f"{base}-{platform}_series_matrix.txt.gz": series_matrix("GSE781", samples, {}, seed=samples)
        for platform, samples in (("GPL96", 3), ("GPL97", 5))
    }
    with served(Site(content)) as site:
        monkeypatch.setenv("LANDMARK_GEO_ADDRESS", site.address)
        app = opened()
        app.segmented_control[0].set_value("GEO accession").run()
        app.text_input[0].set_value("gse781")
        named(app.button, "Fetch and look").click().run()
        assert "3 samples × 8 genes" in shown(app)
        assert "GPL96 is taken, left out" in shown(app)
        named(app.selectbox, "The samples are of several platforms").set_value("GPL97").run()
        assert "5 samples × 8 genes" in shown(app)
    imported(app)
    assert (asked[0][1]["accession"], asked[0][1]["platform"]) == ("GSE781", "GPL97")


def test_a_missing_server_folder_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LANDMARK_FOLDER", str(tmp_path / "gone"))
    app = opened()
    app.segmented_control[0].set_value("Server folder").run()
    assert "LANDMARK_FOLDER" in app.error[0].value


def test_what_may_describe_samples_still_reaches_the_question_of_the_axis(asked: Asked, folder: Path) -> None:
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(8, 2, (60, 6)).round(3), [f"spot{i}" for i in range(60)])
    table.columns = [f"S{i}" for i in range(6)]
    table.insert(0, "Sequence", ["ACGT"] * 60)
    table.to_csv(folder / "m.csv")
    app = chosen("m.csv")
    assert "looks like a description of samples" in app.error[0].value
    axis = next(radio for radio in app.radio if "after all" in radio.label)
    axis.set_value("rows").run()
    assert not app.exception
    assert "**6 samples × 60 genes**" in " ".join(item.value for item in app.markdown)
    next(button for button in app.button if button.label == "Import").click().run()
    assert asked[0][1]["orientation"] == "genes in rows"


def test_a_column_that_names_the_genes_is_offered(asked: Asked, folder: Path) -> None:
    rng = np.random.default_rng(0)
    names = ["TP53", "EGFR", "MYC", "GAPDH", "ACTB", "BRCA1", "KRAS", "PTEN"]
    table = pd.DataFrame(rng.normal(8, 2, (8, 6)).round(3), [f"ILMN_165{i:04d}" for i in range(8)])
    table.columns = [f"GSM10{i}" for i in range(6)]
    table.insert(0, "Gene.Symbol", names)
    table.to_csv(folder / "m.csv")
    app = chosen("m.csv")
    question = named(app.selectbox, "Which names should the genes have?")
    assert question.value == "Gene.Symbol"
    assert "named by gene symbols" in " ".join(item.value for item in app.markdown)
    next(button for button in app.button if button.label == "Import").click().run()
    assert asked[0][1]["names_from"] == "Gene.Symbol"
    assert any("6 samples are few" in item.value for item in app.info)
