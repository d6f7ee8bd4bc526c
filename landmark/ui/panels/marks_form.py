"""Which genes to look into by their marks: the form of the page about one gene."""

import pandas as pd
import streamlit as st

from landmark.analyses.marks.config import MOST_GENES, MarksConfiguration
from landmark.runs.store import Run
from landmark.ui import choosing, resources
from landmark.ui.form import fields
from landmark.ui.jobs import start
from landmark.ui.panels.choice import PARAMETER
from landmark.ui.panels.genes import GENE
from landmark.ui.state import parameter, set_parameter
from landmark.wording import escaped


def form(network: Run, cell_type: str, disabled: bool, first: bool) -> None:
    """Ask which genes to explain, and start it."""
    predictions = resources.table(network.id, "predictions")
    predictions = predictions[predictions["cell_type"] == cell_type]
    offered = predictions["gene"].astype(str).tolist()
    wanted = parameter(GENE, "")
    genes = choosing.multiselect(
        "Genes",
        offered,
        default=[wanted] if wanted in offered else telling(predictions),
        max_selections=MOST_GENES,
        key=f"marks-genes-{network.id}-{cell_type}-{wanted}",
        placeholder="Type a part of the name",
        help=f"Up to {MOST_GENES}. Filled in are test genes: those that the network is surest of in either class, and "
        "those where it is most mistaken.",
    )
    if wanted and wanted not in offered:
        st.info(f"{escaped(wanted)} is not among the genes of {escaped(cell_type)}.")
    values = fields(MarksConfiguration, ["reference"], "marks", {"reference": "Measured from"})
    if st.button(
        "Explain",
        type="primary" if first else "secondary",
        icon=":material/biotech:",
        disabled=disabled or not genes,
        help="Such a request is at work; cancel it first." if disabled else None,
    ):
        set_parameter(GENE, genes[0])
        set_parameter(PARAMETER, "")  # the run that was looked at gives way to the new one
        start("marks", {"deepchrome": network.id, "cell_type": cell_type, "genes": genes, **values})


def telling(predictions: pd.DataFrame) -> list[str]:
    """Return test genes worth looking at: of each class the surest call and the worst mistake."""
    test = predictions[predictions["split"] == "test"].sort_values("probability", kind="stable")
    genes: list[str] = []
    for label in (1, 0):
        ordered = test.loc[test["label"] == label, "gene"].astype(str).tolist()
        surest, worst = (-1, 0) if label else (0, -1)
        genes += [ordered[surest], ordered[worst]] if ordered else []
    return list(dict.fromkeys(genes))
