"""Training the paper's autoencoder: what is set, how it goes, how it went."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from landmark.analyses.train.figures import training_curve
from landmark.analyses.train.results import TrainResults
from landmark.configuration import LEFT_OPEN
from landmark.models.settings import AutoencoderConfiguration
from landmark.models.size import autoencoder_size
from landmark.store.activity import Activity
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import resources, state
from landmark.ui.estimate import check, estimate
from landmark.ui.figure import metric, on_this_page, show
from landmark.ui.form import fields
from landmark.ui.jobs import at_work
from landmark.ui.jobs import start as start_run
from landmark.ui.result_page import ResultPage, dataset_needed
from landmark.ui.wording import duration
from landmark.wording import counted
from landmark.workflows.notes import paper_changes, training_notes


def live_loss(
    activity: Activity,
    epochs: int,
    loss: str,
    epoch_of: Callable[[float], float] = float,
    names: tuple[str, str] = ("training samples", "held-out samples"),
) -> None:
    """Draw the loss of the training at work; where a run trains several networks, that of the present one."""
    lines = [line for line in activity.progress() if "validation_loss" in line["values"]]
    rows = [
        {"epoch": epoch_of(line["done"]), **line["values"]}
        for line in lines
        if line["stage"] == lines[-1]["stage"]
    ]
    history = pd.DataFrame(rows, columns=["epoch", "train_loss", "validation_loss"])
    # A resumed training repeats the epochs after its checkpoint: the later line holds.
    history = history.drop_duplicates("epoch", keep="last").sort_values("epoch")
    key = f"live-{activity.id}"
    with st.container(horizontal=True):
        log = st.toggle("Logarithmic loss", key=f"{key}-log", help="Opens up the late epochs.")
        # A new chart replaces the old one with every epoch, and with it goes the reader's zoom.
        held = st.toggle(
            "Hold still",
            key=f"{key}-held",
            disabled=not activity.active,
            help="Keeps the curve as it is now, to zoom into it; training goes on.",
        )
    kept = f"kept {key}"
    if not held or kept not in st.session_state:
        st.session_state[kept] = history
    curve = training_curve(st.session_state[kept], log=log, epochs=epochs, loss=loss, names=names)
    st.plotly_chart(on_this_page(curve), key=key, theme="streamlit")


_FORMULA = (
    "Autoencoder genes-500-100-500-genes; loss = mean |x - x'| + 1e-6 x sum of squared weights; Adam; 10% "
    "dropout (Kong et al. 2021, Methods; after which layers is left open, here after all three hidden ones). The "
    "curves show mean |x - x'| alone, of values standardised per gene (scaled to 0-1 with a sigmoid output, in the "
    "data's unit with genes as measured), for "
    "held-out samples without dropout. Where an epoch is chosen by its loss, a tenth of the training samples is kept "
    "back to choose by, and the curve is theirs; held-out samples have no say."
)
_LOSS = "Mean absolute error, on the scale of the network's input"
"""Of the curves: the penalty on the weights is part of what is minimised, not of what is shown."""

_FIXED = (
    ("activation", "sigmoid", "stated", "Of hidden layers and bottleneck. Always so here."),
    ("optimiser", "Adam", "stated", "Always so here."),
    ("loss", "MAE + l2 x squared weights", "stated", "Always so here."),
    ("starting weights", "Glorot uniform", "left open", "Keras' default. Always so here."),
)
_STOPPING = "When to stop, and what to keep"
_GROUPS = {
    "Network": ("hidden", "bottleneck", "input", "output", "dropout", "l2"),
    "Training": ("epochs", "batch_size", "learning_rate", "seed"),
    _STOPPING: ("early_stopping", "keep"),
    "Machine": ("precision", "checkpoint_every"),
}
"""Fields of the form; every field of the configuration is in one group."""

_LABELS = {
    "early_stopping": "Early stopping, epochs",
    "keep": "Epoch to keep",
    "l2": "L2",
    "checkpoint_every": "Checkpoint every, epochs",
}
_FIELD = 230
_STOPPED_LATE = (
    "Training stops {count} epochs after the lowest held-out loss, and the weights of the last epoch are kept. Choose "
    "best to keep those of the lowest."
)
_ROUNDED = (
    "bfloat16 rounds both factors of every matrix product to eight significant bits, between two and three decimal "
    "digits; sums, weights and Adam's moments stay float32. The result is not quite that of float32. It is faster on "
    "accelerators that have such units, and often slower on processors."
)
_ORDER = ("changed", "stated", "left open", "technical")


def _answer(dataset: Dataset, run: Run | None, busy: bool) -> str:
    """Say how the chosen network did, or what pressing the button will do."""
    if busy:
        return "It is being trained: the loss of held-out samples should fall with that of training samples."
    about = dataset.manifest
    if run is None:
        filled_in = "are filled in, made smaller for these data" if paper_changes(about) else "are filled in"
        return (
            f"Press start: the paper's settings {filled_in}, for {about.split.get('train', 0):,} training "
            f"samples of {about.genes:,} genes."
        )
    found = TrainResults.read(run.manifest.metrics)
    return (
        f"It is trained: {counted(found.epochs, 'epoch')} in {duration(found.training_seconds)}, loss "
        f"{found.train_loss:.3f} on training and {found.validation_loss:.3f} on {_judging(run)} samples; it "
        f"restores genes with a mean correlation of {found.reconstruction_pcc:.3f}."
    )


def live_curve(activity: Activity) -> None:
    """Draw the loss as far as a running training has come."""
    network = AutoencoderConfiguration.parse(activity.request.configuration["network"])
    judging = "validation samples" if network.chooses_epoch else "held-out samples"
    live_loss(activity, network.epochs, _LOSS, names=("training samples", judging))


def _finished(run: Run) -> None:
    """Show the curve of a finished training and its headline figures, unless another is at work."""
    if _busy(run):
        return
    history = resources.table(run.id, "history")
    found = TrainResults.read(run.manifest.metrics)
    names = ("training samples", f"{_judging(run)} samples")
    curve = training_curve(history, loss=_LOSS, names=names)
    show(curve, f"curve-{run.id}", table=history, name="training")
    with st.container(horizontal=True, gap="large"):
        metric(
            "Mean correlation",
            f"{found.reconstruction_pcc:.3f}",
            help="Of measured and restored expression, per gene over held-out samples.",
        )
        st.metric(
            f"{_judging(run).capitalize()} loss",
            f"{found.validation_loss:.3f}",
            f"{found.validation_loss - found.train_loss:+.3f} against training",
            delta_color="off",
            help="Much above the training loss means that the network learned the training samples by heart. "
            "Below it is usual: dropout is on while training and off while testing.",
            width="content",
        )
        whole = run.manifest.split.get("train", 0) * found.epochs / max(found.training_seconds, 1e-9)
        metric(
            "Samples per second",
            f"{found.samples_per_second or whole:,.0f}",
            help=f"On {run.manifest.device}.",
        )
        metric("Training time", duration(found.training_seconds))


def _judging(run: Run) -> str:
    """Name the samples whose loss stands beside that of the training samples."""
    return "validation" if TrainResults.read(run.manifest.metrics).validation_samples else "held-out"


def _settings_form(dataset: Dataset) -> AutoencoderConfiguration:
    """Show every choice with what the paper says of it, and let it be changed."""
    values: dict[str, Any] = {}
    start = paper_changes(dataset.manifest)
    with st.expander("Change the settings", icon=":material/tune:"):
        for title, names in _GROUPS.items():
            st.markdown(f"**{title}**")
            values |= fields(AutoencoderConfiguration, names, "train", _LABELS, start, width=_FIELD)
            if title == _STOPPING and values["early_stopping"] and values["keep"] == "last":
                st.caption(_STOPPED_LATE.format(count=values["early_stopping"]))
        if values["precision"] == "bfloat16":
            st.caption(_ROUNDED)
    network = AutoencoderConfiguration.parse(values)
    st.table(preset_table(network, dataset.manifest.genes), hide_index=True, border="horizontal")
    return network


def preset_table(network: AutoencoderConfiguration, genes: int) -> pd.DataFrame:
    """List every choice: its value, and whether the paper states it, leaves it open, or says otherwise."""
    shape = f"{genes:,}-{network.hidden}-{network.bottleneck}-{network.hidden}-{genes:,}"
    rows = [("network", shape, "stated", "Units per layer; the paper has 22,268 probes at both ends.")]
    rows += _FIXED
    for name, field in AutoencoderConfiguration.model_fields.items():
        value = getattr(network, name)
        meaning = (field.description or "").removesuffix(LEFT_OPEN)
        rows.append((name.replace("_", " "), _written(value), _standing(field, value), meaning))
    rows.sort(key=lambda row: next(place for place, word in enumerate(_ORDER) if row[2].startswith(word)))
    return pd.DataFrame(rows, columns=["Choice", "Value", "The paper", "Meaning"])


def _start(dataset: Dataset, network: AutoencoderConfiguration, disabled: bool) -> None:
    """Say what the training will cost, and start it on request; what does not fit cannot be started."""
    fits = estimate(dataset, network)
    for note in training_notes(dataset.manifest, network):
        st.caption(f":material/info: {note}")
    st.caption(_work(dataset, network))
    if st.button(
        "Start training",
        type="primary",
        icon=":material/play_arrow:",
        disabled=disabled or not fits,
        help="One training of this dataset is at work; cancel it first." if disabled else None,
    ):
        check(dataset, network)
        values = {"dataset": dataset.id, "network": network.model_dump(mode="json")}
        start_run("train", values)


def _work(dataset: Dataset, network: AutoencoderConfiguration) -> str:
    """Say how large the training is, whatever the machine."""
    size = autoencoder_size(network, dataset.manifest.genes)
    total = size.flop_per_sample * dataset.manifest.split.get("train", 0) * network.epochs
    return (
        f"{size.weights / 1e6:,.1f} million weights; {total / 1e12:,.1f} TFLOP of matrix products for "
        f"{counted(network.epochs, 'epoch')}."
    )


def _standing(field: Any, value: object) -> str:
    paper = (field.json_schema_extra or {}).get("paper")
    if paper is None:
        return "technical"
    if not paper:
        return "left open"
    return "stated" if value == field.default else f"changed (paper: {_written(field.default)})"


def _written(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _busy(run: Run) -> bool:
    return at_work("train", dataset=run.manifest.parents["dataset"]) is not None


def _form(dataset: Dataset, run: Run | None, busy: bool) -> None:
    place = st.container()
    st.subheader("Settings", anchor=False)
    network = _settings_form(dataset)
    with place:
        st.subheader("What a training will cost", anchor=False)
        _start(dataset, network, disabled=busy)


PAGE = ResultPage(
    question="How do I train the paper's network here?",
    kind="train",
    needs=dataset_needed("The network is trained on an expression matrix: samples by genes."),
    invitation=lambda dataset: _answer(dataset, None, busy=False),
    working=lambda dataset: _answer(dataset, None, busy=True),
    pick=lambda runs: state.model(),
    answer=lambda run: _answer(resources.dataset_of(run), run, _busy(run)),
    sections=(_finished,),
    live=live_curve,
    headings=("", ""),
    form=_form,
    formula=_FORMULA,
)
