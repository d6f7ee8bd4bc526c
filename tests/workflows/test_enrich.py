"""The functions of a set, from what a user names to the stored answer."""

import subprocess
import sys

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom
from statsmodels.stats.multitest import multipletests

from landmark.errors import BadConfiguration, BadData, BadRun
from landmark.genesets.gmt import molecular_functions
from landmark.store.datasets import DatasetStore
from landmark.store.request import now, write_request
from landmark.store.runs import Manifest, RunWriter
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now

PLANTED = "calcium channel activity (GO:0005262)"


@pytest.fixture
def home(own_home):
    return Workspace(own_home)


def store(home, names, identifier="symbol"):
    """Store a matrix of twelve samples of the named genes."""
    matrix = anndata.AnnData(
        np.random.default_rng(0).normal(size=(12, len(names))).astype(np.float32),
        obs=pd.DataFrame({"split": ["test", "train"] * 6}, index=[f"s{i}" for i in range(12)]),
        var=pd.DataFrame(index=list(names)),
    )
    facts = {"history": [], "unit": "log2", "identifier": identifier, "source": "test", "title": "Test"}
    matrix.uns["landmark"] = facts
    return DatasetStore(home).add(matrix, now())


def publish(home, kind, parents, metrics, **tables):
    """Publish a run with given tables, as its workflow would."""
    draft = RunWriter(home, write_request(home, kind, {}))
    for name, table in tables.items():
        draft.table(name, table)
    about = {"id": draft.request.id, "kind": kind, "parents": parents, "metrics": metrics}
    return draft.publish(
        Manifest.parse(
            about | {"started": now(), "seconds": 1.0, "files": draft.files(), "configuration": {}}
        )
    )


def genes_of(data):
    return list(data.load().var_names)


def functions():
    return {term.name: term for term in molecular_functions()}


@pytest.fixture
def data(home):
    """Return a dataset that measures the genes of a planted term and 600 other annotated ones."""
    known = functions()
    others = {gene for term in known.values() for gene in term.genes} - set(known[PLANTED].genes)
    return store(home, [*known[PLANTED].genes, *sorted(others)[:600]])


def test_a_planted_term_comes_first_with_scipys_and_statsmodels_figures(home, data):
    planted = functions()[PLANTED].genes[::3][:30]
    run = execute_now(home, "enrich", {"dataset": data.id, "genes": "\n".join(planted)})
    table, found = run.table("enrichment"), run.manifest.metrics
    assert table["term"][0] == PLANTED
    assert found["best_term"] == PLANTED
    assert found["largest_overlap"] == 30
    assert found["dominates"]
    assert (found["genes"], found["background_genes"]) == (30, data.manifest.genes)
    measured = set(genes_of(data))
    tested = [set(term.genes) & measured for term in functions().values()]
    tested = [genes for genes in tested if 5 <= len(genes) <= 2000]
    assert found["tested"] == len(tested)
    p = [hypergeom.sf(len(genes & set(planted)) - 1, len(measured), len(genes), 30) for genes in tested]
    theirs = pd.DataFrame({"p": p, "q": multipletests(p, method="fdr_bh")[1]})
    theirs = theirs[[bool(genes & set(planted)) for genes in tested]].sort_values("p")
    assert table["p_value"].to_list() == pytest.approx(theirs["p"].to_list(), rel=1e-10, abs=0)
    assert table["p_adjusted"].to_list() == pytest.approx(sorted(theirs["q"]), rel=1e-10, abs=0)


def test_every_name_of_a_list_is_accounted_for(home, data):
    planted = functions()[PLANTED].genes
    text = f"{planted[0]}, {planted[1].lower()}; {planted[0]} notagene\nTP53"
    run = execute_now(home, "enrich", {"dataset": data.id, "genes": text})
    names = run.table("names")
    status = dict(zip(names["name"] + names["status"], names["status"], strict=True))
    assert sorted(status.values()) == ["named again", "not in the background", "unknown", "used", "used"]
    found = run.manifest.metrics
    assert [found[key] for key in ("named", "genes", "absent", "unknown", "duplicated")] == [4, 2, 1, 1, 1]


def test_all_annotated_genes_can_be_the_background(home, data):
    values = {"dataset": data.id, "genes": "TP53 BRCA1 MDM2 ATM", "background": "annotated"}
    found = execute_now(home, "enrich", values).manifest.metrics
    assert found["background_genes"] == len({gene for term in functions().values() for gene in term.genes})
    assert found["genes"] == 4


def test_a_random_set_of_annotated_genes_is_enriched_in_nothing(home):
    """Beside genes that no term names, any set of known genes looks enriched, unless the background is both."""
    known = sorted({gene for term in functions().values() for gene in term.genes})
    drawn = list(np.random.default_rng(0).choice(known, 600, replace=False))
    data = store(home, [*drawn, *[f"NOVEL{number}" for number in range(3000)]])
    asked = {"dataset": data.id, "genes": "\n".join([*drawn[:200], "NOVEL7"])}
    measured = execute_now(home, "enrich", asked | {"background": "measured"}).manifest.metrics
    both = execute_now(home, "enrich", asked).manifest.metrics
    assert measured["significant"] > 20
    assert both["significant"] == 0
    assert (both["background_genes"], both["genes"], both["absent"]) == (600, 200, 1)


def test_terms_of_ones_own_are_kept_with_the_run(home, data, tmp_path):
    first, second, *rest = genes_of(data)[:20]
    file = tmp_path / "mine.gmt"
    file.write_text("\t".join(["mine", "", first, second, *rest[:8]]) + "\n")
    run = execute_now(
        home, "enrich", {"dataset": data.id, "genes": f"{first} {second}", "gmt": str(file), "smallest": 2}
    )
    assert run.table("enrichment")["term"].to_list() == ["mine"]
    assert (run.folder / "terms.gmt").read_text() == file.read_text()
    assert run.manifest.metrics["source"] == "mine.gmt"


def test_the_set_of_a_ranking_has_the_ranking_as_parent(home, data):
    order = sorted(genes_of(data))
    ranking = publish(
        home,
        "rank",
        {"dataset": data.id},
        {"cut": 10},
        ranking=pd.DataFrame({"gene": order, "score": 1.0, "rank": range(1, len(order) + 1)}),
    )
    run = execute_now(home, "enrich", {"dataset": data.id, "set": f"{ranking.id}:25"})
    assert run.manifest.parents == {"dataset": data.id, "rank": ranking.id}
    assert run.manifest.metrics["set"] == "D25"
    assert run.table("names")["name"].to_list() == order[:25]


def test_the_genes_that_drive_a_cluster_are_a_set(home, data):
    genes = genes_of(data)
    drivers = pd.DataFrame({"cluster": [1] * 5 + [2] * 7, "gene": [*genes[:5], *genes[10:17]]})
    clusters = publish(home, "cluster", {"dataset": data.id}, {}, drivers=drivers)
    run = execute_now(home, "enrich", {"dataset": data.id, "set": f"{clusters.id}:2"})
    assert run.table("names")["name"].to_list() == genes[10:17]
    assert run.manifest.parents["cluster"] == clusters.id
    three = execute_now(home, "enrich", {"dataset": data.id, "set": f"{clusters.id}:2:3"})
    assert three.manifest.metrics["genes"] == 3
    with pytest.raises(BadRun, match=r"no driving genes of cluster 3\. Clusters with such genes: 1, 2"):
        execute_now(home, "enrich", {"dataset": data.id, "set": f"{clusters.id}:3"})


def test_probes_are_looked_up_by_their_symbols(home):
    data = store(home, ["1007_s_at", "1053_at", "117_at", "121_at", "201746_at"], "hgu133a_probe")
    values = {"dataset": data.id, "genes": "TP53 1053_at 201746_at"}
    with pytest.raises(BadData, match="No term has 5 to 2,000"):
        execute_now(home, "enrich", values)
    run = execute_now(home, "enrich", values | {"background": "annotated"})
    assert run.table("names")["gene"].to_list() == ["TP53", "RFC2", "TP53"]
    assert run.table("names")["status"].to_list() == ["used", "used", "named again"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"genes": "nothing here"}, "None of the 2 names of your list"),
        ({"set": "D490"}, "is no gene set"),
        ({"set": "L1000", "gmt": "/nowhere.gmt"}, "There is no file"),
        ({"set": "L1000", "genes": "TP53"}, "either a set or a list"),
        ({}, "either a set or a list"),
        ({"genes": "TP53", "smallest": 50, "largest": 20}, "smallest must not be above largest"),
        ({"set": "cluster-1:x"}, "for the genes of cluster 3"),
    ],
)
def test_what_cannot_be_looked_up_is_refused_in_a_sentence(home, data, values, message):
    with pytest.raises((BadData, BadConfiguration), match=message):
        execute_now(home, "enrich", {"dataset": data.id, **values})


def test_names_of_no_known_kind_need_terms_of_ones_own(home):
    data = store(home, [f"{i}_at" for i in range(90, 120)], "unknown")
    with pytest.raises(BadData, match=r"names of no known kind, such as 90_at.*Upload a GMT"):
        execute_now(home, "enrich", {"dataset": data.id, "genes": "90_at"})


def test_the_page_can_run_it_without_jax():
    words = "import sys; import landmark.analyses.functions.run; sys.exit('jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", words], timeout=120).returncode == 0
