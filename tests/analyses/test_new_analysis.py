"""An analysis from scratch is one folder, one line in the registry and one page, as CONTRIBUTING says."""

import json
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from landmark.analyses.registry import ANALYSES
from landmark.store.workspace import open_workspace
from landmark.workflows.execute import execute_now

FILES = {
    "config.py": """
from pydantic import Field
from landmark.analyses.choices import DatasetId
from landmark.configuration import Configuration

class CountConfiguration(Configuration):
    '''Count the values above a limit.'''
    dataset: DatasetId = Field(description="The dataset to count in.")
    limit: float = Field(0.0, description="Values above it are counted.")
""",
    "results.py": """
from pydantic import Field
from landmark.results import Results

class CountResults(Results):
    '''What was counted.'''
    above: int = Field(description="Values above the limit.")
""",
    "__init__.py": """
from landmark.analyses.analysis import Analysis, never
from counting.config import CountConfiguration
from counting.results import CountResults

COUNT = Analysis(name="count", title="Count", page="count", configuration=CountConfiguration, results=CountResults,
    headline=lambda found: f"{found.above:,} values", uses_device=never)
""",
    "run.py": """
from counting.results import CountResults
from landmark.workflows.context import Outcome

def run(configuration, context):
    matrix = context.datasets.get(configuration.dataset).load()
    results = CountResults(above=int((matrix.X > configuration.limit).sum()))
    return Outcome(parents={"dataset": configuration.dataset}, results=results)
""",
    "view.py": """
import streamlit as st
from counting import COUNT
from landmark.ui.result_page import ResultPage, dataset_needed

PAGE = ResultPage(question="How many values are high?", kind="count", needs=dataset_needed("Its values are counted."),
    answer=lambda run: COUNT.headline(COUNT.read(run.manifest.metrics)), sections=())
""",
}
PAGE = "from counting.view import PAGE\n\nPAGE.render()\n"


@pytest.fixture
def counting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the new analysis, which the registry knows."""
    folder = tmp_path / "counting"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    (tmp_path / "page.py").write_text(PAGE)
    monkeypatch.syspath_prepend(tmp_path)
    from counting import COUNT  # type: ignore[import-not-found]

    monkeypatch.setitem(ANALYSES, "count", COUNT)  # type: ignore[arg-type]
    yield tmp_path
    for name in [name for name in sys.modules if name.partition(".")[0] == "counting"]:
        del sys.modules[name]


def test_its_command_and_its_page_are_there(counting: Path) -> None:
    from landmark.cli.app import with_commands

    execute_now(open_workspace(), "import", {"example": "simulated-small"})
    answer = CliRunner().invoke(with_commands(), ["count", "--limit", "9", "--json"])
    assert answer.exit_code == 0, answer.output
    above = json.loads(answer.stdout)["metrics"]["above"]
    assert 0 < above < 600 * 300
    page = AppTest.from_file(str(counting / "page.py"), default_timeout=60).run()
    assert not page.exception
    assert f"{above:,} values" in " ".join(text.value for text in page.markdown)


def test_it_takes_under_sixty_lines() -> None:
    assert sum(text.strip().count("\n") + 1 for text in [*FILES.values(), PAGE]) < 60
