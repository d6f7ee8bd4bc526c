"""Which gene set predicts all other genes better: verdict, scatter, densities, random sets, table."""

import pandas as pd
import streamlit as st

from landmark.analyses.choices import predictor_name
from landmark.analyses.compare import view_pair
from landmark.analyses.compare.results import PERCENTILE, TABLES, CompareResults
from landmark.analyses.compare.view_pair import Pair, against_chance, details, pair_of, verdict
from landmark.metrics.per_gene import FEWEST
from landmark.plots.comparison import comparison_densities, comparison_scatter, random_band
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.figure import once, show
from landmark.ui.gene_set_choice import choose_sets
from landmark.ui.genes import GENE, gene_link, gene_table, pick
from landmark.ui.page import PLACES, guarded
from landmark.ui.predictor_choice import MEASURES, choose_measure
from landmark.ui.result_page import ResultPage, dataset_needed, missing
from landmark.ui.run_form import NETWORKS, RunForm
from landmark.ui.state import parameter
from landmark.ui.tables import column_config, show_table
from landmark.wording import counted, escaped
from landmark.workflows.notes import no_significance

FORMULA = (
    "A predictor learns on training samples to predict each target gene from the genes of a set; per target, over "
    "held-out samples: MAE = mean |x - x'| in standard deviations of the gene, PCC = Pearson correlation, over all "
    "held-out samples or within each group of at least 5, averaged by their numbers of samples. Targets "
    "are the genes in none of the sets. A target is significant when fewer than 1 in 100 other genes correlate "
    "better with its prediction (Kong et al. 2021). The interval redraws the test samples 1,000 times "
    "(bootstrap), groups as wholes where the split keeps groups together; networks and chosen genes stay as they are. "
    "It alone decides which of two sets is called better. If nothing were learned, about 1 in 100 targets would still "
    "be called significant; with fewer than 100 targets none is."
)
_SUMMARY = ("set", "size", "targets", "mae", "pcc", "pcc_within", "significant", "kind")
SCATTER, DENSITIES = 560, 400
"""Widths in pixels: side by side on a wide page, one under the other on a narrow one."""


def _names_of(run: Run) -> list[str]:
    """Return the compared sets."""
    return list(CompareResults.read(run.manifest.metrics).sets)


def _kinds_of(run: Run) -> dict[str, str]:
    """Return the kind of each set, which decides its colour."""
    summary = resources.table(run.id, "summary")
    return dict(zip(summary["set"], summary["kind"], strict=True))


def _answer(run: Run) -> str:
    """Give the verdict, and where the sets stand among random sets."""
    pair, random = _chosen_pair(run, resources.table(run.id, "comparison")), resources.table(run.id, "random")
    if pair is None:
        name = _names_of(run)[0]
        found = CompareResults.read(run.manifest.metrics).sets[name]
        first = f"{escaped(name)} predicts the other genes with a mean correlation of {found.pcc:.3f}."
        return f"{first} {against_chance(random, [name])}"
    return f"{verdict(pair)} {against_chance(random, [pair.first, pair.second])}"


def _chosen_pair(run: Run, table: pd.DataFrame) -> Pair | None:
    """Return the pair that was chosen below, at first that of the run; None for a single set."""
    names = _names_of(run)
    if len(names) < 2:
        return None
    first, second = st.session_state.get(_pair_key(run)) or (None, None)
    if first not in names or second not in names or first == second:
        found = CompareResults.read(run.manifest.metrics)
        first, second = found.first or names[0], found.second or names[1]
    return _pair(str(resources.here().root), run.id, first, second, run, table)


@st.cache_resource(max_entries=64, show_spinner=False)
def _pair(root: str, run_id: str, first: str, second: str, _run: Run, _table: pd.DataFrame) -> Pair:
    return pair_of(_run, _table, first, second)


def _choose_pair(run: Run, pair: Pair) -> None:
    """Let two of more than two sets be chosen."""
    names = _names_of(run)
    if len(names) < 3:
        return
    pairs = [(a, b) for a in names for b in names if a != b]
    choosing.selectbox(
        "Pair",
        pairs,
        index=pairs.index((pair.first, pair.second)),
        format_func=lambda two: f"{two[0]} against {two[1]}",
        key=_pair_key(run),
        persist_state="session",
    )


def _pair_key(run: Run) -> str:
    return f"pair-{run.id}"


@st.fragment
def _explore(run: Run, table: pd.DataFrame, pair: Pair | None, unit: str) -> None:
    """Draw the figures of one measure and what is marked in them; another measure draws no more than these anew."""
    with guarded():
        measure = choose_measure("compare-measure", "mae")
        marked = _figures(run, table, pair, measure)
        view_pair.take_over(marked, run)
        if pair is not None:
            view_pair.marked_list(marked, run, pair)
        place = st.container()
        _genes(run, table)
        with place:
            view_pair.one_gene(run, table, _kinds_of(run), unit)
        _by_chance(run, measure)


def _figures(run: Run, table: pd.DataFrame, pair: Pair | None, measure: str) -> list[str]:
    """Draw gene by gene, set against set, beside it the densities; return the genes that are marked."""
    genes: list[str] = []
    with st.container(horizontal=True):
        if pair is not None:
            with st.container(width=SCATTER):
                figure = comparison_scatter(table, pair.first, pair.second, measure, _kinds_of(run))
                event = show(
                    figure,
                    f"scatter-{measure}-{pair.first}-{pair.second}-{run.id}",
                    table,
                    f"comparison_{measure}",
                    on_select=True,
                    selection=("points", "box", "lasso"),
                    alt=f"{MEASURES[measure]} of every target gene, {pair.first} against {pair.second}",
                )
                genes = view_pair.marked(event, table, pair, measure)
        with st.container(width=DENSITIES if pair else "stretch"):
            figure = once(
                lambda: comparison_densities(table, _names_of(run), measure, _kinds_of(run)),
                "densities",
                run.id,
                measure,
            )
            show(figure, f"densities-{measure}-{run.id}", table, f"densities_{measure}")
            if pair is not None:
                st.markdown(details(pair))
    return genes


def _by_chance(run: Run, measure: str) -> None:
    """Draw where the sets stand among random sets."""
    st.subheader("Among random sets")
    random = resources.table(run.id, "random")
    figure = random_band(random, resources.table(run.id, "summary"), measure)
    show(figure, f"random-{measure}-{run.id}", random, f"random_{measure}")
    if len(random):
        st.caption(
            "A random set holds some target genes itself and is asked for the others only, so a dot and a diamond "
            "are means over not quite the same genes. The shares in the answer above set like against like."
        )


def _sets_table(run: Run) -> None:
    """Show one row per set, the overlap, and how the number of targets comes about."""
    found = CompareResults.read(run.manifest.metrics)
    st.subheader("The sets")
    table = resources.table(run.id, "summary")
    beaten = {name: about.percentile for name, about in found.sets.items()}
    show_table(
        table.assign(percentile=table["set"].map(beaten)),
        column_config(TABLES["summary"].pick(*_SUMMARY, PERCENTILE)),
    )
    words = [*_within(found), f"Target genes: {found.arithmetic}."]
    if found.overlap is not None:
        words.insert(0, f"{found.first} and {found.second} share {found.overlap:,} genes.")
    words.append(
        "The paper names 9,163 common targets; its own figures give 10,463 - 943 - 943 + 129 = 8,706."
    )
    words.append(no_significance(run.manifest.split.get("test", FEWEST), int(table["targets"].max())))
    st.caption(escaped(" ".join(words)))
    if found.identical_genes:
        st.warning(_identical(found), icon=":material/content_copy:")


def _within(found: CompareResults) -> list[str]:
    """Say what the sets predict beyond differences between groups of samples, where that was measured."""
    known = [f"{name} {of.pcc_within:.3f}" for name, of in found.sets.items() if of.pcc_within is not None]
    if not known or not found.label_groups:
        return []
    groups = f"{counted(found.label_groups, 'group')} of {found.label}"
    samples = counted(found.label_samples or 0, "test sample")
    return [f"Mean correlation within {groups} ({samples}): {', '.join(known)}."]


def _identical(found: CompareResults) -> str:
    """Say what genes with the values of another one do to the comparison, and how it stands without them."""
    sets = [
        f"{escaped(name)} holds {about.held:,} of them and reaches, on the {about.targets:,} other targets, an "
        f"error of {about.mae:.4f} and a correlation of {about.pcc:.4f}"
        for name, about in found.without_identical.items()
    ]
    return (
        f"{counted(found.identical_genes, 'gene')} of this dataset have the values of another gene in every sample, "
        f"as fill values do: whoever measures one predicts all the others. {'; '.join(sets)}. "
        "*Prepare* makes a dataset without them."
    )


def _genes(run: Run, table: pd.DataFrame) -> None:
    """Show every target gene, with search; a picked row is shown sample by sample above."""
    names = [f"{what}_{name}" for name in _names_of(run) for what in ("mae", "pcc", "significant")]
    columns = column_config(TABLES["comparison"].pick("gene", *names))
    st.subheader("All target genes", anchor=False)
    picked = gene_table(table, f"compare-{run.id}", columns)
    pick(f"comparison table {run.id}", picked)
    gene_link(parameter(GENE) if parameter(GENE) in set(table["gene"]) else None, "compare")


def _describe(run: Run) -> str:
    """Say what distinguishes a comparison from another on the same dataset."""
    covariate = run.manifest.configuration.get("covariate", "")
    found = CompareResults.read(run.manifest.metrics)
    return f"{' / '.join(found.sets)}, {predictor_name(found.predictor, covariate)}"


def _results(run: Run) -> None:
    table = resources.table(run.id, "comparison")
    pair = _chosen_pair(run, table)
    if pair is not None:
        _choose_pair(run, pair)
    _explore(run, table, pair, resources.dataset_of(run).manifest.unit)
    _sets_table(run)
    for page, icon, label in (
        ("tournament", "trophy", "Is it so on other samples too? Let ways of choosing compete"),
        ("published", "menu_book", "And what do others report? See published figures"),
    ):
        if st.button(label, type="tertiary", icon=f":material/{icon}:"):
            st.switch_page(PLACES[page])


def _own_set(dataset: Dataset, run: Run | None) -> None:
    """Say where a set of one's own comes from, while there is no ranking."""
    if not resources.runs("rank", dataset=dataset.id):
        missing(
            "No ranking of this dataset yet",
            "L1000 and variable genes can be compared already; your own set comes from a ranking, or from a selection.",
            "ranking",
            "Rank the genes",
        )


def _form(dataset: Dataset, run: Run | None, busy: bool) -> None:
    FORM.draw(dataset, disabled=busy)


FORM = RunForm(
    kind="compare",
    rows=("sets", ("predictor", "random_sets")),
    more=("targets", "strict", "same_size", "label", "seed", "covariate", NETWORKS),
    labels={
        "random_sets": "Random sets (empty: 20, or 3 with a network)",
        "label": "Annotation to correlate within (empty: the one that tells most)",
    },
    widgets={"sets": lambda data, key, _: {"sets": choose_sets(data, f"{key}-{data.id}", sized=True)}},
    button="Compare",
    icon="balance",
)


PAGE = ResultPage(
    question="Does my gene set predict better than L1000?",
    kind="compare",
    needs=dataset_needed("Gene sets are compared by how well they predict all other genes of a dataset."),
    invitation="No sets have been compared on this dataset yet: choose them here.",
    answer=_answer,
    above=_own_set,
    sections=(_results,),
    shown="Comparison shown",
    describe=_describe,
    form=_form,
    formula=FORMULA,
)
