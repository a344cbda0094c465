"""`calendar`: working days (show, add), and the deadlines for calendar programs (write)."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.lazy_group import LazyCommand, LazyGroup
from commands.words.messages import _
from lifecycle.rejections import msg

_COMMANDS: Final[dict[str, LazyCommand]] = {
    "show": LazyCommand(
        "commands.cli.calendar_show",
        msg("List the days of a year that depart from the week, and where they come from."),
    ),
    "add": LazyCommand(
        "commands.cli.calendar_add",
        msg(
            "Record a year's arrangement of days off from FILE (.csv, .xlsx): each row has a day, "
            "or a first and a last day, and then 放假 or 上班."
        ),
    ),
    "write": LazyCommand(
        "commands.cli.calendar_write",
        msg(
            "Write the deadlines of a unit, or of all, to FILE.ics for a calendar program; "
            "`lifecycle calendar FILE.ics` does the same."
        ),
    ),
}


class CalendarGroup(LazyGroup):
    """A group for which the name of an `.ics` file stands for `write` and that name."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command."""
        if args[0].lower().endswith(".ics"):
            args = ["write", *args]
        return super().resolve_command(ctx, args)


@click.group(
    "calendar",
    cls=CalendarGroup,
    table=_COMMANDS,
    help=_(
        "Working days that deadlines count by: show, add; deadlines for a calendar program: write."
    ),
)
def command() -> None:
    """Working days."""
