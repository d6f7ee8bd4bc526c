"""What an analysis promises is what its runs hold, and what its page shows without the optional figures, or any."""

import json
import shutil
from pathlib import Path

import pytest

from landmark.analyses.registry import ANALYSES
from landmark.store.runs import MANIFEST, Run
from landmark.ui.page import PLACES
from tests.pages.opened import opened

KINDS = pytest.mark.parametrize("kind", ANALYSES)


@KINDS
def test_figures_come_back_as_they_were_stored(runs: dict[str, Run], kind: str) -> None:
    stored = runs[kind].manifest.metrics
    results = ANALYSES[kind].results
    assert json.dumps(results.read(stored).metrics(), sort_keys=True) == json.dumps(stored, sort_keys=True)


@KINDS
def test_tables_are_as_promised(runs: dict[str, Run], kind: str) -> None:
    tables = ANALYSES[kind].tables
    for name in runs[kind].tables():
        tables[name].check(name, runs[kind].table(name))


@KINDS
def test_figures_and_columns_are_described(kind: str) -> None:
    results, tables = ANALYSES[kind].results, ANALYSES[kind].tables
    assert [name for name, field in results.model_fields.items() if not field.description] == []
    columns = [column for table in tables.values() for column in table.columns]
    assert [column.name for column in columns if not column.meaning.endswith((".", "|"))] == []
    assert all(
        len({column.name for column in table.columns}) == len(table.columns) for table in tables.values()
    )


@pytest.fixture
def changed(runs: dict[str, Run], own_home: Path) -> Path:
    """A copy of the home of all of them."""
    return Path(shutil.copytree(runs["train"].folder.parent.parent, own_home))


def without(home: Path, run: Run, names: set[str]) -> str:
    """Take figures out of a run, open its page, and return what the page says has gone wrong."""
    path = home / "runs" / run.id / MANIFEST
    manifest = json.loads(path.read_text())
    manifest["metrics"] = {name: value for name, value in manifest["metrics"].items() if name not in names}
    path.write_text(json.dumps(manifest))
    parents = run.manifest.parents
    address = {"run": run.id, "model": run.id if run.kind == "train" else parents.get("train", "")}
    if "dataset" in parents:
        address["dataset"] = parents["dataset"]
    place = PLACES[ANALYSES[run.kind].page].removeprefix("pages/")
    page = opened("../app.py" if run.kind == "path" else place, **address)
    assert not page.exception
    return " ".join(str(error.value) for error in page.error)


@KINDS
def test_a_page_shows_itself_without_optional_figures(runs: dict[str, Run], kind: str, changed: Path) -> None:
    fields = ANALYSES[kind].results.model_fields
    optional = {field.alias or name for name, field in fields.items() if not field.is_required()}
    assert without(changed, runs[kind], optional) == ""


@pytest.mark.parametrize(
    "kind", [kind for kind in ANALYSES if kind not in ("fit", "histones", "keep", "path")]
)
def test_figures_that_cannot_be_read_are_a_sentence(runs: dict[str, Run], kind: str, changed: Path) -> None:
    assert "cannot be read" in without(changed, runs[kind], set(ANALYSES[kind].results.model_fields))
