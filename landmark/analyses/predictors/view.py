"""By which predictor samples are inferred best: answer, samples, recall, everything in numbers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from landmark.analyses.choices import predictor_name
from landmark.analyses.predictors.figures import Row, recall_bars, sample_strips
from landmark.analyses.predictors.results import TABLES, PredictorsResults
from landmark.metrics.predictors import GENE_MEANS
from landmark.results import Text, Truth
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.figure import show
from landmark.ui.genes import gene_link, gene_table
from landmark.ui.page import PLACES, guarded
from landmark.ui.predictor_choice import choose_covariate
from landmark.ui.result_page import ResultPage, dataset_needed
from landmark.ui.run_form import NETWORKS, Chosen, RunForm
from landmark.ui.tables import column_config, show_table
from landmark.wording import capital, counted, escaped


def _rows_of(run: Run) -> list[Row]:
    """Return the predictors of a run, the best first."""
    overall = resources.table(run.id, "overall")
    return [
        Row(name, _title(run, name), method)
        for name, method in zip(overall["name"], overall["predictor"], strict=True)
        if method
    ]


def _title(run: Run, name: str) -> str:
    """Name a predictor of a run for people, with a capital."""
    about = PredictorsResults.read(run.manifest.metrics).predictors.get(name)
    return capital(predictor_name(about.predictor, about.covariate)) if about else "Gene means alone"


def _predictor_in(run: Run, name: str) -> str:
    """Name a predictor of a run within a sentence."""
    about = PredictorsResults.read(run.manifest.metrics).predictors[name]
    return predictor_name(about.predictor, about.covariate)


PUBLISHED = (
    "Kim et al. (2025), on 3,176 GTEx samples with 970 landmark genes, report a correlation over the genes of a sample "
    "of 0.985, and of 0.861 for ranks of values freed from each gene's level; with 108 genes chosen greedily their "
    "graph network reaches 0.854, linear regression 0.766, nearest neighbours 0.804, a dense network 0.808. Other data "
    "and other units: no figure here is comparable one to one."
)
_BEST = "background-color: rgba(0, 158, 115, 0.22); font-weight: bold"
_COLUMNS = column_config(
    TABLES["overall"].pick(
        *("name", "pcc", "pcc_within", "mae", "sample_pcc", "sample_spearman", "sample_pcc_standardised"),
        *("sample_spearman_standardised", "sample_overall_error", "recalled_95", "recalled_99", "seconds"),
    )
)


def _overall(run: Run) -> None:
    """Show every predictor in one row, the best of each column marked, and the differences with intervals."""
    st.subheader("All predictors")
    table = resources.table(run.id, "overall")
    columns = [name for name in _COLUMNS if name in table]
    shown = table.assign(name=[_title(run, name) for name in table["name"]])[columns]
    lower = ["mae", "sample_overall_error"]
    higher = [name for name in columns if name not in ("name", "seconds", *lower)]
    style = shown.style.highlight_max(subset=higher, props=_BEST).highlight_min(subset=lower, props=_BEST)
    show_table(style, _COLUMNS)
    label = PredictorsResults.read(run.manifest.metrics).within_label
    within = f" Within groups: of {escaped(label)}." if label else ""
    st.caption(f"Marked: the best of each column.{within} {PUBLISHED}")
    if len(pairs := resources.table(run.id, "pairs")):
        _pairs(run, pairs)


_PAIRS = (
    Text("pair", "The two predictors.", "", "First less second"),
    "measure",
    "difference",
    Text("interval", "When the held-out samples are drawn again 1,000 times.", "", "95% interval"),
    Truth("clear", "Whether the interval does not hold 0."),
    "won",
)


def _pairs(run: Run, pairs: pd.DataFrame) -> None:
    names = {
        "pcc": "Correlation per gene",
        "mae": "Error per gene",
        "spearman": "Rank correlation per sample",
        "spearman_standardised": "The same, beyond gene means",
    }
    shown = pd.DataFrame(
        {
            "pair": [
                f"{_title(run, first)} less {_predictor_in(run, second)}"
                for first, second in zip(pairs["first"], pairs["second"], strict=True)
            ],
            "measure": pairs["measure"].map(names),
            "difference": pairs["difference"],
            "interval": [
                f"{low:+.4f} to {high:+.4f}" for low, high in zip(pairs["low"], pairs["high"], strict=True)
            ],
            "clear": (pairs["low"] > 0) | (pairs["high"] < 0),
            "won": pairs["won"],
        }
    )
    with st.expander("Differences, each with its interval", icon=":material/compare_arrows:"):
        columns = column_config(TABLES["pairs"].pick(*_PAIRS), widths={"pair": "large"})
        show_table(shown, columns)


def _genes(run: Run) -> None:
    """Show every target gene under each predictor, with search."""
    table = resources.table(run.id, "genes")
    wide = table.pivot(index="gene", columns="name", values=["pcc", "R"])
    names = [row.name for row in _rows_of(run)]
    flat = pd.DataFrame({f"{value} {name}": wide[value, name] for name in names for value in ("pcc", "R")})
    columns = column_config(
        TABLES["genes"].pick(
            "gene",
            *(
                replace(value, name=f"{value.name} {name}", heading=f"{value.title}, {_title(run, name)}")
                for name in names
                for value in map(TABLES["genes"].column, ("pcc", "R"))
            ),
        )
    )
    st.subheader("All target genes")
    order = flat[f"pcc {names[0]}"].sort_values(ascending=False).index
    picked = gene_table(flat.loc[order].reset_index(), f"predictors-{run.id}", columns)
    gene_link(picked, "predictors")


FORMULA = (
    "Each predictor learns on training samples to predict all other genes from the landmark genes. Per held-out "
    "sample, over its target genes: Pearson and Spearman correlation, mean |x - x'|, overall error |x - x'|₂, in "
    "the unit of the data and of values standardised by the training samples. Recall (Subramanian et al., Cell "
    "2017): R of a gene is the share of a null distribution below its Spearman correlation over held-out samples; "
    "as in Kim et al. (Brief. Bioinform. 26(3) bbaf273, 2025) the null distribution holds the correlations of every"
    " measured gene with the prediction of every other gene, or, on choice, those with shuffled samples (seeded). "
    "The annotation is one column per group of the training samples, 1 or 0, standardised. Intervals redraw the "
    "test samples 1,000 times, groups as wholes where the split keeps groups together. Networks learn from nine "
    "tenths of the training samples and judge their epochs by the rest; the other predictors "
    "learn from all. The paper's predictor is D-GEX; the graph network is made after Kim et al. and differs from "
    "theirs as docs/settings.md says."
)
MEASURES = {"spearman": "Spearman", "pcc": "Pearson", "mae": "Error (MAE)", "overall_error": "Overall error"}
STRIPS = 480
"""Width in pixels: two side by side on a wide page, one under the other on a narrow one."""

FEW = 108
"""Landmark genes that Kim et al. get along with."""


def _answer(run: Run) -> str:
    """Name the best predictor, how far it is ahead, and what the means of genes would reach."""
    found = PredictorsResults.read(run.manifest.metrics)
    best = found.predictors[found.best]
    means = resources.table(run.id, "overall").set_index("name").loc[GENE_MEANS]
    ahead = _ahead(run)
    return (
        f"From {counted(found.size, 'gene')} of {escaped(found.set)}, **{escaped(_title(run, found.best))}** "
        f"infers the {found.targets:,} other genes best: mean correlation per gene **{best.pcc:.3f}**{ahead}. "
        f"Within a held-out sample, genes rank as measured with a correlation of {best.sample_spearman:.3f} (gene "
        f"means alone, the same for every sample: {means['sample_spearman']:.3f}); beyond the gene means, of "
        f"**{best.sample_spearman_standardised:.3f}**."
    )


def _ahead(run: Run) -> str:
    pairs = resources.table(run.id, "pairs")
    overall = resources.table(run.id, "overall")
    if len(overall) < 3:
        return ""
    first, second = overall["name"].iloc[:2]
    own = pairs[(pairs["first"] == first) & (pairs["second"] == second) & (pairs["measure"] == "pcc")].iloc[0]
    clear = "" if own["low"] > 0 else ", no clear difference"
    return f" against {overall['pcc'].iloc[1]:.3f} of {escaped(_predictor_in(run, second))}{clear}"


@st.fragment
def _explore(run: Run, data: Dataset) -> None:
    """Draw the samples in one measure: as measured, and without the means of the genes."""
    with guarded():
        label = PredictorsResults.read(run.manifest.metrics).label
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            measure = str(
                choosing.segmented_control(
                    "Measure",
                    MEASURES,
                    default="spearman",
                    required=True,
                    key=f"predictors-measure-{run.id}",
                    help="Over the target genes of each held-out sample. Spearman: correlation of ranks; Pearson: of "
                    "values. Overall error: the Euclidean distance between "
                    "measured and inferred values, as in Kim et al.",
                )
            )
            by_group = bool(label) and st.toggle(
                f"Colour samples by {escaped(label)}", key=f"predictors-colour-{run.id}"
            )
        _samples(run, data, measure, by_group)


def _samples(run: Run, data: Dataset, measure: str, by_group: bool) -> None:
    samples = resources.table(run.id, "samples")
    rows = [*_rows_of(run), Row(GENE_MEANS, _title(run, GENE_MEANS), "")]
    panels = {"As measured": False}
    if measure != "overall_error":
        panels["Beyond the gene means"] = True
    with st.container(horizontal=True):
        for heading, standardised in panels.items():
            with st.container(width=STRIPS if len(panels) > 1 else "stretch"):
                st.subheader(heading, anchor=False)
                figure = sample_strips(
                    samples,
                    rows,
                    measure,
                    standardised=standardised,
                    unit=data.manifest.unit,
                    by_group=by_group,
                )
                show(
                    figure,
                    f"samples-{measure}-{'standardised' if standardised else 'own'}-{run.id}",
                    samples,
                    f"samples_{measure}",
                    alt=f"{MEASURES[measure]} of every held-out sample by predictor, {heading.lower()}",
                )
    st.caption(
        "Each dot is a held-out sample; circle: median (its value beside the name), bar: the middle half. Some genes "
        "are high in every sample and others low, so even the mean of each gene in the training samples, the same for "
        "everyone, correlates highly. Beyond the gene means, values are standardised per gene by the training samples: "
        "the means alone reach 0 there."
    )
    found = PredictorsResults.read(run.manifest.metrics)
    if identical := found.identical_genes:
        st.caption(
            f"{counted(identical, 'gene')} of this dataset have the same values as another gene in every sample, as "
            "fill values do. A predictor that is given one of them knows all the others."
        )
    if unknown := found.covariate_unknown:
        st.caption(
            f"{counted(unknown, 'held-out sample')} without a {escaped(found.label)} that a training "
            "sample has: to predictors that are given it, such a sample is an average one."
        )


def _recalled(run: Run) -> None:
    """Draw which share of the genes each predictor infers better than chance."""
    st.subheader("Genes inferred better than chance")
    table = resources.table(run.id, "recall")
    show(recall_bars(table, _rows_of(run)), f"recall-{run.id}", table, "recall")
    null = {
        "other genes": "Chance: the prediction of a gene against the measured values of all other genes. Genes that "
        "are regulated together make that hard to exceed.",
        "permuted samples": "Chance: the prediction of a gene against its own values after the samples were shuffled.",
    }[run.manifest.configuration["null"]]
    st.caption(f"R: the share of what chance gives that a gene's own rank correlation exceeds. {null}")


def _fewer_genes() -> None:
    """Lead on to the pages that answer with fewer genes."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("With fewer landmark genes:", width="content")
        for page, text, icon in (
            ("size", "Accuracy by number of genes", "straighten"),
            ("selection", f"Choose {FEW} genes greedily", "checklist"),
        ):
            if st.button(text, key=f"predictors-to-{page}", icon=f":material/{icon}:"):
                st.switch_page(PLACES[page])


def _describe(run: Run) -> str:
    """Say what distinguishes a request from another on the same dataset."""
    found = PredictorsResults.read(run.manifest.metrics)
    names: Sequence[str] = [_predictor_in(run, name) for name in found.predictors]
    return f"{' / '.join(names)} on {found.set} ({found.size:,} genes)"


def _covariate(data: Dataset, key: str, chosen: Chosen) -> dict[str, Any]:
    covariate = choose_covariate(data, key)
    if covariate:
        st.caption("Each predictor is fitted with it and without it.")
    return {"covariate": covariate}


FORM = RunForm(
    kind="infer",
    rows=((("set", "size"), ("predictors", "covariate")),),
    more=("null", "seed", NETWORKS),
    labels={"size": "Number of genes (empty: all of the set)", "null": "Chance, for recall"},
    widgets={"covariate": _covariate},
    button="Infer the held-out samples",
    icon="query_stats",
)


PAGE = ResultPage(
    question="How well can a whole sample be inferred, and by which method?",
    kind="infer",
    needs=dataset_needed(
        "From a few landmark genes of a sample, all its other genes are inferred by several predictors."
    ),
    invitation="Not computed yet on this dataset. Linear regression and nearest neighbours take seconds, SampleLASSO "
    "seconds to minutes, networks minutes to hours.",
    answer=_answer,
    sections=(
        lambda run: _explore(run, resources.dataset_of(run)),
        _recalled,
        _overall,
        lambda run: _fewer_genes(),
        _genes,
    ),
    shown="Predictors shown",
    describe=_describe,
    form=lambda data, run, busy: FORM.draw(data, disabled=busy),
    formula=FORMULA,
)
