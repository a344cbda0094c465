"""`sheets`: the five task sheets (五单): list, due, week; issue, clear, reopen, expose."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.lazy_group import LazyCommand, LazyGroup
from commands.words.messages import _
from lifecycle.rejections import msg

_COMMANDS: Final[dict[str, LazyCommand]] = {
    "list": LazyCommand(
        "commands.cli.sheets_list", msg("Every task with its status and the days of its sheets.")
    ),
    "due": LazyCommand(
        "commands.cli.sheets_due",
        msg("What ought to be issued, and what may be cleared, on a day; looking issues nothing."),
    ),
    "week": LazyCommand(
        "commands.cli.sheets_week",
        msg(
            "The week (Monday to Sunday) that a day lies in, unit by unit: issued, cleared, in time, open, overdue, closing rate."
        ),
    ),
    "issue": LazyCommand(
        "commands.cli.sheets_issue",
        msg(
            "Issue the sheets that are due: all, or those of KIND (assign, warn, supervise); on a terminal with a look first. Exposure and clearing have commands of their own."
        ),
    ),
    "clear": LazyCommand(
        "commands.cli.sheets_clear",
        msg(
            "Clear the task NUMBER (销号): done, on evidence, submitted by one person and reviewed by another."
        ),
    ),
    "reopen": LazyCommand(
        "commands.cli.sheets_reopen",
        msg("Open the cleared task NUMBER again; its ladder begins anew."),
    ),
    "expose": LazyCommand(
        "commands.cli.sheets_expose",
        msg(
            "Publish the exposure (公开曝光单) of the task NUMBER, past its rectification, by a person's approval."
        ),
    ),
}


@click.group(
    "sheets",
    cls=LazyGroup,
    table=_COMMANDS,
    help=_("The five sheets: list, due, week; issue, clear, reopen, expose."),
)
def command() -> None:
    """The five task sheets."""
