"""`rulebook new`, `export`, `import`: draft next year's policy from this year's, and fill in its parameters."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from commands.cli.shared.row_output import OutputColumn
from commands.cli.shared.rulebook_choice import loaded
from commands.cli.shared.table_output import print_table
from commands.intake.parameter_workbook import read_parameter_workbook, write_parameter_workbook
from commands.words.messages import _, say
from commands.words.policy_words import PARAMETER_CHANGE_HEADINGS
from lifecycle.atomic_file import build_atomically
from lifecycle.rejections import Rejected, msg
from lifecycle.rulebook import parse
from lifecycle.rulebook.rulebook_parameters import (
    ParameterChange,
    fill_in_parameters,
    parameter_changes,
    rulebook_parameters,
)
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
def new_command(
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
    _save_rulebook(path, derive_toml(book.content, data))
    click.echo(
        say(
            msg("a draft at {path}; change it, then run: lifecycle rulebook check {path}"),
            path=path,
        )
    )


def _save_rulebook(path: Path, text: str) -> None:
    """Check and write a rulebook, never over another file."""
    _reject_existing(path)
    parse(text)
    build_atomically(path, lambda beside: beside.write_text(text, encoding="utf-8"))


def _reject_existing(path: Path) -> None:
    if path.exists():
        raise Rejected.by(
            "file_exists", msg("{path} exists already; nothing was changed"), path=path
        )


@click.command(
    "export",
    help=_(
        "Write a rulebook's parameters to a workbook, for an office to fill in its values and their document."
    ),
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.xlsx")
@click.option(
    "--rulebook",
    "rulebook_id",
    default="kaihua-2024",
    show_default=True,
    metavar="RULEBOOK",
    help=_("The rulebook, an id or a FILE.toml."),
)
def export_command(file: Path, rulebook_id: str) -> None:
    """Write the parameters, never over another file."""
    if file.suffix.lower() != ".xlsx":
        raise Rejected.by(
            "file_kind", msg("{path}: the name of a workbook ends in .xlsx"), path=file
        )
    _reject_existing(file)
    book = loaded(rulebook_id)
    parameters = rulebook_parameters(book.data())
    build_atomically(file, lambda beside: write_parameter_workbook(beside, book.id, parameters))
    template = msg(
        "{count} parameters at {path}; fill in values and documents and run: lifecycle rulebook import {path} --from {book} --output FILE.toml"
    )
    click.echo(say(template, count=len(parameters), path=file, book=rulebook_id))


@click.command(
    "import",
    help=_(
        "Take parameters back from a workbook: what changed is shown, a rulebook is written; a document turns its basis into policy."
    ),
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.xlsx")
@click.option(
    "--from",
    "source",
    metavar="RULEBOOK",
    help=_(
        "The rulebook that was exported, an id or a FILE.toml; the one named in the workbook if left out."
    ),
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help=_("Where to write the rulebook; without it the changes are only shown."),
)
def import_command(file: Path, source: str | None, output: Path | None) -> None:
    """Show what changed, and write the rulebook with the source's comments."""
    workbook = read_parameter_workbook(file)
    book = loaded(source or workbook.rulebook_id)
    before = book.data()
    after, problems = fill_in_parameters(before, workbook.entries)
    if problems:
        raise Rejected(problems)
    text = derive_toml(book.content, after)
    parse(text)
    show_changes(parameter_changes(before, after))
    if output is not None:
        _save_rulebook(output, text)
        click.echo(
            say(
                msg("written to {path}; adopt it with: lifecycle rulebook adopt {path}"),
                path=output,
            )
        )


def show_changes(changes: list[ParameterChange]) -> None:
    """Print what changed, parameter by parameter."""
    if not changes:
        click.echo(_("no parameter differs"))
        return
    headings = PARAMETER_CHANGE_HEADINGS
    columns = [
        OutputColumn("place", headings["place"], show=str),
        OutputColumn("chinese", headings["chinese"], show=str),
        OutputColumn("before", headings["before"], show=_or_dash, number=True),
        OutputColumn("after", headings["after"], show=_or_dash, number=True),
        OutputColumn("basis_before", headings["basis_before"]),
        OutputColumn("basis_after", headings["basis_after"]),
    ]
    print_table([change._asdict() for change in changes], columns)


def _or_dash(value: Any) -> str:
    return "—" if value is None else str(value)
