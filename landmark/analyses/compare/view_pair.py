"""Two sets of a comparison against each other: figures and an honest sentence."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from landmark.analyses.compare.results import CompareResults
from landmark.metrics.paired import paired_tests, share_won
from landmark.plots.colours import set_colours
from landmark.plots.comparison import scatter_genes
from landmark.plots.samples import predicted_against_measured
from landmark.store import predictions
from landmark.store.lists import StoredList, store_list, stored_lists
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.ui.figure import show
from landmark.ui.genes import GENE, PREDICTIONS, pick
from landmark.ui.page import PLACES, guarded
from landmark.ui.state import parameter
from landmark.wording import counted, escaped, gene, p_value, percent

_NOT_JUDGED = (
    "no interval is stored, as the run is of an older version or has too few test samples; compare anew"
)


@dataclass(frozen=True)
class Pair:
    """Two sets on the targets that both predict.

    Attributes
    ----------
    mae, pcc
        Means over the shared targets, first and second set.
    low, high
        Interval of the difference in mean MAE over resampled test samples; None where none is stored.
    won
        Share of targets that each predicts with the smaller error; ties count for neither.
    t_p_value
        Paired t-test of the MAE over targets, which is shown and decides nothing.
    groups
        Groups of samples, such as patients, that the interval redraws whole; 0 where it redraws every sample.
    """

    first: str
    second: str
    targets: int
    mae: tuple[float, float]
    pcc: tuple[float, float]
    low: float | None
    high: float | None
    won: tuple[float, float]
    t_p_value: float
    groups: int = 0

    @property
    def difference(self) -> float:
        """Mean MAE of the first set less that of the second."""
        return self.mae[0] - self.mae[1]

    @property
    def clear(self) -> bool | None:
        """Whether the difference would stand with other test samples; None where that was not judged."""
        if self.low is None or self.high is None:
            return None
        return self.low > 0 or self.high < 0


def pair_of(run: Run, table: pd.DataFrame, first: str, second: str) -> Pair:
    """Set two sets of a comparison against each other; BadData if both predict fewer than two genes in common."""
    measured = {name: table[f"mae_{name}"].to_numpy(float, na_value=np.nan) for name in (first, second)}
    both = np.isfinite(measured[first]) & np.isfinite(measured[second])
    shared = table[both]
    test = paired_tests(measured[first], measured[second])
    low, high = _interval(run, first, second)
    return Pair(
        first,
        second,
        int(both.sum()),
        (float(shared[f"mae_{first}"].mean()), float(shared[f"mae_{second}"].mean())),
        (float(shared[f"pcc_{first}"].mean()), float(shared[f"pcc_{second}"].mean())),
        low,
        high,
        (
            share_won(measured[first], measured[second], higher_is_better=False),
            share_won(measured[second], measured[first], higher_is_better=False),
        ),
        test.t_p_value,
        CompareResults.read(run.manifest.metrics).redrawn_groups or 0,
    )


def _interval(run: Run, first: str, second: str) -> tuple[float | None, float | None]:
    """Return the stored interval, turned where the sets are asked for the other way round."""
    if "pairs" in run.tables():
        stored = run.table("pairs").to_dict("records")
    else:  # of a version that stored one pair only
        found = CompareResults.read(run.manifest.metrics)
        stored = [found.metrics()] if found.mae_low is not None else []
    for pair in stored:
        low, high = float(pair["mae_low"]), float(pair["mae_high"])
        if np.isnan(low):
            continue
        if (first, second) == (pair["first"], pair["second"]):
            return low, high
        if (second, first) == (pair["first"], pair["second"]):
            return -high, -low
    return None, None


def verdict(pair: Pair) -> str:
    """Say which set predicts better, by how much, and whether that is more than the luck of the samples."""
    first, second = escaped(pair.first), escaped(pair.second)
    means = (
        f"mean correlation {pair.pcc[0]:.3f} against {pair.pcc[1]:.3f}, mean error {pair.mae[0]:.3f} against "
        f"{pair.mae[1]:.3f} over {pair.targets:,} genes"
    )
    if pair.clear is None:
        return (
            f"**Whether {first} or {second} predicts the other genes better is not judged**: {means}; "
            f"{_NOT_JUDGED}."
        )
    if not pair.clear:
        return f"**No clear difference between {first} and {second}**: {means}."
    word = "better" if pair.difference < 0 else "less well"
    share = pair.won[0] if pair.difference < 0 else pair.won[1]
    winner = first if pair.difference < 0 else second
    return (
        f"**{first} predicts the other genes {word} than {second}**: {means}; {winner} has the smaller error for "
        f"{percent(share)} of them."
    )


def beaten(random: pd.DataFrame, name: str, measure: str) -> float:
    """Return the share of random sets that a set beats, on the targets that each random set predicts."""
    ours = random[f"{measure}_{name}"]
    return float(((ours > random[measure]) if measure == "pcc" else (ours < random[measure])).mean())


def against_chance(random: pd.DataFrame, names: list[str]) -> str:
    """Say where each set stands among random sets; empty where none were drawn."""
    known = [name for name in names if f"pcc_{name}" in random]
    if random.empty or not known:
        return ""
    parts = [f"{escaped(name)} beats {percent(beaten(random, name, 'pcc'))} of them" for name in known]
    spread = f" ± {random['pcc'].std():.3f}" if len(random) > 1 else ""
    return (
        f"{counted(len(random), 'random set')} of the same size reach a mean correlation of "
        f"{random['pcc'].mean():.3f}{spread}; asked for the same genes, {' and '.join(parts)}."
    )


def details(pair: Pair) -> str:
    """Write the tests out, with what they are worth."""
    first, second = escaped(pair.first), escaped(pair.second)
    drawn = f"{counted(pair.groups, 'group')} of test samples that the split keeps together"
    interval = (
        _NOT_JUDGED
        if pair.low is None
        else f"{pair.low:+.4f} to {pair.high:+.4f} (95%) when the {drawn if pair.groups else 'test samples'} are drawn "
        "again: what other test samples would bring, with the networks and the chosen genes as they are"
    )
    return (
        f"Difference in mean error, {first} less {second}: {pair.difference:+.4f}, {interval}. Paired t-test over "
        f"genes, as in the paper: {p_value(pair.t_p_value)}; genes depend on each other, so this p is too small, "
        "and the interval is the safer guide."
    )


WIDTH = 420
"""Width of one plot, in pixels: two or three beside each other on a wide page."""
_NAMED = 12


def marked(event: dict, table: pd.DataFrame, pair: Pair, measure: str) -> list[str]:
    """Return the genes that were clicked, or marked by box or lasso, in the scatter of a pair."""
    traces = scatter_genes(table, pair.first, pair.second, measure)
    points = [(point["curve_number"], point["point_index"]) for point in event["selection"]["points"]]
    found = [
        traces[curve][place] for curve, place in points if curve < len(traces) and place < len(traces[curve])
    ]
    return list(dict.fromkeys(found))


def take_over(genes: Sequence[str], run: Run) -> None:
    """Show the gene that was clicked; several marked ones are no single gene."""
    pick(f"comparison {run.id}", genes[0] if len(genes) == 1 else None)


def one_gene(run: Run, table: pd.DataFrame, kinds: dict[str, str], unit: str) -> None:
    """Draw the gene of the address under each set: predicted against measured, one dot per held-out sample."""
    symbol = parameter(GENE)
    if symbol not in set(table["gene"]):
        st.caption("Click a dot, or tick a row of the table below, to see one gene sample by sample.")
        return
    row = table.loc[table["gene"] == symbol].iloc[0]
    names = list(CompareResults.read(run.manifest.metrics).sets)
    colours = set_colours(names, kinds)
    st.subheader(f"One gene: {gene(symbol)}", anchor=False)
    with st.container(horizontal=True):
        for name in names:
            with st.container(width=WIDTH), guarded():
                _under(run, name, symbol, unit, colours[name], row)
    st.caption("On the dashed line the prediction is right. Dots are held-out samples.")


def _under(run: Run, name: str, symbol: str, unit: str, colour: str, row: pd.Series) -> None:
    st.markdown(f"From **{escaped(name)}**")
    fitted = resources.run(run.manifest.parents.get(f"fit {name}", ""))
    if fitted is None or not predictions.has(fitted, PREDICTIONS):
        st.info(
            f"This comparison was made by an older version, which kept no predictions of single genes. Compare "
            f"again to see what {escaped(name)} predicts of {escaped(symbol)}."
        )
        return
    if symbol in set(resources.table(fitted.id, "set")["gene"]):
        st.info(f"{escaped(symbol)} is a gene of {escaped(name)} itself: it is measured, not predicted.")
        return
    values = predictions.gene(fitted, PREDICTIONS, symbol)
    error = float((values["measured"] - values["predicted"]).abs().mean())
    show(
        predicted_against_measured(
            values, symbol, unit, error, float(row[f"pcc_{name}"]), colour, "Predicted"
        ),
        f"gene-{run.id}-{name}",
        values,
        f"{symbol}_from_{name}",
        alt=f"{symbol} predicted from {name} against measured, one dot per held-out sample",
    )


def marked_list(genes: Sequence[str], run: Run, pair: Pair) -> None:
    """Offer a marked group as a list, and the way to its functions."""
    if len(genes) < 2:
        st.caption(
            "Mark a group of dots with the lasso or the box (top right of the figure) to keep it as a list or to ask "
            "what these genes do."
        )
        return
    more = " and so on" if len(genes) > _NAMED else ""
    st.markdown(f"**{counted(len(genes), 'gene')} marked**: {escaped(', '.join(genes[:_NAMED]))}{more}.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        functions = st.button("What do these genes do?", icon=":material/function:", key="marked-functions")
        keep = st.button("Keep them as a list", icon=":material/playlist_add:", key="marked-keep")
    if functions or keep:
        stored = keep_list(genes, run, pair)
        if functions:
            st.switch_page(PLACES["functions"], query_params={"set": stored.text})
        st.success(f"The list {escaped(stored.name)} is kept. It can be chosen wherever sets are chosen.")


def keep_list(genes: Sequence[str], run: Run, pair: Pair) -> StoredList:
    """Store marked genes under a name of their own; the same genes are stored once."""
    digest = hashlib.sha256("\n".join(sorted(genes)).encode()).hexdigest()[:6]
    name = f"{len(genes)} genes of {run.id} {digest}"
    known = next((stored for stored in stored_lists(resources.here()) if stored.name == name), None)
    origin = f"marked in the scatter of {pair.first} against {pair.second}, {run.id}"
    return known or store_list(resources.here(), name, genes, origin)
