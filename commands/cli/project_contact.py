"""`project contact`: the contacts of an investor, beside the ledger: set, show, erase."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.lazy_group import LazyCommand, LazyGroup
from commands.words.messages import _
from lifecycle.rejections import msg

_COMMANDS: Final[dict[str, LazyCommand]] = {
    "set": LazyCommand(
        "commands.cli.project_contact_set",
        msg("Add a person to a project's contacts, or change what is known of one."),
    ),
    "show": LazyCommand(
        "commands.cli.project_contact_show",
        msg("Show a project's contacts, and who changed each last."),
    ),
    "erase": LazyCommand(
        "commands.cli.project_contact_erase",
        msg("Erase a person from a project's contacts, or all of them, for good."),
    ),
}


@click.group(
    "contact",
    cls=LazyGroup,
    table=_COMMANDS,
    help=_("The investor's contacts: personal data beside the ledger, which can be erased."),
)
def command() -> None:
    """The contacts of an investor."""
