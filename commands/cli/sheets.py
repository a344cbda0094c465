"""`sheets`: the five task sheets (五单): list, due, week; issue, assign, clear, reopen, expose."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.lazy_group import LazyCommand, LazyGroup
from commands.words.messages import _
from lifecycle.rejections import msg

# 五单管理 (《实施意见》8): the kinds of sheet are the policy's own and the same in every rulebook.
_COMMANDS: Final[dict[str, LazyCommand]] = {
    "list": LazyCommand(
        "commands.cli.sheets_list",
        msg("List every task with its status and the dates of its sheets."),
    ),
    "due": LazyCommand(
        "commands.cli.sheets_due",
        msg("List the sheets to issue and the tasks to clear on a day; nothing is issued."),
    ),
    "week": LazyCommand(
        "commands.cli.sheets_week",
        msg(
            "Summarize the week (Monday to Sunday) of a day by unit: issued, cleared, in "
            "time, open, overdue, clearance rate."
        ),
    ),
    "issue": LazyCommand(
        "commands.cli.sheets_issue",
        msg(
            "Issue the sheets that are due: all, or those of KIND (assign, warn, "
            "supervise). On a terminal they are shown for confirmation. Exposing and "
            "clearing have their own commands."
        ),
    ),
    "assign": LazyCommand(
        "commands.cli.sheets_assign",
        msg(
            "Assign a task (任务交办单) of PROJECT by what a meeting decided; the number is the "
            "next one, the mandate the meeting."
        ),
    ),
    # Clearing and exposing name the persons who answer for them, so `issue` does neither in bulk.
    "clear": LazyCommand(
        "commands.cli.sheets_clear",
        msg(
            "Clear the task NUMBER (销号) on evidence, submitted by one person and "
            "reviewed by another."
        ),
    ),
    "reopen": LazyCommand(
        "commands.cli.sheets_reopen",
        msg("Reopen the cleared task NUMBER; its ladder starts again."),
    ),
    "expose": LazyCommand(
        "commands.cli.sheets_expose",
        msg(
            "Publish the exposure (公开曝光单) of the task NUMBER after its rectification "
            "date, approved by a person."
        ),
    ),
}


@click.group(
    "sheets",
    cls=LazyGroup,
    table=_COMMANDS,
    help=_("The five task sheets (五单): list, due, week; issue, assign, clear, reopen, expose."),
)
def command() -> None:
    """The five task sheets."""
