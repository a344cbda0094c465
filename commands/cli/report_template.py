"""`report template`: a standard template, for an office to adapt."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from commands.cli.shared.document_options import unusable_template
from commands.cli.shared.existing_file import reject_existing
from commands.cli.shared.typed_path import TypedPath
from commands.reports.templates import FOLDER
from commands.words.messages import _
from lifecycle.atomic_file import build_atomically


@click.command("template")
@click.argument("file", type=TypedPath(path_type=Path, dir_okay=False))
@click.option(
    "--for",
    "purpose",
    type=click.Choice(["notice", "form"]),
    default="notice",
    show_default=True,
    help=_("The purpose of the template."),
)
def command(file: Path, purpose: str) -> None:
    """Write the template, never over another file."""
    ending = file.suffix.lower()
    if ending not in (".docx", ".typ"):
        raise unusable_template(file)
    reject_existing(file)
    build_atomically(file, lambda path: shutil.copyfile(FOLDER / f"{purpose}{ending}", path))
    click.echo(str(file))
