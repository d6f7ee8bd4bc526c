"""Commands about kept predictors, but for `kept keep`, which an analysis has."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from landmark.cli.commands import Json
from landmark.cli.stored import PlainJson

Name = Annotated[str, typer.Argument(help="Name of a kept predictor, as `kept list` prints it.")]


def commands() -> typer.Typer:
    """Return the group of commands."""
    group = typer.Typer(
        help="Keep fitted predictors under a name, and take them from one home to another.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("list")(list_)
    group.command("export")(export)
    group.command("import")(import_)
    group.command("delete")(delete)
    return group


def list_(as_json: PlainJson = False) -> None:
    """List the kept predictors, newest last, with what each learned from; those that cannot be read come first."""
    from landmark.store.kept import KeptStore
    from landmark.store.workspace import open_workspace

    store = KeptStore(open_workspace())
    kept, unreadable = store.all()[::-1], store.unreadable()
    if as_json:
        rows: list[dict[str, Any]] = [
            item.manifest.model_dump(mode="json", exclude={"configuration", "files"})
            | {"bytes": item.manifest.bytes}
            for item in kept
        ]
        typer.echo(json.dumps([{"name": item.id, "unreadable": item.message} for item in unreadable] + rows))
        return
    for damaged in unreadable:
        typer.echo(f"{damaged.id}: {damaged.message}")
    for item in kept:
        about = item.manifest
        typer.echo(
            f"{item.name}: {about.method} on {about.set} ({about.size:,} genes) of {about.learned_from.title}, "
            f"{about.bytes / 1e6:,.0f} MB {'with' if about.values else 'without'} training values"
            f"{f'; {about.licence}' if about.licence else ''}"
        )


def export(
    name: Name,
    file: Annotated[Path, typer.Argument(help="File to write; its name ends in .landmark.")],
) -> None:
    """Write a kept predictor as one file, for another home."""
    from landmark.cli.ask import bar
    from landmark.store.kept import KeptStore
    from landmark.store.kept_file import export_kept
    from landmark.store.workspace import open_workspace

    with bar() as report:
        typer.echo(export_kept(KeptStore(open_workspace()).get(name), file, report))


def import_(
    file: Annotated[Path, typer.Argument(help="File that `kept export` wrote.")],
    name: Annotated[str, typer.Option(help="Name to keep it under; by default the one it has.")] = "",
    as_json: Json = False,
) -> None:
    """Bring in a predictor from its file, after all of it was checked."""
    from landmark.analyses.keep import KEEP
    from landmark.cli.ask import answer_run

    answer_run(KEEP, {"fit": str(file.resolve()), "name": name}, as_json)


def delete(name: Name) -> None:
    """Delete a kept predictor."""
    from landmark.store.kept import KeptStore
    from landmark.store.workspace import open_workspace

    KeptStore(open_workspace()).delete(name)
    typer.echo(f"Deleted {name}.")
