"""`rulebook import`: the parameters that an office filled in become a rulebook."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.parameter_output import print_parameter_changes
from commands.cli.shared.rulebook_choice import loaded
from commands.cli.shared.rulebook_output import save_rulebook
from commands.cli.shared.shell_words import shell_quoted
from commands.cli.shared.typed_path import TypedPath
from commands.intake.parameter_workbook import read_parameter_workbook
from commands.words.messages import _, say
from lifecycle.rejections import Rejected, msg
from lifecycle.rulebook import parse
from lifecycle.rulebook.rulebook_parameters import fill_in_parameters, parameter_changes
from lifecycle.rulebook.rulebook_toml import derive_toml


@click.command("import")
@click.argument("file", type=TypedPath(path_type=Path), metavar="FILE.xlsx")
@click.option(
    "--from",
    "source",
    metavar="RULEBOOK",
    help=_("The exported rulebook, an id or a FILE.toml. Default: the one named in the workbook."),
)
@click.option(
    "--output",
    type=TypedPath(path_type=Path),
    metavar="FILE.toml",
    help=_("The output file; without it the changes are only shown."),
)
def command(
    file: Path,
    source: str | None,
    output: Path | None,
) -> None:
    """Show what changed, and write the rulebook with the source's comments."""
    workbook = read_parameter_workbook(file)
    book = loaded(source or workbook.rulebook_id)
    before = book.data()
    after, problems = fill_in_parameters(before, workbook.entries)
    if problems:
        raise Rejected(problems)
    text = derive_toml(book.content, after)
    # An unsound rulebook is rejected whether or not it is to be written.
    parse(text)
    print_parameter_changes(parameter_changes(before, after))
    if output is not None:
        save_rulebook(output, text)
        template = msg("wrote {path}; adopt it with: lifecycle rulebook adopt {argument}")
        click.echo(say(template, path=output, argument=shell_quoted(output)))
