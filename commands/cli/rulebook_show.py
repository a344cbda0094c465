"""`rulebook show`: a policy as tables, as its canonical data, or as a page."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.output_columns import OutputColumn
from commands.cli.shared.row_output import print_json, print_rows
from commands.cli.shared.rulebook_choice import loaded
from commands.reports.rulebook_page import rulebook_page
from commands.reports.rulebook_rows import (
    left_out_rows,
    limit_rows,
    provision_rows,
    rule_rows,
    scoring_table_rows,
)
from commands.words import table_headings as headings
from commands.words.messages import _
from lifecycle.rulebook import LoadedRulebook
from projections.views.json_rows import json_rows

_SHOWN_DIGEST: Final = 16
_SOURCE_COLUMNS: Final = (
    OutputColumn("clause", headings.CLAUSE),
    OutputColumn("basis", headings.BASIS),
    OutputColumn("note", headings.NOTE),
)
_LIMIT_COLUMNS: Final = (
    OutputColumn("name", headings.MODULE_OR_GROUP),
    OutputColumn("floor", headings.FLOOR, number=True),
    OutputColumn("cap", headings.CAP, number=True),
    *_SOURCE_COLUMNS,
)
_RULE_COLUMNS: Final = (
    OutputColumn("module", headings.MODULE),
    OutputColumn("rule", headings.RULE, show=str),
    OutputColumn("chinese", headings.CONTENT),
    OutputColumn("points", headings.RULE_POINTS),
    *_SOURCE_COLUMNS,
)
_SCORING_TABLE_COLUMNS: Final = (
    OutputColumn("subject", headings.SCORING_TABLES, show=str, whole=True),
    OutputColumn("text", headings.PROVISION, show=str),
    *_SOURCE_COLUMNS,
)
_PROVISION_COLUMNS: Final = (
    OutputColumn("subject", headings.BEYOND_POINTS, show=str, whole=True),
    OutputColumn("text", headings.PROVISION, show=str),
    *_SOURCE_COLUMNS,
)
_LEFT_OUT_COLUMNS: Final = (
    OutputColumn("clause", headings.CLAUSE_LEFT_OUT, whole=True),
    OutputColumn("why", headings.WHY_LEFT_OUT),
)


@click.command("show")
@click.argument("rulebook")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "html"]),
    default="table",
    show_default=True,
    help=_("The output format; html is a self-contained page."),
)
def command(rulebook: str, form: str) -> None:
    """Show a rulebook."""
    policy = loaded(rulebook)
    if form == "json":
        _print_data(policy)
    elif form == "html":
        click.echo(rulebook_page(policy))
    elif form == "csv":
        # CSV has room for one heading, so it holds the rules and not the other tables of the
        # screen.
        print_rows(json_rows(rule_rows(policy.rulebook)), _RULE_COLUMNS, form)
    else:
        _print_tables(policy)


def _print_data(policy: LoadedRulebook) -> None:
    data = policy.rulebook.model_dump(mode="json", by_alias=True, exclude_none=True)
    print_json({"id": policy.id, "digest": policy.digest, "rulebook": data})


def _print_tables(policy: LoadedRulebook) -> None:
    book = policy.rulebook
    digest = policy.digest[:_SHOWN_DIGEST]
    click.echo(book.title)
    click.echo(f"{book.issuer}  {book.effective_from} — {book.effective_to}  {digest}")
    print_rows(json_rows(limit_rows(book)), _LIMIT_COLUMNS, "table")
    print_rows(json_rows(rule_rows(book)), _RULE_COLUMNS, "table")
    print_rows(json_rows(scoring_table_rows(book)), _SCORING_TABLE_COLUMNS, "table")
    provisions = json_rows(provision_rows(book))
    if provisions:
        print_rows(provisions, _PROVISION_COLUMNS, "table")
    left_out = json_rows(left_out_rows(book))
    if left_out:
        print_rows(left_out, _LEFT_OUT_COLUMNS, "table")
