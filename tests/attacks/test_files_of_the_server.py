"""A page, or a link to one, cannot be made to read files of the server."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from landmark.analyses.registry import ANALYSES
from landmark.configuration import is_file_field
from landmark.errors import BadConfiguration, BadData
from landmark.jobs.preview_worker import Question
from landmark.store.lists import store_list
from landmark.store.workspace import Workspace
from landmark.ui import jobs as page_jobs
from landmark.workflows.execute import execute_now
from landmark.workflows.from_pages import refuse_foreign_files
from tests.pages.stored import dataset

PAGE = Path(__file__).parents[2] / "pages" / "genes" / "functions.py"


@pytest.fixture
def home(own_home: Path) -> Workspace:
    own_home.mkdir(exist_ok=True)
    return Workspace(own_home)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text("hunter2 swordfish G0 G1")
    return path


def _refuse(home: Workspace, kind: str, values: dict[str, str]) -> None:
    refuse_foreign_files(home, ANALYSES[kind].configuration, values)


SPELLINGS = [
    "list:{0}",
    " list:{0}",
    "\tlist:{0}",
    "list :{0}",
    " LIST:{0}",
    "list:{0} ",
    "\u2003list:{0}",
    "\n list:{0}",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_link_reads_no_file(home: Workspace, secret: Path, spelling: str) -> None:
    data = dataset(home)
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.query_params["dataset"] = data.id
    app.query_params["set"] = spelling.format(secret)
    app.run()
    shown = "\n".join(
        str(element.value) for element in [*app.error, *app.markdown, *app.caption, *app.warning]
    )
    assert "hunter2" not in shown
    assert "swordfish" not in shown
    assert app.error, "the page says that it does not read it"
    assert not list(home.runs.glob("enrich-*"))
    assert not list(home.unfinished.glob("enrich-*"))


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(
    ("kind", "field", "several"),
    [
        ("enrich", "set", False),
        ("compare", "sets", True),
        ("size", "sets", True),
        ("fit", "set", False),
        ("infer", "set", False),
        ("cross-platform", "sets", True),
        ("select", "start", False),
    ],
)
def test_no_request_of_a_page_names_a_file(
    home: Workspace, secret: Path, kind: str, field: str, several: bool, spelling: str
) -> None:
    text = spelling.format(secret)
    values = {"dataset": "abc", field: (text,) if several else text}
    if kind == "cross-platform":
        values["other"] = "xyz"
    with pytest.raises((BadData, BadConfiguration)) as refused:
        page_jobs.start(kind, values)
    assert "hunter2" not in str(refused.value)
    assert not list(home.unfinished.glob("[!.]*"))


def test_stored_lists_are_taken_and_commands_take_any_file(home: Workspace, secret: Path) -> None:
    stored = store_list(home, "mine", ["G0", "G1"], "test")
    _refuse(home, "fit", {"dataset": "abc", "set": stored.text})
    data = dataset(home)
    genes = secret.with_name("genes.txt")
    genes.write_text("\n".join(list(data.annotations().var_names)[:12]))
    assert (
        execute_now(home, "enrich", {"dataset": data.id, "set": f"list:{genes}", "smallest": 2}).kind
        == "enrich"
    )


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("import", {"path": "{0}"}),
        ("import", {"path": "{1}/ok.csv", "annotations": "{0}"}),
        ("import", {"path": "{1}/../../secret"}),
        ("import", {"path": "{1}/link"}),
        ("histones", {"path": "{0}"}),
        ("histones", {"path": "/etc"}),
        ("enrich", {"dataset": "abc", "genes": "TP53", "gmt": "{0}"}),
        ("import", {"path": "/proc/self/environ"}),
        ("import", {"path": "\0"}),
    ],
)
def test_paths_are_those_of_uploads_and_of_the_server_folder(
    home: Workspace, secret: Path, kind: str, values: dict[str, str]
) -> None:
    inside = home.uploads / "0011223344556677"
    inside.mkdir(parents=True)
    (inside / "ok.csv").write_text("x")
    (inside / "link").symlink_to(secret)
    asked = {name: value.format(secret, inside) for name, value in values.items()}
    with pytest.raises(BadConfiguration, match="pages read files that were uploaded"):
        _refuse(home, kind, asked)


def test_uploads_and_the_server_folder_are_read(
    home: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.csv").write_text("x")
    upload = home.uploads / "0011223344556677" / "b.csv"
    with pytest.raises(BadConfiguration):
        refuse_foreign_files(home, Question, {"path": str(folder / "a.csv")})
    monkeypatch.setenv("LANDMARK_FOLDER", str(folder))
    refuse_foreign_files(home, Question, {"path": str(folder / "a.csv")})
    _refuse(home, "import", {"path": str(upload), "annotations": str(folder / "a.csv")})


def test_every_field_that_names_a_file_says_so() -> None:
    """A new setting that names a file is restricted, too."""
    for kind, made in ((name, analysis.configuration) for name, analysis in ANALYSES.items()):
        for name, field in made.model_fields.items():
            text = (field.description or "").lower()
            if field.annotation is str and (
                "path" in name or text.startswith(("file", "table", "gmt file", "a csv file"))
            ):
                assert is_file_field(field), f"{kind}: {name}"
