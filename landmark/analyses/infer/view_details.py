"""Complete profiles looked into: a gene, a sample beside its nearest training samples, a set of genes, the truth."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st
from anndata import AnnData

from landmark.analyses.infer.figures import (
    INFERRED,
    against_nearest,
    coverage_density,
    gene_intervals,
    profile_heat,
    sample_distances,
)
from landmark.analyses.infer.results import GRADES, HELD_OUT, TABLES, ProfilesResults
from landmark.data.gene_index import index_of
from landmark.data.history import fact
from landmark.data.steps.stream import evenly_spaced
from landmark.genesets.text import triage
from landmark.plots.samples import predicted_against_measured
from landmark.store.datasets import Dataset
from landmark.store.profiles import Profiles
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.figure import once, show
from landmark.ui.gene_set_choice import choose_set
from landmark.ui.gene_sets import made
from landmark.ui.genes import GENE, names_field
from landmark.ui.state import parameter, set_parameter
from landmark.ui.tables import column_config, pick_row
from landmark.wording import counted, escaped, gene, listed, percent

MOST_SAMPLES = 3000
"""Samples drawn of one gene, evenly spaced in their order, where there are more."""

HEAT_SAMPLES, HEAT_GENES = 300, 45
"""What can be told apart in a heat map."""

MOST_GROUPS = 40

_FIGURE, _BESIDE, _HALF = 570, 350, 460
"""Widths in pixels: side by side on a wide page, one under the other on a narrow one."""


def _found(run: Run) -> ProfilesResults:
    return ProfilesResults.read(run.manifest.metrics)


@st.cache_resource(max_entries=8, show_spinner=False)
def _about(root: str, run_id: str, _run: Run) -> AnnData:
    return Profiles.of(_run).about()


def about_of(run: Run) -> AnnData:
    """Return samples and genes of profiles with what is known of them, not to be changed."""
    found: AnnData = _about(str(resources.here().root), run.id, run)
    return found


def _unit(run: Run) -> str:
    return fact(about_of(run), "unit") or "expression units"


@st.cache_data(max_entries=64, show_spinner="Reading the gene")
def _gene_values(root: str, run_id: str, name: str, _run: Run) -> pd.DataFrame:
    return Profiles.of(_run).gene(name)


def one_gene(run: Run) -> None:
    """Draw one gene over all samples with its intervals, and against its measured values where there are any."""
    table = resources.table(run.id, "genes").set_index("gene")
    name = _asked(table)
    with st.container(horizontal=True):
        with st.container(width=_FIGURE):
            figure = st.container()
        with st.container(width=_BESIDE):
            _choose(run, table, name)
            st.markdown(_standing(table, name, _found(run)))
            order = _choose_order(run)
    values = _gene_values(str(resources.here().root), run.id, name, run)
    shown = _ordered(run, values, order)
    with figure:
        unit = _unit(run)
        show(
            gene_intervals(shown, name, unit, _found(run).level),
            f"gene-{run.id}-{name}",
            shown,
            f"profile_{name}",
            alt=f"{name} over {counted(len(shown), 'sample')}, with intervals",
        )
        if len(shown) < len(values):
            st.caption(f"{len(shown):,} of {len(values):,} samples are drawn, evenly spaced in this order.")
    if "truth" in values and values["truth"].notna().any():
        _inferred_against_measured(run, table, values, name, unit)


def _asked(table: pd.DataFrame) -> str:
    """Return the gene that the address names, or a typical one of those to trust, measured as well where there are."""
    wanted = parameter(GENE)
    if wanted in table.index:
        return wanted
    inferred = table[table["state"] == "inferred"]
    for narrower in (inferred["grade"] == GRADES[0], inferred.get("truth_pcc", inferred["pcc"]).notna()):
        chosen = inferred[narrower.reindex(inferred.index)]
        inferred = inferred if chosen.empty else chosen
    typical = (inferred["pcc"] - inferred["pcc"].quantile(0.75)).abs()
    return str(typical.idxmin() if typical.notna().any() else table.index[0])


def _choose(run: Run, table: pd.DataFrame, current: str) -> None:
    """Find a gene by any of its names."""
    key = f"infer-gene-{run.id}-{current}"
    written = st.text_input(
        "Gene",
        value=current,
        key=key,
        icon=":material/search:",
        help="By any of its names: symbol, former symbol, Ensembl or Entrez identifier.",
    ).strip()
    if not written or written == current:
        return
    found = index_of(tuple(table.index), fact(about_of(run), "identifier")).find(written)
    if found is None:
        st.warning(f"No gene of these profiles is called {escaped(written)}. {_alike(table.index, written)}")
    elif found != current:
        set_parameter(GENE, found)
        st.rerun()


def _alike(names: Sequence[str], written: str) -> str:
    near = [str(name) for name in names if str(name).casefold().startswith(written.casefold()[:3])]
    return f"Names that begin so: {escaped(listed(near, 8))}." if near else "Check the spelling."


def _standing(table: pd.DataFrame, name: str, found: ProfilesResults) -> str:
    row = table.loc[name]
    if row["state"] == "measured":
        return f"{gene(name)} is a landmark gene: these are its **measured** values, on the training samples' scale."
    grade = {
        GRADES[0]: "It can be **trusted**",
        GRADES[1]: "Use it **with care**",
        GRADES[2]: "It is **not** to be trusted",
    }[row["grade"]]
    text = f"{gene(name)} is **inferred**. {grade}: held-out r "
    text += f"{row['pcc']:.3f}, error {row['mae']:.3f} standard deviations."
    if pd.notna(row.get("coverage", np.nan)):
        text += (
            f" It was measured as well: {percent(row['coverage'])} of the values lie within their intervals"
        )
        text += f", r {row['truth_pcc']:.3f}." if pd.notna(row["truth_pcc"]) else "."
    return text


def _labels(run: Run) -> dict[str, pd.Series]:
    """Return the annotations that came with the samples and put them into a few groups."""
    obs = about_of(run).obs
    own = {column.name for column in TABLES["samples"].columns}
    found = {}
    for name in obs:
        groups = obs[name].astype("string").fillna("no label") if name not in own else None
        if groups is not None and 2 <= groups.nunique() <= MOST_GROUPS:
            found[str(name)] = groups
    return found


def _choose_order(run: Run) -> str:
    """Let the order of samples be chosen: "" by value, "file" as in the file, else the name of an annotation."""
    labels = [f"by {name}" for name in _labels(run)]
    chosen = choosing.selectbox(
        "Samples in order",
        ["of their value", "of the file", *labels],
        key=f"infer-order-{run.id}",
        persist_state="session",
    )
    return str(chosen)


def _ordered(run: Run, values: pd.DataFrame, order: str) -> pd.DataFrame:
    if order == "of their value":
        table = values.sort_values("value", kind="stable")
    elif order == "of the file":
        table = values
    else:
        groups = _labels(run)[order.removeprefix("by ")].to_numpy(str)
        table = values.assign(group=groups).sort_values(["group", "value"], kind="stable")
    return table.iloc[evenly_spaced(len(table), MOST_SAMPLES)].reset_index(drop=True)


def _inferred_against_measured(
    run: Run, table: pd.DataFrame, values: pd.DataFrame, name: str, unit: str
) -> None:
    """Draw inferred against measured values of the samples that the predictor did not learn from."""
    samples = resources.table(run.id, "samples")
    if "learned_from" in samples:
        values = values[~samples["learned_from"].to_numpy(bool)]
    values = values.rename(columns={"value": "predicted", "truth": "measured"})
    if values.empty:
        return
    difference = (values["predicted"] - values["measured"]).abs().mean()
    st.subheader("Inferred against measured", anchor=False)
    row = table.loc[name]
    shown = values.iloc[evenly_spaced(len(values), MOST_SAMPLES)]
    show(
        predicted_against_measured(
            shown, name, unit, float(difference), float(row["truth_pcc"]), INFERRED, "Inferred"
        ),
        f"truth-{run.id}-{name}",
        shown,
        f"inferred_against_measured_{name}",
        alt=f"Inferred against measured values of {name}, one dot per sample",
    )


_SAMPLES = column_config(
    TABLES["samples"].pick("sample", "far", "distance", "percentile", "learned_from", "coverage", "nearest"),
    widths={"nearest": "large"},
)


def one_sample(run: Run) -> None:
    """List the samples, far ones first, and show one beside its nearest training samples."""
    samples = resources.table(run.id, "samples")
    if "distance" in samples:
        samples = samples.sort_values("distance", ascending=False, kind="stable")
    samples = samples.reset_index(drop=True)
    st.caption(
        f"{counted(len(samples), 'sample')}, those farthest from the training samples first. Tick a row to see that "
        "sample."
        if "distance" in samples
        else f"{counted(len(samples), 'sample')}. Tick a row to see that sample."
    )
    place = pick_row(samples, _SAMPLES, f"infer-samples-{run.id}", most=250)
    row = samples.iloc[place or 0]
    if "distance" not in samples:
        st.info(
            "This predictor was kept without its training samples, so nothing is known of how near samples are to them."
        )
        return
    st.subheader(f"One sample: {escaped(row['sample'])}", anchor=False)
    nearest = _nearest(run, str(row["nearest"]))
    st.markdown(_place(row, nearest))
    with st.container(horizontal=True):
        with st.container(width=_HALF):
            held_out = resources.table(run.id, HELD_OUT) if HELD_OUT in run.tables() else None
            show(
                sample_distances(samples, held_out, str(row["sample"])),
                f"distances-{run.id}-{place or 0}",
                samples,
                "samples",
                alt="Distances of new samples and of held-out training samples to the nearest training samples",
            )
        with st.container(width=_HALF):
            _beside_nearest(run, str(row["sample"]), nearest)


def _place(row: pd.Series, nearest: Sequence[str]) -> str:
    """Say how far outside a sample lies, and which training samples are nearest."""
    text = f"Nearest training samples: **{escaped(', '.join(nearest))}**. "
    if row.get("learned_from", False):
        return f"{text}The predictor learned from this sample, so it is its own neighbour, and no proof of accuracy."
    text += f"It lies farther from the training samples than {row['percentile']:.0f}% of those that were held out: "
    return text + (
        "**far outside**, where intervals promise nothing." if row["far"] else "it is one like them."
    )


def _nearest(run: Run, written: str) -> list[str]:
    """Split names of training samples, which may hold commas themselves, by the names that there are."""
    data = _learned_from(run)
    parts = written.split(", ")
    if data is None:
        return parts
    known = resources.annotations(data).index
    names: list[str] = []
    while parts:
        length = next((n for n in range(len(parts), 0, -1) if ", ".join(parts[:n]) in known), 1)
        names.append(", ".join(parts[:length]))
        parts = parts[length:]
    return names


def _learned_from(run: Run) -> Dataset | None:
    wanted = run.manifest.parents.get("dataset")
    return next((data for data in resources.datasets() if data.id == wanted), None)


def _beside_nearest(run: Run, sample: str, nearest: Sequence[str]) -> None:
    """Draw a profile against that of the nearest training sample, where its dataset is here."""
    data = _learned_from(run)
    if data is None or nearest[0] not in resources.annotations(data).index:
        st.info(
            "The dataset that the predictor learned from is not here: profiles cannot be set side by side."
        )
        return
    other = choosing.selectbox("Beside", nearest, key=f"infer-nearest-{run.id}-{sample}")
    profile = _side_by_side(str(resources.here().root), run.id, sample, other, run, data)
    unit = _unit(run)
    r = float(np.corrcoef(profile["value"], profile["nearest"])[0, 1]) if len(profile) > 2 else float("nan")
    show(
        against_nearest(profile, sample, other, unit),
        f"nearest-{run.id}-{sample}-{other}".replace(" ", "-"),
        profile,
        "profile",
        alt=f"The profile of {sample} against that of the training sample {other}, one dot per gene",
    )
    st.caption(f"Correlation over genes: {r:.3f}. On the dashed line both have the same value.")


@st.cache_data(max_entries=16, show_spinner="Reading the profiles")
def _side_by_side(root: str, run_id: str, sample: str, other: str, _run: Run, _data: Dataset) -> pd.DataFrame:
    """Return columns gene, value, nearest, measured."""
    own = Profiles.of(_run).sample(sample)
    with _data.opened() as matrix:
        row = np.asarray(matrix.file["X"][matrix.obs_names.get_loc(other)])
        theirs = pd.Series(row, index=matrix.var_names.astype(str))
    measured = resources.table(run_id, "genes")["state"].to_numpy() == "measured"
    table = own[["gene", "value"]].assign(nearest=theirs.reindex(own["gene"]).to_numpy(), measured=measured)
    return table.dropna(subset=["nearest"]).reset_index(drop=True)


_VARY, _SET, _TYPED = "Genes that vary most", "A gene set", "Genes I type"


def heat_map(run: Run) -> None:
    """Draw a set of genes over the samples."""
    chosen, what = _heat_genes(run)
    about = about_of(run)
    samples = evenly_spaced(about.n_obs, HEAT_SAMPLES)
    if not chosen:
        return
    values = _some(str(resources.here().root), run.id, tuple(chosen), HEAT_SAMPLES, run)
    if len(chosen) > HEAT_GENES:
        spread = values.std(axis=0).sort_values(ascending=False, kind="stable")
        values = values[spread.index[:HEAT_GENES]]
    state = resources.table(run.id, "genes").set_index("gene")["state"]
    measured = {name: state[name] == "measured" for name in values}
    unit = _unit(run)
    show(
        profile_heat(values, measured, unit),
        f"heat-{run.id}-{abs(hash(tuple(values)))}",
        values.rename_axis("sample").reset_index(),
        "heat_map",
        alt=f"Values of {counted(values.shape[1], 'gene')} in {counted(len(values), 'sample')}, by likeness",
    )
    parts = [f"◆ marks landmark genes, which were measured; the others are inferred. {what}"]
    if len(chosen) > HEAT_GENES:
        parts.append(f"Of {len(chosen):,} genes the {HEAT_GENES} that vary most are drawn.")
    if len(samples) < about.n_obs:
        parts.append(f"{len(samples):,} of {about.n_obs:,} samples are drawn, evenly spaced.")
    parts.append("The table holds the values themselves.")
    st.caption(" ".join(parts))


def _heat_genes(run: Run) -> tuple[list[str], str]:
    """Let genes be chosen; return those of the profiles, and what they are in a sentence."""
    data = _learned_from(run)
    way = choosing.radio(
        "Genes",
        [_VARY, *([_SET] if data is not None else []), _TYPED],
        key=f"infer-heat-{run.id}",
        horizontal=True,
    )
    table = resources.table(run.id, "genes")
    if way == _VARY:
        trusted = table.loc[table["grade"].isin((GRADES[0], "measured")), "gene"].tolist()
        return trusted or table[
            "gene"
        ].tolist(), "Drawn from the measured genes and those that can be trusted."
    if way == _SET and data is not None:
        text = choose_set(data, f"infer-heat-set-{data.id}")
        (gene_set,) = made(data, [text])
        known = set(table["gene"])
        return [name for name in gene_set.genes if name in known], f"Genes of {escaped(gene_set.name)}."
    written = names_field("infer-heat", persist="session")
    if not written.strip():
        st.caption("Type some genes.")
        return [], ""
    found = triage(written, tuple(table["gene"]), identifier=fact(about_of(run), "identifier"))
    left = [*found.absent, *found.unknown]
    if left:
        st.caption(f"Not among these profiles: {escaped(listed(left, 8))}.")
    if not found.used:
        st.info("None of these genes is in the profiles. Check the spelling.")
    return list(found.used), ""


@st.cache_data(max_entries=16, show_spinner="Reading the profiles")
def _some(root: str, run_id: str, genes: tuple[str, ...], most: int, _run: Run) -> pd.DataFrame:
    """Read some genes of evenly spaced samples: samples as index, genes as columns."""
    profiles = Profiles.of(_run)
    names = about_of(_run).obs_names.astype(str)
    samples = evenly_spaced(len(names), most)
    return pd.DataFrame(profiles.values(list(genes), samples), index=names[samples], columns=list(genes))


def truth(run: Run) -> None:
    """Show how inferred values and intervals fare where the genes were measured as well."""
    found, table = _found(run), resources.table(run.id, "genes")
    known = table.dropna(subset=["coverage"])
    with st.container(horizontal=True):
        with st.container(width=_FIGURE):
            figure = once(lambda: coverage_density(known, found.level), "coverage", run.id)
            show(
                figure,
                f"coverage-{run.id}",
                known,
                "coverage",
                alt=f"Share of measured values within their intervals, per gene; {percent(found.level)} was promised",
            )
        with st.container(width=_BESIDE):
            st.markdown(_reached(found, known))
            st.caption(
                "Tick a gene under All genes, or search it under One gene, to see it sample by sample."
            )


def _reached(found: ProfilesResults, known: pd.DataFrame) -> str:
    low, high = known["coverage"].quantile([0.025, 0.975])
    text = (
        f"**{percent(found.coverage or 0)}** of the measured values of {counted(found.truth_genes or 0, 'gene')} in "
        f"{counted(found.truth_samples or 0, 'sample')} lie within their intervals; **{percent(found.level)}** "
        "was promised."
    )
    if len(known) > 1:
        text += f" Gene by gene it is {percent(low)} to {percent(high)} (middle 95% of genes)."
    if found.mae is not None and found.truth_pcc is not None:
        text += f" Mean error {found.mae:.3f} standard deviations, mean r {found.truth_pcc:.3f}."
    if (found.coverage or 0) < found.level - 0.05 and found.far_samples:
        text += " Samples far from the training samples fall short: that is what the warning above is about."
    return text
