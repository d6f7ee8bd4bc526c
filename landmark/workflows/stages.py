"""Progress of a part as progress of the whole."""

from dataclasses import replace

from landmark.progress import Progress, Report

ALMOST = 0.999
"""A part is done when the next one begins, not when a step of it is."""


def part(report: Report, stage: str, number: int, parts: int, unit: str = "") -> Report:
    """Return a report for one of several equal parts.

    Parameters
    ----------
    report
        Told about the whole.
    stage
        What this part is, for people.
    number, parts
        Which part, from 0, and how many there are.
    unit
        What is counted as done.
    """

    reached = 0.0

    def of_part(progress: Progress) -> None:
        nonlocal reached  # a part has steps of its own, each from nothing to all: the whole never goes back
        if progress.total:
            reached = max(reached, min(progress.done / progress.total, ALMOST))
        report(Progress(stage, number + reached, parts, unit))

    of_part(Progress(stage))
    return of_part


def named(report: Report, name: str) -> Report:
    """Return a report that says in every stage what is worked on: "L1000: fitting ridge regression"."""

    def of_name(progress: Progress) -> None:
        stage = progress.stage[:1].lower() + progress.stage[1:]
        report(replace(progress, stage=f"{name}: {stage}"))

    return of_name
