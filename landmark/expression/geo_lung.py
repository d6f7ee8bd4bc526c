"""The lung samples that Kong et al. cluster: two series of GEO on the same array, joined and labelled.

GSE4573 (Raponi et al., Cancer Res 2006): squamous cell carcinoma (SCC) only, MAS5 signals. GSE10072 (Landi et al., PLoS
ONE 2008): adenocarcinoma (ADC) and normal lung, RMA. Both HG-U133A. Their values are of different making, so those that
are not logged yet are, and all samples are brought onto one distribution in the paper's range.
"""

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.errors import BadData
from landmark.expression.geo import fetch_series
from landmark.expression.history import describe, record
from landmark.expression.logged import looks_logged
from landmark.expression.reading import read
from landmark.expression.streamed.normalise import PAPER_RANGE, log2, quantile_normalise
from landmark.expression.streamed.stream import from_memory, in_memory
from landmark.progress import Progress, Report, silent

PLATFORM = "GPL96"
SQUAMOUS, OTHERS = "GSE4573", "GSE10072"
SOURCE = (
    "GEO GSE4573 (Raponi et al., Cancer Research 2006) and GSE10072 (Landi et al., PLoS ONE 2008), HG-U133A, "
    "downloaded from NCBI"
)
TELLING = ("source_name_ch1", "title", "description", "characteristic")
"""Facts about a sample that may say what it is, the most reliable first."""


def lung(report: Report = silent) -> AnnData:
    """Fetch both series and join them.

    Returns
    -------
    AnnData
        X float32 [237, 22283], log2; obs: class (normal, ADC, SCC), series, title.

    Raises
    ------
    BadData
        A series cannot be downloaded, or a sample does not say what it is.
    """
    parts = []
    for accession in (SQUAMOUS, OTHERS):
        series = fetch_series(accession, PLATFORM, report)
        report(Progress(f"Reading {series.path.name}"))
        part = read(series.path, platform=series.platform_within)
        if not looks_logged(part.X).looks:
            part = in_memory(log2(from_memory(part)))
        part.obs["class"] = "SCC" if accession == SQUAMOUS else _classes(part.obs)
        part.obs["series"] = accession
        parts.append(part)
    report(Progress("Joining the two series"))
    return _joined(*parts)


def _joined(first: AnnData, second: AnnData) -> AnnData:
    """Put two matrices on top of each other, on the probes that both have, and give all samples one distribution."""
    probes = first.var_names[first.var_names.isin(second.var_names)]
    kept = [name for name in ("class", "series", "title") if name in first.obs and name in second.obs]
    joined = AnnData(
        np.concatenate([first[:, probes].X, second[:, probes].X]),
        obs=pd.concat([first.obs[kept], second.obs[kept]]),
        var=pd.DataFrame(index=probes),
    )
    describe(
        joined,
        title="Lung: normal, adenocarcinoma, squamous",
        source=SOURCE,
        unit="log2 expression",
        identifier="hgu133a_probe",
    )
    counts = joined.obs["class"].value_counts()
    record(
        joined,
        "Two series joined",
        samples={SQUAMOUS: first.n_obs, OTHERS: second.n_obs},
        probes=len(probes),
        classes={str(name): int(count) for name, count in counts.items()},
    )
    return in_memory(quantile_normalise(from_memory(joined), *PAPER_RANGE))


def _classes(obs: pd.DataFrame) -> list[str]:
    """Read from the facts about each sample of the second series whether it is normal lung or adenocarcinoma."""
    told = [name for name in TELLING if name in obs]
    found = []
    for sample, facts in zip(obs.index, obs[told].astype(str).to_numpy(), strict=True):
        known = next(filter(None, map(_class, facts)), "")
        if not known:
            raise BadData(
                f"Sample {sample} of {OTHERS} says neither that it is normal lung nor a tumour. GEO has perhaps "
                f"changed how it describes the series: import {OTHERS} by its accession instead."
            )
        found.append(known)
    return found


def _class(fact: str) -> str:
    words = fact.lower()
    if "normal" in words:
        return "normal"
    return "ADC" if "adenocarcinoma" in words or "tumor" in words else ""
