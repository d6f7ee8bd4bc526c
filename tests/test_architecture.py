"""The rules that keep the house in order: layers, third-party packages, configurations, sizes."""

import ast
import functools
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic.fields import FieldInfo

from landmark.configuration import Configuration

ROOT = Path(__file__).parent.parent

LAYERS = (
    "errors",
    "progress",
    "configuration",
    "settings",
    "results",
    "wording",
    "decompositions",
    "data",
    "training",
    "models",
    "epigenome",
    "attribution",
    "genesets",
    "inference",
    "metrics",
    "store",
    "analyses",
    "workflows",
    "run",
    "api",
    "jobs",
    "plots",
    "figures",
    "ui",
    "view",
    "cli",
    "__main__",
)
"""From the ground up: each may import those before it. Pages and app.py stand beside cli.

Most are packages. An analysis lies in a folder of its own and has files of four layers: what it asks and promises
(``config``, ``results``: analyses), how it is computed (``run`` and what stands beside it), ``figures`` and ``view``.
"""

TABLES = {"numpy", "pandas"}
NUMERICAL = TABLES | {"scipy", "sklearn", "anndata"}

THIRD_PARTY = {
    "errors": set(),
    "progress": set(),
    "configuration": {"pydantic"},
    "settings": {"pydantic", "pydantic_settings", "platformdirs"},
    "wording": set(),
    "decompositions": {"numpy", "scipy", "threadpoolctl"},
    "results": {"pandas", "pydantic"},
    "data": NUMERICAL | {"h5py", "pyarrow", "openpyxl", "pydantic", "qnorm", "filelock"},
    "training": TABLES | {"jax", "flax", "optax", "orbax", "h5py", "pydantic"},
    "models": TABLES | {"jax", "flax", "optax", "pydantic"},
    "epigenome": NUMERICAL | {"jax", "flax", "optax", "pydantic"},
    "attribution": TABLES | {"jax", "scipy"},
    "genesets": NUMERICAL | {"gseapy", "jax", "threadpoolctl"},
    "inference": NUMERICAL - {"anndata"} | {"jax", "flax", "pydantic"},
    "metrics": NUMERICAL - {"anndata"} | {"umap", "numba"},
    "store": NUMERICAL - {"sklearn", "scipy"}
    | {"pyarrow", "orbax", "psutil", "pydantic", "filelock", "h5py"},
    "analyses": {"pydantic"},
    "workflows": NUMERICAL | {"jax", "pydantic", "psutil"},
    "run": NUMERICAL | {"jax", "pydantic", "psutil"},
    "api": {"numpy", "anndata"},
    "jobs": {"submitit", "filelock", "pydantic"},
    "plots": NUMERICAL - {"sklearn", "anndata"} | {"plotly"},
    "figures": NUMERICAL - {"sklearn", "anndata"} | {"plotly"},
    "ui": TABLES | {"streamlit", "plotly", "pydantic", "anndata"},
    "view": TABLES | {"streamlit", "plotly", "pydantic", "anndata"},
    "cli": {"typer", "rich", "pydantic"},
    "__main__": set(),
    "app": {"streamlit"},
    "pages": TABLES | {"streamlit", "plotly"},
}

DISTRIBUTIONS = {"sklearn": "scikit_learn", "umap": "umap_learn", "orbax": "orbax_checkpoint"}
"""Packages that are installed under another name than they are imported by."""

MAY_IMPORT_JAX = {
    "training",
    "models",
    "epigenome",
    "attribution",
    "genesets",
    "inference",
    "workflows",
    "run",
}
PICKLE_READERS = {ROOT / "landmark" / "data" / "sources" / "examples.py"}
"""The GDSC table is published as a pickle; this file reads it with a reader that makes plain values only."""

LIBRARY = sorted((ROOT / "landmark").rglob("*.py"))
PAGES = sorted((ROOT / "pages").rglob("*.py")) + sorted(ROOT.glob("app.py"))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _module(path: Path) -> tuple[str, ...]:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts


MODULES = {_module(path) for path in LIBRARY}
FOLDERS = {_module(path)[:-1] for path in LIBRARY if path.name == "config.py"}
"""Folders of analyses."""


def _layer(module: tuple[str, ...]) -> str:
    if module[0] != "landmark" or len(module) == 1:
        return module[0]
    if module in FOLDERS:
        return "analyses"
    if module[:-1] in FOLDERS:
        for layer in ("figures", "view"):
            if module[-1].partition("_")[0] == layer:
                return layer
        return "analyses" if module[-1] in ("config", "results", "wording") else "run"
    return "figures" if module[1:] == ("epigenome", "figures") else module[1]


def _imported_module(name: str) -> tuple[str, ...]:
    """Return the module behind what is imported: a module, or the one that holds the name."""
    parts = tuple(name.split("."))
    return parts if parts in MODULES else parts[:-1]


@functools.cache
def _imports(path: Path) -> tuple[str, ...]:
    """Return the dotted names a file imports, also inside functions; a relative import begins with dots."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def _packages(path: Path) -> set[str]:
    return {name.split(".")[0] for name in _imports(path)} - set(sys.stdlib_module_names)


def test_a_package_imports_those_before_it_only():
    order = {
        path: LAYERS.index(_layer(_module(path))) for path in LIBRARY if path.parent != ROOT / "landmark"
    }
    assert [
        f"{_name(path)} imports {name}"
        for path, own in order.items()
        for name in _imports(path)
        if name.startswith("landmark.") and (imported := _imported_module(name)) != ("landmark",)
        if LAYERS.index(_layer(imported)) > own
    ] == []


def test_what_is_imported_is_named_in_full():
    relative = {path for path in [*LIBRARY, *PAGES] if any(name.startswith(".") for name in _imports(path))}
    assert relative == set()


def test_every_package_has_its_place():
    assert {_layer(_module(path)) for path in LIBRARY} - {"landmark", "__init__"} == set(LAYERS)
    assert set(THIRD_PARTY) == {*LAYERS, "app", "pages"}


def test_no_folder_is_crowded():
    crowded = {folder for folder in {path.parent for path in LIBRARY} if len(list(folder.glob("*.py"))) > 30}
    assert not crowded


def test_a_page_knows_neither_the_command_line_nor_how_things_are_computed():
    layers = ("cli", "models", "training", "attribution", "inference", "metrics")
    hidden = tuple(f"landmark.{layer}" for layer in layers)
    assert [
        f"{_name(path)} imports {name}"
        for path in PAGES
        for name in _imports(path)
        if name.startswith(hidden) and not name.startswith("landmark.models.settings")
    ] == []


def test_only_the_listed_third_party_packages_are_imported():
    unlisted = {_name(path): _packages(path) - _allowed(path) for path in [*LIBRARY, *PAGES]}
    assert {name: packages for name, packages in unlisted.items() if packages} == {}


def _allowed(path: Path) -> set[str]:
    if path == ROOT / "landmark" / "__init__.py":
        return set()
    serves = {"streamlit"} if path == ROOT / "landmark" / "cli" / "serve.py" else set()
    return THIRD_PARTY[_layer(_module(path))] | {"landmark"} | serves


def test_what_is_imported_is_required_and_pinned():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if line and not line.startswith("#")]
    assert all("==" in line for line in pinned)
    required = {line.split("==")[0].replace("-", "_") for line in pinned}
    imported = set().union(*map(_packages, [*LIBRARY, *PAGES])) - {"landmark"}
    assert {DISTRIBUTIONS.get(name, name) for name in imported} <= required


def test_the_list_itself_keeps_jax_and_streamlit_in_their_places():
    assert {layer for layer, names in THIRD_PARTY.items() if "jax" in names} == MAY_IMPORT_JAX
    assert {layer for layer, names in THIRD_PARTY.items() if "streamlit" in names} == {
        "ui",
        "view",
        "app",
        "pages",
    }


def test_nothing_reads_a_pickle():
    """A pickle runs code when it is read."""
    unsafe = {"pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}
    readers = {
        path for path in [*LIBRARY, *PAGES] if {name.split(".")[0] for name in _imports(path)} & unsafe
    }
    assert readers <= PICKLE_READERS


@pytest.mark.parametrize(
    ("program", "absent"),
    [
        ("import landmark, landmark.settings", ["streamlit", "jax", "pandas"]),
        ("import landmark.jobs.control, landmark.analyses.registry", ["streamlit", "jax"]),
        (
            "import sys\n"
            "from landmark.cli.app import main\n"
            "sys.argv = ['landmark', '--help']\n"
            "try:\n"
            "    main()\n"
            "except SystemExit:\n"
            "    pass",
            ["streamlit", "jax", "pandas", "anndata", "plotly"],
        ),
        (
            "import importlib, pathlib\n"
            "for path in sorted(pathlib.Path('landmark').rglob('*.py')):\n"
            "    part = path.with_suffix('').parts\n"
            "    if part[1] in ('store', 'jobs', 'plots', 'ui') or part[-1].startswith(('view', 'figures')):\n"
            "        importlib.import_module('.'.join(part))",
            ["jax", "flax"],
        ),
    ],
    ids=["landmark", "jobs", "help", "whatever pages use"],
)
def test_an_import_stays_light(program, absent):
    code = f"{program}\nimport sys\nprint([name for name in {absent!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.strip().splitlines()[-1:] == ["[]"], done.stdout + done.stderr


def _configurations() -> list[type[Configuration]]:
    """Return the settings of everything that can be asked for, wherever a file may define some."""
    for path in LIBRARY:
        if "landmark.configuration.Configuration" in _imports(path):
            importlib.import_module(".".join(_module(path)))
    found, queue = [], [Configuration]
    while queue:
        cls = queue.pop()
        found.append(cls)
        queue.extend(cls.__subclasses__())
    return [cls for cls in found if cls.__module__.startswith("landmark.") and cls is not Configuration]


def _stated(field: FieldInfo) -> dict[str, Any]:
    """Return what a field says of the paper."""
    return field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}


def test_a_configuration_is_frozen_and_described():
    classes = _configurations()
    assert len(classes) > 30
    assert [cls for cls in classes if not cls.model_config["frozen"]] == []
    assert [cls for cls in classes if cls.model_config["extra"] != "forbid"] == []
    fields = {f"{cls.__name__}.{name}": field for cls in classes for name, field in cls.model_fields.items()}
    assert [name for name, field in fields.items() if not (field.description or "").endswith(".")] == []
    of_the_paper = {name: field for name, field in fields.items() if "paper" in _stated(field)}
    assert of_the_paper
    for where, field in of_the_paper.items():
        stated, source = _stated(field)["paper"], _stated(field).get("source", "")
        assert stated == bool(source), f"{where}: where is it stated?"
        end = f"Stated in: {source}." if stated else "Left open by the paper."
        assert field.description.endswith(end), where


@pytest.mark.parametrize("name", ["AutoencoderConfiguration", "DgexConfiguration", "DeepchromeTraining"])
def test_every_choice_of_the_method_says_whether_the_paper_states_it(name):
    [cls] = [cls for cls in _configurations() if cls.__name__ == name]
    unsaid = {field for field, about in cls.model_fields.items() if "paper" not in _stated(about)}
    assert unsaid == {"checkpoint_every"}
