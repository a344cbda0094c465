"""`rulebook export`: a rulebook's parameters as a workbook that an office fills in."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.existing_file import reject_existing
from commands.cli.shared.rulebook_choice import loaded
from commands.cli.shared.shell_words import shell_quoted
from commands.cli.shared.typed_path import TypedPath
from commands.intake.parameter_workbook import write_parameter_workbook
from commands.words.messages import _, say
from lifecycle.atomic_file import build_atomically
from lifecycle.rejections import Rejected, msg
from lifecycle.rulebook.rulebook_parameters import rulebook_parameters


@click.command("export")
@click.argument("file", type=TypedPath(path_type=Path), metavar="FILE.xlsx")
@click.option(
    "--rulebook",
    "rulebook_id",
    default="kaihua-2024",
    show_default=True,
    metavar="RULEBOOK",
    help=_("The rulebook, an id or a FILE.toml."),
)
def command(file: Path, rulebook_id: str) -> None:
    """Write the parameters, never over another file."""
    if file.suffix.lower() != ".xlsx":
        raise Rejected.by(
            "file_kind", msg("{path}: the name of a workbook must end in .xlsx"), path=file
        )
    reject_existing(file)
    book = loaded(rulebook_id)
    parameters = rulebook_parameters(book.data())
    build_atomically(file, lambda beside: write_parameter_workbook(beside, book.id, parameters))
    template = msg(
        "wrote {count} parameters to {path}; fill in values and documents, then run: "
        "lifecycle rulebook import {argument} --from {book} --output FILE.toml"
    )
    # The rulebook as typed: where it is a file, `--from` needs its path and not its id.
    click.echo(
        say(
            template,
            count=len(parameters),
            path=file,
            argument=shell_quoted(file),
            book=shell_quoted(rulebook_id),
        )
    )
