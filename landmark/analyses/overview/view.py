"""The paper's path as five steps: where each stands for the dataset and model worked on."""

from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from landmark.analyses.compare.results import CompareResults
from landmark.analyses.overview.config import PathConfiguration
from landmark.analyses.overview.run import remaining
from landmark.data.sources.examples import EXAMPLES
from landmark.store.activity import Activity, activities
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.ui.choosing import selectbox
from landmark.ui.estimate import check
from landmark.ui.jobs import start
from landmark.ui.page import PLACES
from landmark.ui.wording import default_cut_here, headline, l1000_here, size
from landmark.wording import counted, escaped
from landmark.workflows.notes import made_smaller, paper_changes, paper_network

_OWN = "my dataset"


@dataclass(frozen=True)
class _Step:
    """One step of the path: the verb that computes it, and the name of its page in the address."""

    kind: str
    title: str
    question: str
    page: str
    link: str


_STEPS = (
    _Step(
        "import",
        "Expression matrix",
        "Samples by genes, split into training and test samples",
        "import",
        "Data",
    ),
    _Step(
        "train",
        "Autoencoder",
        "A network that squeezes every sample into 100 numbers and restores it",
        "reconstruction",
        "Reconstruction",
    ),
    _Step("rank", "DeepLIFT ranking", "Which genes the bottleneck listens to most", "ranking", "Ranking"),
    _Step(
        "compare",
        "Comparison with L1000",
        "Do the top genes predict all others better than the L1000 genes do?",
        "compare",
        "Comparison",
    ),
    _Step(
        "cluster",
        "Subtypes in the bottleneck",
        "Do samples of one kind, such as lung cancer subtypes, lie together?",
        "clusters",
        "Clusters",
    ),
)


def found(dataset: Dataset | None, model: Run | None) -> dict[str, Run]:
    """Return the newest run of each step that fits the dataset and model worked on."""
    if dataset is None:
        return {}
    wanted: dict[str, list[Run]] = {"import": resources.runs("import", dataset=dataset.id)}
    if model is not None:
        wanted |= {
            "train": [model],
            "rank": resources.runs("rank", train=model.id),
            "cluster": resources.runs("cluster", train=model.id),
        }
    rankings = {run.id for run in wanted.get("rank", [])}
    compared = resources.runs("compare", dataset=dataset.id)
    wanted["compare"] = [run for run in compared if run.manifest.parents.get("rank") in rankings] or compared
    return {kind: runs[0] for kind, runs in wanted.items() if runs}


def show_steps(dataset: Dataset | None, runs: dict[str, Run]) -> None:
    """Draw the five steps, each with its state, its headline and the way to its page."""
    working = {item.request.kind for item in activities(resources.here()) if item.active}
    for number, step in enumerate(_STEPS, start=1):
        run = runs.get(step.kind)
        with st.container(border=True, key=f"step-{step.kind}", gap="xxsmall"):
            with st.container(
                horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
            ):
                with st.container(horizontal=True, vertical_alignment="center", width="content", gap="small"):
                    st.markdown(f"**{number}. {step.title}**", width="content")
                    _badge(step, dataset, run, working)
                st.page_link(PLACES[step.page], label=step.link, icon=":material/arrow_forward:")
            st.markdown(_sentence(step, dataset, run))


def _badge(step: _Step, dataset: Dataset | None, run: Run | None, working: set[str]) -> None:
    if step.kind in working:
        st.badge("Running", icon=":material/play_arrow:", color="blue")
    elif step.kind == "compare" and run is not None and not _with_l1000(run):
        st.badge("Random sets only", icon=":material/casino:", color="orange")
    elif run is not None or (step.kind == "import" and dataset is not None):
        st.badge("Done", icon=":material/check:", color="green")
    else:
        st.badge("Not yet", icon=":material/radio_button_unchecked:", color="gray")


def _sentence(step: _Step, dataset: Dataset | None, run: Run | None) -> str:
    if step.kind == "import" and dataset is not None:
        text = f"{escaped(dataset.manifest.title)}: {(headline(run) if run else '') or size(dataset)}"
        return text[:1].upper() + text[1:]
    text = headline(run) if run is not None else ""
    if step.kind == "compare" and run is not None and not _with_l1000(run):
        text = f"random sets only, {_why_no_l1000(dataset)}; {text}"
    return text[:1].upper() + text[1:] if text else f":gray[{step.question}]"


def _with_l1000(run: Run) -> bool:
    """Tell whether L1000 took part in a comparison."""
    return any(text.startswith("L1000") for text in run.manifest.configuration.get("sets", ()))


def _why_no_l1000(dataset: Dataset | None) -> str:
    if dataset is None or dataset.manifest.identifier != "unknown":
        return "none of its genes is an L1000 gene"
    return "the names of its genes or probes are not known, so L1000 genes cannot be found among them"


def answer(dataset: Dataset | None, runs: dict[str, Run]) -> str:
    """Say in one sentence what the path has shown so far."""
    if dataset is None:
        return (
            "Which few genes predict all the others best? Five steps answer it as Kong et al. (2021) did, for an "
            "example or for your own matrix."
        )
    done = [step for step in _STEPS if step.kind in runs or step.kind == "import"]
    name = escaped(dataset.manifest.title)
    if "compare" in runs:
        return _verdict(name, runs["compare"])
    return (
        f"{len(done)} of 5 steps {'is' if len(done) == 1 else 'are'} done for {name}; the next one: "
        f"{_STEPS[len(done) % 5].title}."
    )


def _verdict(name: str, run: Run) -> str:
    found = CompareResults.read(run.manifest.metrics)
    sets = dict(found.sets)
    first = found.first if found.first in sets else next(iter(sets))
    own = sets.pop(first)
    others = [f"{escaped(other)} reaches {values.pcc:.3f}" for other, values in sets.items()]
    if found.random_pcc is not None:
        others.append(f"random sets {found.random_pcc:.3f} ± {found.random_pcc_sd or 0:.3f}")
    text = (
        f"On {name}, the {own.size:,} genes of {escaped(first)} predict {own.targets:,} other genes with a "
        f"mean correlation of **{own.pcc:.3f}**"
    )
    return "; ".join([text, ", ".join(others)] if others else [text]) + "."


def offer(dataset: Dataset | None, model: Run | None, job: Activity | None) -> None:
    """Offer to run the path on what is worked on, or on an example."""
    own = {_OWN: f"What I work on: {dataset.manifest.title}"} if dataset is not None else {}
    options = own | {name: _example(name) for name in EXAMPLES}
    busy = job is not None and job.active
    with st.container(horizontal=True, vertical_alignment="bottom", key="whole-path"):
        chosen = selectbox(
            "Example or dataset",
            list(options),
            format_func=lambda name: options.get(name, ""),
            help="What the five steps are run on: the data worked on, or an example that comes with the program.",
            width=480,
            key=f"path-example-{dataset.id}" if dataset is not None else "path-example",
        )
        place = st.container(width="content")
    if chosen == _OWN and dataset is not None:
        _offer_own(dataset, model, busy, place)
    elif chosen in EXAMPLES:
        example = EXAMPLES[chosen]
        if _button(place, f"Run the whole path on {example.title}", busy):
            start("path", {"example": chosen})
        st.caption(escaped(f"{example.description} {example.source}"))


def _offer_own(dataset: Dataset, model: Run | None, busy: bool, place: DeltaGenerator) -> None:
    """Offer the steps that are left for the dataset and model worked on."""
    network, changed = paper_network(dataset.manifest), paper_changes(dataset.manifest)
    asked: dict[str, Any] = {"dataset": dataset.id}
    if model is not None:
        asked["model"] = model.id
    elif changed:
        asked["network"] = changed
        st.caption(made_smaller(dataset.manifest, changed))
    left = remaining(PathConfiguration.parse(asked), resources.runs(dataset=dataset.id))
    title = dataset.manifest.title
    if not left:
        text = f"All is done on {title}"
    elif set(left) <= found(dataset, model).keys():  # by other settings than the path's
        text = f"Run {counted(len(left), 'step')} again with the paper's settings on {title}"
    else:
        text = f"Run the remaining {counted(len(left), 'step')} on {title}"
    wanted = _button(place, text, busy or not left)
    if note := _mostly_landmarks(dataset):
        st.caption(note)
    if wanted:
        if model is None:
            check(dataset, network)
        start("path", asked)


def _button(place: DeltaGenerator, text: str, disabled: bool) -> bool:
    return place.button(
        escaped(text),
        type="primary",
        icon=":material/route:",
        disabled=disabled,
        key="path-run",
        help="One step after the other, with the paper's settings. You may close the page.",
    )


def _mostly_landmarks(dataset: Dataset) -> str:
    """Say what is compared where most genes measured are landmark genes; empty elsewhere."""
    genes, present = l1000_here(dataset)
    if 2 * present <= genes:
        return ""
    return (
        f"{present:,} of the {genes:,} genes of this dataset are L1000 genes. Sets of as many would leave nothing to "
        f"predict, so sets of {default_cut_here(dataset):,} genes are compared; L1000 is cut to its first ones, in the "
        "order in which it is published."
    )


def _example(name: str) -> str:
    example = EXAMPLES[name]
    return f"{example.title} ({'downloads its data' if example.needs_network else 'made on this machine'})"


def running_step(item: Activity) -> None:
    """Say which of the five steps a path is at; drawn inside its job card."""
    kinds = [step.kind for step in _STEPS]
    parts = (part for part in activities(resources.here()) if part.request.part_of == item.id)
    part = next((part for part in parts if part.request.kind in kinds), None)
    if part is not None and item.active:
        place = kinds.index(part.request.kind)
        st.markdown(f"Step {place + 1} of 5: **{_STEPS[place].title}**")
