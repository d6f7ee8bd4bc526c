"""Complete profiles of new samples: the answer, how far it can be trusted, everything in detail, and the form."""

from typing import Any

import streamlit as st

from landmark.analyses.infer import view_details as details
from landmark.analyses.infer.figures import MEASURES, error_histogram
from landmark.analyses.infer.results import CARE, TABLES, TRUST, ProfilesResults
from landmark.analyses.infer.view_files import offer
from landmark.analyses.infer.view_form import FORM, SCALES, landmark_list, scale_table
from landmark.store.runs import Run
from landmark.ui import choosing, resources, state
from landmark.ui.figure import metric, once, show
from landmark.ui.genes import GENE, gene_table, pick
from landmark.ui.jobs import follow, start
from landmark.ui.page import guarded
from landmark.ui.result_page import PARAMETER, Need, ResultPage
from landmark.ui.state import parameter, set_parameter
from landmark.ui.tables import column_config
from landmark.wording import capital, counted, escaped, percent

_FORMULA = (
    "A predictor learns on training samples to predict all other genes from the landmark genes. Intervals are split "
    "conformal (Lei et al., JASA 113:1094, 2018): absolute errors of training samples that a fit had not seen are "
    "divided by their expected size, which follows from the distance to the nearest training samples and from the "
    "predicted value, and the quantile of the level is taken, gene by gene. They cover what they promise for samples "
    "of the kind that was learned from, and for no others."
)
BOUNDS = {"trust": TRUST, "with care": CARE}
"""Held-out correlations from which a gene has a grade."""

USUAL = 0.02
"""So many new samples may lie farther out than 99% of the held-out ones without saying anything."""

FIGURE, BESIDE = 570, 350
"""Widths in pixels: side by side on a wide page, one under the other on a narrow one."""


def _found(run: Run) -> ProfilesResults:
    return ProfilesResults.read(run.manifest.metrics)


def _answer(run: Run) -> str:
    """Say what was inferred, from what, and how much of it can be trusted."""
    found = _found(run)
    return (
        f"**{counted(found.genes_inferred, 'gene')}** inferred for **{counted(found.samples, 'sample')}** of "
        f"{escaped(found.title)} from **{found.landmarks_matched:,} of {counted(found.landmarks, 'landmark gene')}**; "
        f"**{found.genes_trusted:,}** of them can be trusted (held-out r of {TRUST} and more)."
    )


def _case(run: Run) -> None:
    """Say plainly which case the user is in, and what was done to the samples."""
    found = _found(run)
    text, icon, far = _near_or_far(found)
    (st.warning if far else st.info)(text, icon=icon)
    st.caption(" ".join(_circumstances(run, found)))


def _near_or_far(found: ProfilesResults) -> tuple[str, str, bool]:
    level = percent(found.level)
    if found.far_samples is None:
        return (
            "This predictor was kept without its training samples, so nothing is known of how near these "
            "samples are to "
            f"them. The {level} intervals hold for samples of the kind that was learned from.",
            ":material/help:",
            False,
        )
    own = f"{escaped(found.learned_from)}"
    if found.far_samples <= max(USUAL * found.samples, 1 if found.samples >= 20 else 0):
        some = f" {counted(found.far_samples, 'sample')} excepted," if found.far_samples else ""
        if found.samples == 1:
            return (
                f"**A sample like those learned from.** It lies among the training samples ({own}), so the {level} "
                f"intervals hold: about {level} of the true values lie within them.",
                ":material/check_circle:",
                False,
            )
        return (
            f"**Samples like those learned from.** They lie among the training samples ({own}),{some} so the {level} "
            f"intervals hold: about {level} of the true values lie within them.",
            ":material/check_circle:",
            False,
        )
    reached = ""
    if found.coverage is not None and found.truth_genes:
        reached = (
            f" Where the truth is known ({counted(found.truth_genes, 'gene')}), {percent(found.coverage)} of "
            "the values lie "
            f"in their {level} interval."
        )
    which = (
        "This sample lies"
        if found.samples == 1
        else f"{found.far_samples:,} of {found.samples:,} samples lie"
    )
    return (
        f"**Far from the training samples.** {which} farther from the training samples ({own}) than 99% of "
        "training samples "
        f"that were held out. For {'it' if found.samples == 1 else 'these'} the intervals promise nothing, and "
        "the grades "
        f"of genes are too kind: they were measured on samples like those learned from.{reached}",
        ":material/warning:",
        True,
    )


def _circumstances(run: Run, found: ProfilesResults) -> list[str]:
    """Say which scale was chosen and why, and what missing landmark genes cost."""
    scales = resources.table(run.id, "scales").set_index("scale")["distance"]
    parts = [f"Scale: values were taken {SCALES[found.scale]}"]
    if not found.scale_proposed:
        parts[0] += ", as you asked."
    elif found.scale == "none" and found.samples:
        parts[0] += ", as they then lie among the training samples."
    elif scales.get("none") == scales.get("none"):
        parts[0] += (
            f", which brings them nearer to the training samples ({scales[found.scale]:.2f} instead of "
        )
        parts[0] += f"{scales['none']:.2f} standard deviations)."
    else:
        parts[0] += ", as their unit is another than that of the training samples."
    if missing := found.landmarks - found.landmarks_matched:
        cost = ""
        if found.pcc_all_landmarks is not None and found.pcc_present_landmarks is not None:
            cost = f": mean held-out r {found.pcc_present_landmarks:.3f} instead of {found.pcc_all_landmarks:.3f}"
        parts.append(f"{counted(missing, 'landmark gene')} missing{cost}.")
    if found.learned_samples:
        parts.append(
            f"The predictor learned from {counted(found.learned_samples, 'sample')} of these: accuracy and "
            "coverage are "
            "of the others."
        )
    return parts


@st.fragment
def _errors(run: Run) -> None:
    """Draw the expected errors of all inferred genes, with the main figures beside them."""
    with guarded():
        found, table = _found(run), resources.table(run.id, "genes")
        gene = parameter(GENE)
        with st.container(horizontal=True):
            with st.container(width=FIGURE):
                measure = choosing.segmented_control(
                    "Expected error of a gene",
                    {"pcc": "Held-out r", "mae": "Held-out error"},
                    default="pcc",
                    required=True,
                    key="infer-measure",
                    help="Measured on training samples that a fit had not seen. r: correlation of inferred and "
                    "measured "
                    "values over samples, larger is better. Error: mean absolute difference in standard deviations of "
                    "the gene, smaller is better; 0.8 is what guessing the mean would give.",
                )
                figure = once(
                    lambda: error_histogram(table, measure, BOUNDS, gene),
                    "expected errors",
                    run.id,
                    measure,
                    gene,
                )
                show(
                    figure,
                    f"errors-{measure}-{run.id}",
                    table,
                    "genes",
                    alt=f"How the {MEASURES[measure].lower()} of the inferred genes is distributed, by grade",
                )
            with st.container(width=BESIDE):
                _numbers(found, table["grade"].value_counts().to_dict())
                offer(run)


def _numbers(found: ProfilesResults, grades: dict[str, int]) -> None:
    of_all = max(found.genes_inferred, 1)
    with st.container(horizontal=True, gap="small"):
        for grade, meaning in (
            (
                "trust",
                f"Held-out r of {TRUST} and more: the gene goes up and down as its inferred values do.",
            ),
            (
                "with care",
                f"Held-out r from {CARE} to {TRUST}: tendencies over many samples, no single values.",
            ),
            ("not", f"Held-out r below {CARE}: landmark genes say next to nothing of these genes."),
        ):
            count = grades.get(grade, 0)
            metric(capital(grade), f"{count:,}", percent(count / of_all), help=meaning)
    with st.container(horizontal=True, gap="small"):
        metric(
            "Mean held-out r",
            f"{found.pcc:.3f}",
            help="Mean over the inferred genes of the correlation between inferred and measured values, on training "
            "samples that a fit had not seen.",
        )
        metric(
            f"Width of {percent(found.level)} intervals",
            f"{found.median_width:.2f}",
            "standard deviations",
            help="Median over values. Intervals are split conformal: the errors on held-out training samples "
            "say, gene by "
            "gene, how wide an interval must be to hold this share of the true values."
            + (
                " They are wider for samples and values where predictions tend to fail."
                if found.normalised
                else ""
            ),
        )
    if found.coverage is not None and found.truth_genes is not None:
        with st.container(horizontal=True, gap="small"):
            metric(
                "Within their interval",
                percent(found.coverage),
                f"{percent(found.level)} promised",
                help=f"Of the measured values of {counted(found.truth_genes, 'gene')} that were inferred as well, in "
                f"{counted(found.truth_samples or 0, 'sample')} that the predictor did not learn from.",
            )
            if found.truth_pcc is not None:
                metric(
                    "r with measured",
                    f"{found.truth_pcc:.3f}",
                    help="Over samples, mean over these genes.",
                )


_GENES = column_config(
    TABLES["genes"].pick(
        "gene", "state", "grade", "pcc", "mae", "half_width", "coverage", "truth_pcc", "truth_mae"
    )
)


def _genes(run: Run) -> None:
    """Show every gene with its grade, with search; a gene that is ticked is the one shown."""
    table = resources.table(run.id, "genes")
    present = [
        grade for grade in ("trust", "with care", "not", "measured") if (table["grade"] == grade).any()
    ]
    kept = choosing.pills(
        "Grades", present, selection_mode="multi", default=present, key=f"infer-grades-{run.id}"
    )
    rows = table[table["grade"].isin(kept)].sort_values("pcc", ascending=False, kind="stable")
    if rows.empty:
        st.info("Choose a grade.")
        return
    pick("infer genes", gene_table(rows, f"infer-{run.id}", _GENES))


def _matching(run: Run) -> None:
    """List what became of landmark genes and of other names, and the scales."""
    landmark_list(resources.table(run.id, "landmarks"), run.id)
    st.subheader("Scales", anchor=False)
    scale_table(resources.table(run.id, "scales"))


def _details(run: Run) -> None:
    """Show one of the views of the result; what is not looked at is not read."""
    found = _found(run)
    views = {
        "One gene": details.one_gene,
        "One sample": details.one_sample,
        "Heat map": details.heat_map,
        **({"Against the truth": details.truth} if found.truth_genes and found.coverage is not None else {}),
        "All genes": _genes,
        "Landmark genes and scale": _matching,
    }
    tabs = st.tabs(list(views), key=f"infer-tabs-{run.id}", on_change="rerun")
    for tab, draw in zip(tabs, views.values(), strict=True):
        if tab.open:
            with tab, guarded():
                draw(run)


def _form(subject: Any, run: Run | None, busy: bool) -> None:
    """Ask for profiles; the run that was looked at gives way to the new one."""
    asked = FORM.ask(subject, disabled=busy, first=run is None)
    if asked is not None:
        set_parameter(PARAMETER, "")
        start(FORM.kind, asked)


def _subject() -> Any:
    """Return the dataset worked on; where there is none, a predictor that was brought in, or profiles to look at."""
    others = (*resources.kept(), *resources.runs("profiles"))
    return state.dataset() or next(iter(others), None)


PAGE = ResultPage(
    question="How are the unmeasured genes expressed?",
    kind="profiles",
    needs=Need(
        _subject,
        "There is no dataset yet.",
        "A predictor learns from a dataset in which all genes were measured; then it completes samples of "
        "which a panel "
        "was measured.",
        "import",
        "Bring a dataset in",
    ),
    invitation="Bring samples in which landmark genes were measured: all other genes are inferred, each value with an "
    "interval that says how far it can be trusted.",
    working="Profiles are being inferred.",
    answer=_answer,
    sections=(_case, _errors, _details),
    job=lambda subject: follow("profiles"),
    shown="Profiles shown",
    describe=lambda run: escaped(_found(run).title),
    headings=("", "Infer others"),
    form=_form,
    formula=_FORMULA,
)
