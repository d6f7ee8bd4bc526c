"""Which way of choosing genes is best: curves, standing, and what each costs."""

from itertools import combinations

import pandas as pd
import streamlit as st

from landmark.analyses.benchmark.config import BenchmarkConfiguration
from landmark.analyses.benchmark.figures import STYLES, benchmark_curves, cost_strips, style_of
from landmark.analyses.benchmark.results import BenchmarkResults
from landmark.analyses.benchmark.store import FoldStore
from landmark.analyses.benchmark.view_form import form
from landmark.analyses.choices import NEED_MODELS, PREDICTORS
from landmark.metrics.cross_validation import standing
from landmark.results import Text
from landmark.store.activity import Activity
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.figure import show
from landmark.ui.page import guarded
from landmark.ui.predictor_choice import MEASURES
from landmark.ui.result_page import ResultPage, dataset_needed
from landmark.ui.state import parameter, set_parameter
from landmark.ui.tables import column_config, show_table
from landmark.wording import capital, counted, escaped, p_number, p_value, percent


def so_far(item: Activity) -> None:
    """Show the error of every strategy over the folds that are finished, the best first."""
    store = FoldStore(item.folder)
    count = store.count()
    if not count:
        return
    wanted = BenchmarkConfiguration.parse(item.request.configuration)
    table = _standing_so_far(store, item.id, count, 1 / (wanted.folds - 1))
    size, predictor = table["size"].max(), wanted.predictors[0]
    rows = _errors(table, size, predictor)
    st.markdown(
        f"After {counted(count, 'fold')}, {size:,} genes, {PREDICTORS[predictor]}: mean error (MAE) of the "
        "genes in no set"
    )
    with st.container(horizontal=True, gap="medium"):
        for _, row in rows.iterrows():
            st.metric(style_of(row["strategy"]).name, f"{row['mean']:.4f}", width="content")


@st.cache_data(max_entries=8, show_spinner=False)
def _standing_so_far(_store: FoldStore, run_id: str, count: int, test_to_train: float) -> pd.DataFrame:
    """Read finished folds again only when there is one more."""
    return standing(_store.table("results"), _store.table("duels"), test_to_train)


FORMULA = (
    "Nested cross-validation: all samples are divided into folds. For each fold, the scaling of genes, the "
    "autoencoders, the chosen genes and the settings of the predictors (penalty, number of neighbours) come from the "
    "other folds alone; then the genes outside the sets of all sizes are predicted in the fold. MAE in standard "
    "deviations of the gene, PCC: Pearson correlation over the samples of the fold, both averaged over genes. L1000 "
    "at a smaller size: its first genes as published. Intervals and p-values: t-test over folds and seeds, its "
    "variance corrected to (1/J + test/train) s² because folds share training samples (Nadeau and Bengio, Machine "
    "Learning 52:239, 2003); p-values and the intervals of differences are corrected for several strategies by Holm’s"
    " method. The best way is picked on the folds that also judge it, which flatters its mean a little. With whole "
    "groups in a fold, folds differ in size and test/train is taken as 1/(folds - 1). Networks learn from nine tenths"
    " of the training samples and judge their epochs by the rest; the other predictors learn from "
    "all. What was done to the whole dataset before, such as normalisation at import, has seen all samples."
)

SCOPES = {"common": "Genes in no set", "genome": "All genes", "distinct": "Genes in no set, no copies"}
OPPONENTS = {"value": "Accuracy", "L1000": "Difference to L1000", "random": "Difference to random"}

CERTAIN = 0.05
"""p-value below which a difference is not put down to luck."""


def _groups(run: Run) -> str:
    """Return the annotation whose groups are never divided; empty for none."""
    return _found(run).groups or str(run.manifest.configuration["groups"])


def _answer(run: Run) -> str:
    """Say what won and by how much, or that nothing did."""
    found = _found(run)
    samples = f"On {counted(found.samples, 'sample')}, each judged by choices made without it"
    if groups := _groups(run):
        samples += f" and all others of its {escaped(groups)}"
    ranked = _ranking(run, found.predictor)
    best, size = ranked.iloc[0], found.size
    predictor = PREDICTORS[found.predictor]
    if best["strategy"] == "random":
        sentence = (
            f"{samples}, **no way of choosing beats random sets**: {size:,} random genes predict the others with an "
            f"error of {best['mean']:.4f} ({predictor})"
        )
    elif best["strategy"] == "L1000":
        second = ranked.iloc[1]
        sentence = (
            f"{samples}, **L1000 is best**: its {size:,} genes predict the others with an error of {best['mean']:.4f} "
            f"({predictor}); next comes {_name(second)} with {second['mean']:.4f}"
        )
    else:
        sentence = (
            f"{samples}, **{_name(best)}** is best: its {size:,} genes predict the others with an error of "
            f"{best['mean']:.4f} ({predictor}), {_against(best, ranked)}"
        )
    return ". ".join([sentence, *_others(run)]) + "."


def _found(run: Run) -> BenchmarkResults:
    return BenchmarkResults.read(run.manifest.metrics)


def _ranking(run: Run, predictor: str) -> pd.DataFrame:
    return _errors(resources.table(run.id, "standing"), _found(run).size, predictor)


def _errors(standing: pd.DataFrame, size: int, predictor: str) -> pd.DataFrame:
    """Return the strategies at one size, by their errors on genes in no set, the one with the least error first."""
    return standing[
        (standing["size"] == size)
        & (standing["predictor"] == predictor)
        & (standing["scope"] == "common")
        & (standing["measure"] == "mae")
    ]


def _name(row: pd.Series) -> str:
    """Name a strategy in the middle of a sentence; L1000 stays as it is."""
    name = style_of(row["strategy"]).name
    if name.startswith("DeepLIFT"):
        return f"the {name}"
    return name if name[1:2].isdecimal() else f"{name[:1].lower()}{name[1:]}"


def _against(best: pd.Series, ranked: pd.DataFrame) -> str:
    """Set the winner against L1000 and against chance, each with its uncertainty."""
    parts = []
    for opponent, name in (("L1000", "L1000"), ("random", "random sets")):
        theirs = ranked.loc[ranked["strategy"] == opponent, "mean"]
        difference, p = best[f"difference_{opponent}"], best[f"p_{opponent}"]
        if theirs.empty or pd.isna(difference):
            continue
        # On the same genes: a random set is not asked for its own, so its mean stands on a few genes fewer.
        lower = 100 * -difference / (best["mean"] - difference)
        side = f"{abs(lower):.1f}% {'below' if lower >= 0 else 'above'} {name}"
        if pd.isna(p):
            parts.append(f"**{side}**")
            continue
        interval = f"{best[f'low_{opponent}']:+.4f} to {best[f'high_{opponent}']:+.4f}"
        luck = "" if p < CERTAIN else ", which may be luck"
        parts.append(
            f"**{side}** (difference {difference:+.4f}, 95% interval {interval}, "
            f"{p_value(p)}, both for all ways compared{luck})"
        )
    return " and ".join(parts) or "with nothing to compare it with"


def _others(run: Run) -> list[str]:
    """Name the winner with the other predictors."""
    found, said = _found(run), []
    for predictor in found.predictors:
        if predictor != found.predictor:
            first = _ranking(run, predictor).iloc[0]
            said.append(f"With {PREDICTORS[predictor]}, {_name(first)} is best ({first['mean']:.4f})")
    return said


@st.fragment
def _explore(run: Run) -> None:
    """Draw accuracy by size and the standing at one size; other choices draw no more than these anew."""
    with guarded():
        standing = resources.table(run.id, "standing")
        with st.container(horizontal=True, gap="medium"):
            predictors = list(_found(run).predictors)
            predictor = _choice(run, "Predictor", "predictor", predictors, PREDICTORS)
            measure = _choice(run, "Measure", "measure", list(MEASURES), MEASURES)
            there = set(standing["scope"])
            scope = _choice(run, "Over which genes", "scope", [s for s in SCOPES if s in there], SCOPES)
            duels = {"value", *resources.table(run.id, "duels")["against"]}
            against = _choice(run, "Shown as", "against", [o for o in OPPONENTS if o in duels], OPPONENTS)
        table = standing[(standing["predictor"] == predictor) & (standing["scope"] == scope)]
        opponent = "" if against == "value" else against
        figure = benchmark_curves(table, measure, opponent)
        key = f"tournament-{predictor}-{measure}-{scope}-{against}-{run.id}"
        shown = table[table["measure"] == measure]
        alt = f"{MEASURES[measure]} of every way of choosing genes, by number of genes"
        show(figure, key, shown, f"tournament_{predictor}_{measure}_{scope}", alt=alt)
        _caption(run, scope)
        _standing(run, shown)


def _choice(run: Run, label: str, name: str, options: list[str], words: dict[str, str]) -> str:
    asked = parameter(name)
    chosen = choosing.segmented_control(
        label,
        options,
        default=asked if asked in options else options[0],
        required=True,
        format_func=lambda option: capital(words.get(str(option), str(option))),
        key=f"tournament-{name}-{run.id}",
    )
    set_parameter(name, str(chosen) if chosen != options[0] or asked else "")
    return str(chosen)


def _caption(run: Run, scope: str) -> None:
    found, results = _found(run), resources.table(run.id, "results")
    judged = results[(results["size"] == found.size) & (results["strategy"] != "random")]
    targets = judged[f"targets_{scope}"].mean()
    about = {
        "common": "genes in none of the sets of a fold, of whatever size, the same for all of them; a random set is "
        "asked for those of them that it does not hold, and whoever is compared with it too",
        "distinct": "the same without genes that carry the values of another gene in every sample, as fill values do",
        "genome": "all genes; those of a set are measured, so they count as known without error",
    }[scope]
    st.caption(
        f"Bars: 95% intervals over {counted(found.folds * found.seeds, 'fold')}, corrected for the training "
        f"samples that folds share. Targets: {about}; {targets:,.0f} genes on average. Intervals "
        "of differences are the ones to look at: what makes a fold easy or hard is the same for all sets in it. "
        + (
            "All sizes are asked for the same genes, so a line shows what more genes bring."
            if scope != "genome"
            else "Of larger sets more genes count as known."
        )
    )


_DIFFERENCE = "On the same genes, with its 95% interval, widened for several strategies as p is."
_HOLM = "corrected for several strategies by Holm's method"
_STANDING = column_config(
    (
        Text("strategy", "Whose genes are measured.", "", "Way of choosing"),
        Text("mean", "Over folds and seeds.", "", "Mean (95% interval)"),
        Text("L1000", _DIFFERENCE, "", "Difference to L1000"),
        Text("p_L1000", f"Of no difference to L1000, {_HOLM}.", "", "p"),
        Text("won_L1000", "Share of the targets that it predicts better than L1000.", "", "Genes better"),
        Text("random", _DIFFERENCE, "", "Difference to random"),
        Text("p_random", f"Of no difference to random sets, {_HOLM}.", "", "p (random)"),
        Text("again", "Share of its genes that two folds have in common.", "", "Same genes"),
    )
)


def _standing(run: Run, shown: pd.DataFrame) -> None:
    """Show the standing at one size as a table."""
    sizes = sorted(shown["size"].unique().tolist())
    st.subheader("Where they stand", anchor=False)
    size = sizes[0]
    if len(sizes) > 1:
        first = _found(run).size
        size = choosing.pills(
            "Genes measured",
            sizes,
            default=first if first in sizes else sizes[-1],
            required=True,
            format_func=lambda count: f"{count:,}",
            key=f"tournament-size-{run.id}",
        )
    rows = shown[shown["size"] == size]
    again = chosen_again(resources.table(run.id, "chosen"), int(size))
    show_table(
        pd.DataFrame([_row(row, again) for _, row in rows.iterrows()]),
        _STANDING,
        height="content",
        alt="Mean accuracy of every way of choosing genes, and its difference to L1000 and to random sets",
    )


def _row(row: pd.Series, again: dict[str, float]) -> dict[str, object]:
    found: dict[str, object] = {
        "strategy": style_of(row["strategy"]).name,
        "mean": _with_interval(row["mean"], row["low"], row["high"]),
    }
    for opponent in ("L1000", "random"):
        found[opponent] = _with_interval(
            row[f"difference_{opponent}"], row[f"low_{opponent}"], row[f"high_{opponent}"], "+"
        )
        p = row[f"p_{opponent}"]
        found[f"p_{opponent}"] = "" if pd.isna(p) else p_number(p)
        if opponent == "L1000":
            found["won_L1000"] = "" if pd.isna(won := row["won_L1000"]) else percent(won)
    return found | {"again": percent(again[name]) if (name := row["strategy"]) in again else ""}


def _with_interval(value: float, low: float, high: float, sign: str = "") -> str:
    """Write a figure with its interval; nothing where there is none."""
    if pd.isna(value):
        return ""
    return (
        f"{value:{sign}.4f}" if pd.isna(low) else f"{value:{sign}.4f} ({low:{sign}.4f} to {high:{sign}.4f})"
    )


def chosen_again(chosen: pd.DataFrame, size: int) -> dict[str, float]:
    """Return for each strategy the share of genes that two folds have in common, averaged over all pairs."""
    of_size = chosen[(chosen["rank"] <= size) & (chosen["size"] >= size) & (chosen["draw"] == 0)]
    # A strategy that chooses anew for each size has sets of several sizes: only the one asked for counts.
    smallest = of_size.groupby("strategy")["size"].transform("min")
    shares = {}
    for strategy, part in of_size[of_size["size"] == smallest].groupby("strategy"):
        sets = [set(genes) for _, genes in part.groupby(["seed", "fold"])["gene"]]
        overlaps = [len(a & b) / size for a, b in combinations(sets, 2)]
        if overlaps:
            shares[str(strategy)] = sum(overlaps) / len(overlaps)
    return shares


def _costs(run: Run) -> None:
    """Show what choosing takes, the median over folds, at the largest size."""
    table = resources.table(run.id, "costs")
    largest = table.groupby("strategy")["size"].transform("max")
    # A figure of memory may be too low, where freed memory is used again, but hardly too high.
    of_largest = table[table["size"] == largest].groupby("strategy", as_index=False)
    middle = of_largest.agg(seconds=("seconds", "median"), memory=("memory", "max"))
    st.subheader("What it costs to choose", anchor=False)
    show(
        cost_strips(middle, [name for name in STYLES if name in NEED_MODELS]),
        f"tournament-costs-{run.id}",
        middle,
        "tournament_costs",
        alt="Seconds and memory that every way of choosing genes takes",
    )
    models = run.manifest.configuration["models"]
    trained = (
        f" Open marks add the training of {counted(models, 'autoencoder')} of the fold, which the ranking, "
        "reconstruction and blend share; its memory, where larger, stands for both."
        if "models" in set(middle["strategy"])
        else ""
    )
    st.caption(
        f"Time: median over folds, on {run.manifest.device}, for {int(table['size'].max()):,} genes. Memory: the most "
        f"that the program took in a fold beyond what it held before, the data among it.{trained}"
    )


def _describe(run: Run) -> str:
    """Say what distinguishes a benchmark from another on the same dataset."""
    found, groups = _found(run), _groups(run)
    over = f", {groups} held out" if groups else ""
    return (
        f"{len(found.strategies)} ways, {', '.join(f'{size:,}' for size in found.sizes)} genes, "
        f"{counted(found.folds * found.seeds, 'fold')}{over}"
    )


PAGE = ResultPage(
    question="Which way of choosing is best?",
    kind="tournament",
    needs=dataset_needed(
        "Ways of choosing genes compete: each chooses on some samples of a dataset and is judged on the others."
    ),
    invitation="Not known yet on this dataset. Let the paper’s ranking, the greedy choices, L1000 and chance compete "
    "here, on samples that none of them has seen.",
    working="It is being found out: fold after fold, every strategy chooses genes, and predicts samples it has not "
    "seen.",
    answer=_answer,
    sections=(_explore, _costs),
    live=so_far,
    shown="Benchmark shown",
    describe=_describe,
    form=form,
    formula=FORMULA,
)
