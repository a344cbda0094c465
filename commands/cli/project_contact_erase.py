"""`project contact erase PROJECT`: erase contacts for good."""

from __future__ import annotations

import sys

import click

from commands.cli.shared.print_message import print_message
from commands.cli.shared.store_access import open_store
from commands.cli.shared.understood_names import understood_name
from commands.handlers.investor_contacts import erase_contacts
from commands.words.messages import _, say
from lifecycle.ledger.contact_store import contacts_of
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import msg


@click.command("erase")
@click.argument("project")
@click.option("--person", help=_("Only this person; all if left out."))
@click.option("--yes", is_flag=True, help=_("Erase without confirmation."))
def command(
    project: str,
    person: str | None,
    *,
    yes: bool,
) -> None:
    """Erase them."""
    with open_store() as ledger:
        code = _project_with_contacts(ledger, project)
        if sys.stdin.isatty() and not yes:
            # Erasing cannot be undone, unlike anything that is recorded.
            _confirm(_names(ledger, code, person))
        erasure = erase_contacts(ledger, code, person)
    template = msg("erased {count} contacts of {project}; earlier backups still contain them")
    print_message(say(template, count=erasure.persons, project=code))
    if not erasure.is_log_clear:
        template = msg(
            "note: another process is reading the store; its log holds the contacts until the next "
            "`project contact set` or `erase`, or until no process has it open"
        )
        print_message(say(template))


def _project_with_contacts(ledger: Ledger, typed: str) -> str:
    """Return the project's code: as typed where contacts stand under it, the project void or not.

    Otherwise the project that the name means.
    """
    if contacts_of(ledger, typed):
        return typed
    return understood_name(ledger, "project", typed)


def _names(
    ledger: Ledger,
    code: str,
    person: str | None,
) -> list[str]:
    contacts = contacts_of(ledger, code)
    return [row.person for row in contacts if person in (None, row.person)]


def _confirm(names: list[str]) -> None:
    """Show who is about to be erased. Raises `Abort` unless the clerk confirms it."""
    for name in names:
        print_message(f"  {name}")
    if not click.confirm(_("Erase this for good?"), default=False, err=True):
        raise click.Abort
