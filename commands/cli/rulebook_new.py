"""`rulebook new`: draft a policy from this year's, from another county's, or from a skeleton."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli.shared.rulebook_choice import loaded
from commands.cli.shared.rulebook_output import save_rulebook
from commands.cli.shared.shell_words import shell_quoted
from commands.cli.shared.typed_path import TypedPath
from commands.words.messages import _, say
from lifecycle.rejections import msg
from lifecycle.rulebook.next_year import moved_to_year
from lifecycle.rulebook.rulebook_library import blank_rulebook
from lifecycle.rulebook.rulebook_toml import derive_toml


@click.command("new")
@click.argument("rulebook_id", metavar="ID")
@click.option(
    "--from",
    "source",
    metavar="RULEBOOK",
    help=_(
        "The rulebook to start from, an id or a FILE.toml. Default: a blank one in which every "
        "table is explained."
    ),
)
@click.option(
    "--year", type=click.IntRange(1900, 2199), required=True, help=_("The year it applies to.")
)
@click.option(
    "--title", help=_("The title. Default: that of the other rulebook with its year moved.")
)
@click.option(
    "--output",
    type=TypedPath(path_type=Path),
    metavar="FILE.toml",
    help=_("The output file. Default: ID.toml in the current folder."),
)
def command(
    rulebook_id: str,
    source: str | None,
    year: int,
    title: str | None,
    output: Path | None,
) -> None:
    """Write a draft with the source's comments, never over another file."""
    book = blank_rulebook(year) if source is None else loaded(source)
    data = moved_to_year(book.data(), year)
    data["id"] = rulebook_id
    if title:
        data["title"] = title
    path = output or Path(f"{rulebook_id}.toml")
    # Derived from the text and not written from the data, which knows no comments.
    save_rulebook(path, derive_toml(book.content, data))
    template = msg(
        "wrote a draft to {path}; edit it, then run: lifecycle rulebook check {argument}, and, "
        "once the policy is issued: lifecycle rulebook adopt {argument}"
    )
    click.echo(say(template, path=path, argument=shell_quoted(path)))
