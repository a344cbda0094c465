"""`export`: tables for analysts, in files that their programs read."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Final

import click

from commands.analysis.folder_export import FolderExporter
from commands.cli.shared.store_access import open_store
from commands.cli.shared.typed_path import TypedPath
from commands.words.messages import _, say
from lifecycle.rejections import msg

# By name: it needs an extra, without which this command still has its help.
_EXPORTER: Final = "commands.analysis.parquet_folder"


@click.command(
    "export",
    help=_(
        "Write events, projects, figures, scores, score lines, deadlines and sheets into FOLDER, "
        "one file a year, without personal data. Into the same folder again, only what is new or "
        "changed is written."
    ),
)
@click.argument("folder", type=TypedPath(path_type=Path, file_okay=False))
@click.option(
    "--format",
    "_form",
    type=click.Choice(("parquet",)),
    required=True,
    help=_("The format of the files."),
)
def command(folder: Path, _form: str) -> None:
    """Bring the folder to the ledger's present state."""
    export_folder: FolderExporter = import_module(_EXPORTER).export_folder
    with open_store() as ledger:
        export = export_folder(ledger, folder)
    if not export.changed:
        click.echo(say(msg("{folder} is up to date; nothing was written"), folder=folder))
        return
    template = msg(
        "{table}: {rows} rows; files written: {written}, unchanged: {unchanged}, removed: {removed}"
    )
    for table in export.tables:
        click.echo(say(template, **table._asdict()))
    done = msg("{folder}: up to position {position}, as of {as_of}")
    click.echo(say(done, folder=folder, position=export.position, as_of=export.as_of))
