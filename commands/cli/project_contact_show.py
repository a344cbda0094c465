"""`project contact show PROJECT`: the contacts of an investor."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.output_columns import OutputColumn
from commands.cli.shared.print_message import print_message
from commands.cli.shared.row_output import print_json, table_or_json_option
from commands.cli.shared.store_access import open_store
from commands.cli.shared.table_output import print_table
from commands.cli.shared.understood_names import understood_name
from commands.words import table_headings as headings
from commands.words.messages import say
from lifecycle.ledger.contact_store import contacts_of
from lifecycle.rejections import msg

_COLUMNS: Final = (
    OutputColumn("person", headings.CONTACT_PERSON, show=str, whole=True),
    OutputColumn("position", headings.CONTACT_POSITION, show=str),
    OutputColumn("telephone", headings.CONTACT_TELEPHONE, show=str, whole=True),
    OutputColumn("remark", headings.CONTACT_REMARK, show=str),
    OutputColumn("changed_by", headings.CHANGED_BY, show=str),
    OutputColumn("changed_at", headings.CHANGED_AT, show=str, whole=True),
)


@click.command("show")
@click.argument("project")
@table_or_json_option
def command(project: str, form: str) -> None:
    """Show them."""
    with open_store() as ledger:
        code = understood_name(ledger, "project", project)
        contacts = contacts_of(ledger, code)
    rows = [row._asdict() for row in contacts]
    if form == "json":
        print_json(rows)
    elif rows:
        print_table(rows, _COLUMNS)
    else:
        print_message(say(msg("{project} has no contacts"), project=code))
