"""`project move OLD NEW`: give a project another code; both histories name the other."""

from __future__ import annotations

import sys

import click

from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.print_message import print_message
from commands.cli.shared.prompts import confirm
from commands.cli.shared.store_access import author, open_store
from commands.cli.shared.understood_names import understood_name
from commands.handlers.moving_projects import Move, move_project
from commands.words.event_words import FIELDS
from commands.words.messages import _, say
from lifecycle.rejections import msg


@click.command("move")
@click.argument("old")
@click.argument("new")
@click.option("--reason", required=True, help=_("The reason."))
@click.option("--approved-by", required=True, help=_("The person who approved it."))
@click.option("--on-behalf-of", help=_("The person on whose behalf you record it."))
@click.option("--yes", is_flag=True, help=_("Record without confirmation."))
@clock_option
def command(
    old: str,
    new: str,
    *,
    reason: str,
    approved_by: str,
    on_behalf_of: str | None,
    yes: bool,
) -> None:
    """Move it."""
    with open_store() as ledger:
        # The new code is taken as typed: no project has it yet by which it could be understood.
        old = understood_name(ledger, "project", old)
        move = Move(old, new, reason, approved_by)
        if sys.stdin.isatty() and not yes:
            confirm(_summary(move))
        entries = move_project(ledger, move, author(ledger, on_behalf_of))
    moved = say(
        msg("{old} is now {new}: {count} events recorded, {first} to {last}"),
        old=old,
        new=new,
        count=len(entries),
        first=entries[0].ref,
        last=entries[-1].ref,
    )
    print_message(moved)


def _summary(move: Move) -> list[str]:
    question = msg("every event of {old} is voided and recorded under {new}")
    return [
        say(question, old=move.old, new=move.new),
        f"{FIELDS['reason']}  {move.reason}",
        f"{FIELDS['approved_by']}  {move.approved_by}",
    ]
