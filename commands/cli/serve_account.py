"""`serve account`: who may read the pages from another machine."""

from __future__ import annotations

import sys
from typing import Final

import click

from commands.cli.shared.account_file import open_accounts
from commands.cli.shared.lazy_group import SuggestingGroup
from commands.cli.shared.output_columns import OutputColumn
from commands.cli.shared.row_output import format_option, print_rows
from commands.cli.shared.store_access import open_store
from commands.cli.shared.understood_names import understood_name
from commands.cli.shared.unknown_names import unknown_unit
from commands.web.accounts import ROLES
from commands.words.account_words import ACCOUNT_NAME, role_name
from commands.words.event_words import FIELDS
from commands.words.messages import _, say
from commands.words.table_headings import ROLE
from lifecycle.rejections import msg
from projections.scoring.units_of_view import registered_units

_COLUMNS: Final = (
    OutputColumn("name", ACCOUNT_NAME, show=str),
    OutputColumn("role", ROLE, show=role_name),
    OutputColumn("unit", FIELDS["unit"]),
)


@click.group(
    "account",
    cls=SuggestingGroup,
)
def command() -> None:
    """Accounts."""


@command.command(
    "add",
    help=_(
        "Add the account NAME, or change its role or password; the password is prompted "
        "for or read from standard input."
    ),
)
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice(ROLES),
    required=True,
    help=_(
        "leader: everything except names of persons; auditor: everything; unit: its own "
        "data in full, the totals of others."
    ),
)
@click.option("--unit", help=_("The unit, for the role `unit`."))
def add_command(
    name: str,
    role: str,
    unit: str | None,
) -> None:
    """Add the account."""
    accounts = open_accounts()
    if unit is not None:
        # A misspelt unit would make an account that sees nothing of its own.
        unit = _registered_unit(unit)
    accounts.add(name, role, unit, _typed_password())
    click.echo(say(msg("{name} can log in; stored in {path}"), name=name, path=accounts.path))


def _registered_unit(unit: str) -> str:
    """Return the unit that a name means. Raises `Rejected` for one that is not registered."""
    with open_store() as ledger:
        unit = understood_name(ledger, "unit", unit)
        units = [unit.name for unit in registered_units(ledger, ledger.head().position)]
    if unit not in units:
        raise unknown_unit(unit, units)
    return unit


def _typed_password() -> str:
    """A password from a script's standard input, or typed twice at a terminal."""
    if not sys.stdin.isatty():
        # Only the end of the line is cut: a password may begin or end with a blank.
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt(
        _("password"),
        hide_input=True,
        confirmation_prompt=True,
        # On standard error, so that redirected output holds the messages alone.
        err=True,
    )
    return password


@command.command("list", help=_("List the accounts with their roles."))
@format_option
def list_command(form: str) -> None:
    """List the accounts."""
    rows = []
    for account in open_accounts().by_name.values():
        rows.append({"name": account.name, "role": account.role, "unit": account.unit})
    print_rows(rows, _COLUMNS, form)


@command.command("remove", help=_("Remove the account NAME; its sessions end at once."))
@click.argument("name")
def remove_command(name: str) -> None:
    """Remove the account."""
    open_accounts().remove(name)
    click.echo(say(msg("{name} can no longer log in"), name=name))
