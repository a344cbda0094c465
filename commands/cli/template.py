"""`template FILE.xlsx`: write an empty ledger workbook."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.shell_words import shell_quoted
from commands.intake.ledger_workbook_writer import write_template
from commands.words.messages import _, say
from lifecycle.atomic_file import build_atomically
from lifecycle.rejections import Rejected, msg


@click.command(
    "template",
    help=_(
        "Write an empty ledger workbook: one sheet per event, with Chinese headings and "
        "drop-down lists."
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Write it, never over another file."""
    if file.suffix.lower() != ".xlsx":
        template = msg("{path}: the name of a workbook must end in .xlsx")
        raise Rejected.by("file_kind", template, path=file)
    # The file may hold a day's typing.
    if file.exists():
        template = msg("{path} already exists; nothing was changed")
        raise Rejected.by("file_exists", template, path=file)
    build_atomically(file, write_template)
    template = msg(
        "wrote an empty workbook to {path}; fill it in and run: lifecycle import {argument}"
    )
    click.echo(say(template, path=file, argument=shell_quoted(file)))
