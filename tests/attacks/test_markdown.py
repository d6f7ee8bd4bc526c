"""Names from files, addresses and messages stay names on every page: no picture, no link, no formula of theirs."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from markdown_it import MarkdownIt
from streamlit.testing.v1 import AppTest

from landmark.store.lists import store_list
from landmark.store.workspace import Workspace
from landmark.ui.page import PLACES
from landmark.wording import escaped

sys.path.insert(0, str(Path(__file__).parents[1] / "pages"))
import builders
import epigenome_runs
import selections

from tests.pages import stored

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
        for name, text in _texts(MessageToDict(proto)):
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
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Store runs of every kind whose genes, samples, groups, titles and messages are hostile."""
    home = Workspace(tmp_path_factory.mktemp("world") / "home")
    home.root.mkdir()
    with pytest.MonkeyPatch.context() as patched:
        yield {"home": str(home.root), **_fill(home, patched)}


def _fill(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    genes = [f"{HOSTILE[i % len(HOSTILE)]} {i}" for i in range(40)]
    genes[:20] = [name if i % 4 else f"![](http://{CANARY}/{i})" for i, name in enumerate(genes[:20])]
    clean = [" ".join(gene.split()) for gene in genes]
    for module in (builders, stored, selections):
        if hasattr(module, "symbols"):
            monkeypatch.setattr(module, "symbols", lambda count: clean[:count])
    groups = tuple(HOSTILE[:3])
    for module in (builders, stored):
        monkeypatch.setattr(module, "TISSUES", groups)
    data = builders.dataset(home, title=HOSTILE[0])
    model = builders.train(home, data)
    ranking = builders.rank(home, data, model)
    fitted = builders.fit(home, data)
    builders.explain(home, data, fitted, targets=(clean[1], clean[2]))
    builders.compare(home, data, ranking)
    builders.cluster_in_full(home, data, model)
    selection = selections.select(home, data, model)
    selections.stability(home, data, selection)
    profiles = epigenome_runs.histones(home, title=HOSTILE[0])
    network = epigenome_runs.deepchrome(home, profiles)
    epigenome_runs.marks(home, network)
    builders.stopped(
        home, "import", {"path": "/x.csv", "title": HOSTILE[0]}, f"Sample {HOSTILE[0]} and {HOSTILE[3]}."
    )
    store_list(home, "plain name", clean[:5], HOSTILE[0])
    return {"dataset": data.id, "model": model.id, "gene": clean[1]}


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
    return {"home": str(home.root), "dataset": stored.dataset(home).id}


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
