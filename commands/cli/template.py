"""`template FILE.xlsx`: an empty ledger workbook."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.command_context import written
from commands.intake.event_workbook import write_template
from commands.words.messages import _, say
from lifecycle.rejections import Rejected, msg


@click.command(
    "template",
    help=_("Write an empty ledger workbook: a sheet for each event, Chinese headings, drop-downs."),
)
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Write it, never over another file."""
    if file.suffix.lower() != ".xlsx":
        raise Rejected.by(
            "file_kind", msg("{path}: the name of a workbook ends in .xlsx"), path=file
        )
    if file.exists():
        raise Rejected.by(
            "file_exists", msg("{path} exists already; nothing was changed"), path=file
        )
    written(file, write_template)
    click.echo(
        say(
            msg("an empty workbook at {path}; fill it in and run: lifecycle import {path}"),
            path=file,
        )
    )
