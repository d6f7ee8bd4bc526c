"""Names from files, addresses and messages stay names on every page: no picture, no link, no formula of theirs."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anndata
import pandas as pd
import pytest
from google.protobuf.json_format import MessageToDict
from markdown_it import MarkdownIt
from streamlit.testing.v1 import AppTest

from landmark.store.lists import store_list
from landmark.store.runs import Run
from landmark.store.workspace import Workspace
from landmark.ui.page import PLACES
from landmark.wording import escaped
from tests.pages.stored import dataset, stopped

ROOT = Path(__file__).parents[2]
CANARY = "canary.invalid"

HOSTILE = (
    f"![](http://{CANARY}/a.png)",
    f"[x](http://{CANARY}/b)",
    f"<img src='http://{CANARY}/c'>",
    f"http://{CANARY}/d",
    f"www.{CANARY}",
    f"a@{CANARY}",
    f"$\\href{{http://{CANARY}/e}}{{x}}$",
    f":red[{CANARY}]",
    f":material/star: {CANARY}",
    f"`{CANARY}`",
    f"**{CANARY}**",
    f"_{CANARY}_",
    f"~~{CANARY}~~",
    f"<a href='http://{CANARY}/l'>x</a>",
    f"# {CANARY}",
    f"> {CANARY}",
    f"- {CANARY}",
    f"1. {CANARY}",
    f"<http://{CANARY}/f>",
    f"[x]: http://{CANARY}/g",
    f"&lt;{CANARY}&#62;",
    f"\\![](http://{CANARY}/h)",
    f"]({CANARY})![](http://{CANARY}/i",
    f"<script>location='http://{CANARY}/'</script>",
    f"x\n\n![](http://{CANARY}/j)",
    f"|a|b|\n|-|-|\n|![](http://{CANARY}/k)|c|",
)

MARKUP = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
ADDRESS = re.compile(r"https?://|www\.\w|[\w.+-]+@[\w-]+\.", re.IGNORECASE)
DIRECTIVE = re.compile(r"(?<!\\):(?:[a-z-]+\[|material/|[a-z_]+:)")
FORMULA = re.compile(r"(?<!\\)\$[^$]+(?<!\\)\$")

LINK = re.compile(r"<\s*a\b|<\s*img\b", re.IGNORECASE)
"""What Plotly makes a link of, in any text of a figure."""

PLAIN = {
    "id",
    "formId",
    "key",
    "default",
    "options",
    "placeholder",
    "spec",
    "url",
    "queryString",
    "elementId",
    "meta",
    "ids",
    "legendgroup",
}
"""Fields that are never shown as Markdown or markup: identities, values of inputs, options of drop-down lists."""


def _offences(text: str) -> list[str]:
    """List what of a hostile name Markdown would take for more than text."""
    found = []
    for block in MARKUP.parse(text):
        for token in (block, *(block.children or ())):
            if token.type in ("image", "link_open", "html_inline", "html_block") and CANARY in json.dumps(
                [token.content, token.attrs, text]
            ):
                found.append(token.type)
            if token.type == "text" and ADDRESS.search(token.content) and CANARY in token.content:
                found.append("an address that becomes a link")
    if CANARY in text:
        near = [part for part in re.split(r"(?<=\s)|(?=\s)", text) if CANARY in part]
        found += ["a directive" for part in near if DIRECTIVE.search(part)]
        found += ["a formula" for match in FORMULA.finditer(text) if CANARY in match.group()]
    return found


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in PLAIN:
                yield from _texts(item, f"{name}.{key}")
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, name)
    elif isinstance(value, str):
        yield name, value


def _elements(block: Any) -> Iterator[Any]:
    if getattr(block, "proto", None) is not None:
        yield block.proto
    for child in getattr(block, "children", {}).values():
        yield from _elements(child)


def faults(app: AppTest) -> list[str]:
    """List what reached the browser as more than text."""
    found = []
    for proto in _elements(app._tree):
        kind = proto.DESCRIPTOR.name
        if kind == "PlotlyChart":
            found += [
                f"{kind}{name}: {text!r}"
                for name, text in _texts(json.loads(proto.spec))
                if LINK.search(text)
            ]
        if kind in ("Code", "Arrow", "PlotlyChart", "Text", "Json"):
            continue
        options_are_plain = kind in ("Selectbox", "MultiSelect")
        shown = MessageToDict(proto)
        if kind == "Dataframe":  # headings are plain text, their tooltips are not
            columns = json.loads(shown.pop("columns", "{}"))
            shown["help"] = [column.get("help", "") for column in columns.values()]
        for name, text in _texts(shown):
            if options_are_plain and "option" in name.lower():
                continue
            found += [f"{kind}{name}: {fault} in {text!r}" for fault in _offences(text)]
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_the_one_function_leaves_nothing_to_markdown(name: str) -> None:
    for text in (escaped(name), f"**{escaped(name)}** is", f"a {escaped(name)}, b", f"- {escaped(name)}"):
        assert not _offences(text), text
    shown = "".join(
        token.content for block in MARKUP.parseInline(escaped(name)) for token in block.children or ()
    )
    assert shown.replace("\u2060", "") == " ".join(name.split())


@pytest.mark.parametrize(
    "name", ["TP53", "HLA-DRB1", "1007_s_at", "a b", "ENSG00000141510.12", "x (y)", "GSE1: title", "50 %"]
)
def test_ordinary_names_stay_as_they_are(name: str) -> None:
    assert escaped(name) == name


def _careless() -> None:
    import streamlit as st

    st.error("![](http://canary.invalid/a)")
    st.button("$canary.invalid$")
    with st.expander("[x](http://canary.invalid)"):
        st.metric("http://canary.invalid/x", "1")


def test_carelessness_is_found() -> None:
    found = faults(AppTest.from_function(_careless).run())
    assert {fault.partition(".")[0] for fault in found} == {"Alert", "Button", "Expandable", "Metric"}, found


@pytest.fixture(scope="module")
def world(runs: dict[str, Run], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A home of real runs of every kind whose genes, samples, groups, titles and messages are hostile."""
    root = tmp_path_factory.mktemp("world") / "home"
    shutil.copytree(runs["train"].folder.parent.parent, root)
    dataset, model = runs["train"].manifest.parents["dataset"], runs["train"].id
    about = anndata.read_h5ad(root / "datasets" / dataset / "data.h5ad")
    marked = runs["histones"].table("genes")
    genes = list(dict.fromkeys([*about.var_names, *marked["gene"]]))
    called = [
        f"![](http://{CANARY}/{i})" if i % 4 == 0 else f"{HOSTILE[i % len(HOSTILE)]} {i}"
        for i in range(len(genes))
    ]
    plain = [*set(about.obs["tissue"]), *marked["cell_type"].unique(), "CC BY 4.0"]
    titles = ("matrix.h5ad", "other.h5ad", "other.h5ad, prepared", "Simulated histone marks")
    names = dict(zip(genes, called, strict=True)) | dict(zip(plain, HOSTILE, strict=False))
    names |= dict.fromkeys(titles, HOSTILE[0]) | {"tissue": f":red[{CANARY}]"}
    names |= {name: f"{HOSTILE[i % len(HOSTILE)]} s{i}" for i, name in enumerate(about.obs_names)}
    renamed(root, {name: " ".join(hostile.split()) for name, hostile in names.items()})
    home = Workspace(root)
    message = f"Sample {HOSTILE[0]} and {HOSTILE[3]}."
    stopped(home, "import", {"path": "/x.csv", "title": HOSTILE[0]}, message)
    store_list(home, "plain name", [names[gene] for gene in genes[:5]], HOSTILE[0])
    return {"home": str(root), "dataset": dataset, "model": model, "gene": " ".join(called[1].split())}


def renamed(root: Path, names: dict[str, str]) -> None:
    """Give everything in a home that has one of these names the other one, wherever it stands."""

    def of(value: Any) -> Any:
        if isinstance(value, dict):
            return {of(name): of(item) for name, item in value.items()}
        if isinstance(value, list):
            return [of(item) for item in value]
        return names.get(value, value) if isinstance(value, str) else value

    for path in root.rglob("*.json"):
        path.write_text(json.dumps(of(json.loads(path.read_text()))))
    for path in root.rglob("*.parquet"):
        table = pd.read_parquet(path)
        for column in table.select_dtypes(["object", "category"]):
            table[column] = table[column].astype(object).map(of)
        table.to_parquet(path, index=False)
    for path in root.rglob("*.h5ad"):
        matrix = anndata.read_h5ad(path)
        matrix.obs_names, matrix.var_names = (
            list(map(of, axis)) for axis in (matrix.obs_names, matrix.var_names)
        )
        matrix.obs = matrix.obs.astype(object).map(of).rename(columns=names)
        matrix.uns = of(dict(matrix.uns))
        matrix.write_h5ad(path)


@pytest.mark.parametrize("place", sorted(PLACES))
def test_no_page_makes_more_of_a_name(
    place: str, world: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANDMARK_HOME", world["home"])
    app = AppTest.from_file(str(ROOT / PLACES[place]), default_timeout=90)
    app.query_params["dataset"] = world["dataset"]
    app.query_params["model"] = world["model"]
    for name in ("gene", "run", "cut", "size", "genes", "measure", "open", "cell_type"):
        app.query_params[name] = world["gene"] if name == "gene" else HOSTILE[0]
    app.run()
    assert not app.exception
    assert not faults(app)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Store a dataset of ordinary names."""
    home = Workspace(tmp_path_factory.mktemp("calm") / "home")
    home.root.mkdir()
    return {"home": str(home.root), "dataset": dataset(home).id}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_address_makes_more_of_a_name(
    name: str, calm: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANDMARK_HOME", calm["home"])
    for place, parameter in (("functions", "set"), ("runs", "run"), ("compare", "gene"), ("ranking", "gene")):
        app = AppTest.from_file(str(ROOT / PLACES[place]), default_timeout=90)
        app.query_params["dataset"] = calm["dataset"]
        app.query_params[parameter] = name
        app.run()
        assert not app.exception
        assert not faults(app)
