"""The one place that reads the environment.

Every setting can be given as an environment variable ``LANDMARK_<NAME>``, for instance ``LANDMARK_HOME``.
"""

from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from landmark.errors import BadConfiguration


def _named(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        raise ValueError("a folder must be named; leave the setting out to use the default")
    return Path(value).expanduser() if isinstance(value, str) else value


Folder = Annotated[Path, BeforeValidator(_named)]
"""A folder that is named: an empty text would mean the folder that the program happens to be started in."""


class Settings(BaseSettings):
    """Where data live and where jobs run."""

    model_config = SettingsConfigDict(env_prefix="LANDMARK_", frozen=True)

    home: Folder = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("landmark", appauthor=False)),
        description="Folder of all datasets, runs and downloads.",
    )
    executor: Literal["local", "slurm"] = Field(
        "local",
        description="Where jobs run: on this machine, or on the SLURM cluster this machine belongs to.",
    )
    slurm_partition: str = Field("", description="SLURM partition of jobs; empty for the cluster's default.")
    slurm_nodes: int = Field(1, ge=1, description="Nodes that one training uses together.")
    slurm_gpus_per_node: int = Field(
        0, ge=0, description="Accelerators per node; each is driven by a process of its own."
    )
    slurm_processes_per_node: int = Field(
        1, ge=1, description="Processes per node that train together where there are no accelerators."
    )
    slurm_cores_per_process: int = Field(
        0, ge=0, description="Processor cores of each process; 0 for what the cluster gives by default."
    )
    slurm_minutes: int = Field(240, ge=1, description="Time limit of a job on the cluster, in minutes.")
    max_upload_mb: int = Field(
        2000, ge=1, description="Largest file, in MB, that may be uploaded or unpacked from an archive."
    )
    uploads_mb: int = Field(
        20_000,
        ge=1,
        description="All uploaded files that wait for their import together, in MB, for all users.",
    )
    max_preview_mb: int = Field(
        16_000,
        ge=500,
        description="Largest address space of the process that looks into one file before its import, in MB; at most "
        "half of the machine's memory.",
    )
    preview_minutes: float = Field(
        10, gt=0, description="Time after which such a look is stopped, in minutes."
    )
    max_job_mb: int = Field(
        0,
        ge=0,
        description="Largest memory that a job may hold, in MB; a job that needs more is stopped. 0 for nine tenths of "
        "what the machine has.",
    )
    max_growth: int = Field(
        250,
        ge=1,
        description="A packed file may unpack to this many times its own size; 16 MB are always allowed.",
    )
    max_names: int = Field(5_000_000, ge=1, description="Most samples or genes that a file may have.")
    max_cells: int = Field(
        20_000_000,
        ge=1,
        description="Most cells that are read from a sheet of a workbook, empty ones included.",
    )
    folder: Folder | None = Field(
        None, description="A folder on the server from which users may import files too large for a browser."
    )
    geo_address: str = Field(
        "https://ftp.ncbi.nlm.nih.gov/geo/series",
        description="Where series of the Gene Expression Omnibus are downloaded from.",
    )


def settings() -> Settings:
    """Read the settings from the environment; BadConfiguration naming each setting that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"LANDMARK_{str(fault['loc'][0]).upper()}={fault['input']}: "
            f"{_lower(fault['msg'].removeprefix('Value error, '))}"
            for fault in error.errors()
        )
        raise BadConfiguration(f"A setting in the environment cannot be used: {faults}") from None


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
