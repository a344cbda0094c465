"""`project contact set PROJECT --person NAME`: add a contact, or change one."""

from __future__ import annotations

import click

from commands.cli.shared.print_message import print_message
from commands.cli.shared.store_access import author, open_store
from commands.cli.shared.understood_names import understood_name
from commands.handlers.investor_contacts import ContactChange, set_contact
from commands.words.messages import _, say
from lifecycle.rejections import msg


@click.command("set")
@click.argument("project")
@click.option("--person", required=True, help=_("The person's name."))
@click.option("--telephone", help=_("Telephone numbers; an empty text clears them."))
@click.option("--position", help=_("The person's position; an empty text clears it."))
@click.option("--remark", help=_("A remark; an empty text clears it."))
def command(
    project: str,
    person: str,
    telephone: str | None,
    position: str | None,
    remark: str | None,
) -> None:
    """Set it; options that are left out change nothing."""
    with open_store() as ledger:
        code = understood_name(ledger, "project", project)
        change = ContactChange(code, person, telephone, position, remark)
        row = set_contact(ledger, change, author(ledger).login)
    template = msg("{person} is a contact of {project}; the ledger holds nothing of it")
    print_message(say(template, person=row.person, project=row.project))
