"""Progress of a part as progress of the whole."""

from dataclasses import replace

from landmark.progress import Progress, Report


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

    def of_part(progress: Progress) -> None:
        share = progress.done / progress.total if progress.total else 0.0
        report(Progress(stage, number + share, parts, unit))

    of_part(Progress(stage))
    return of_part


def named(report: Report, name: str) -> Report:
    """Return a report that says in every stage what is worked on: "L1000: fitting ridge regression"."""

    def of_name(progress: Progress) -> None:
        stage = progress.stage[:1].lower() + progress.stage[1:]
        report(replace(progress, stage=f"{name}: {stage}"))

    return of_name
