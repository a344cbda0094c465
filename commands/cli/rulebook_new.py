"""`rulebook new`: draft next year's policy from this year's, or from another county's."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands.cli.shared.rulebook_choice import loaded
from commands.cli.shared.rulebook_output import save_rulebook
from commands.words.messages import _, say
from lifecycle.rejections import msg
from lifecycle.rulebook.rulebook_toml import derive_toml


@click.command(
    "new",
    help=_(
        "Draft a rulebook ID for a year from another: every table and rule of it, under a new name."
    ),
)
@click.argument("rulebook_id", metavar="ID")
@click.option(
    "--from",
    "source",
    required=True,
    metavar="RULEBOOK",
    help=_("The rulebook to begin from, an id or a FILE.toml."),
)
@click.option(
    "--year", type=click.IntRange(1900, 2199), required=True, help=_("The year that it is for.")
)
@click.option("--title", help=_("Its title; that of the other if left out."))
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help=_("Where to write it; ID.toml here if left out."),
)
def command(
    rulebook_id: str, source: str, year: int, title: str | None, output: Path | None
) -> None:
    """Write a draft with the source's comments, never over another file."""
    book = loaded(source)
    data = book.data()
    data["id"] = rulebook_id
    data["effective_from"] = date(year, 1, 1)
    data["effective_to"] = date(year, 12, 31)
    if title:
        data["title"] = title
    path = output or Path(f"{rulebook_id}.toml")
    save_rulebook(path, derive_toml(book.content, data))
    template = msg("a draft at {path}; change it, then run: lifecycle rulebook check {path}")
    click.echo(say(template, path=path))
