"""`calendar`: the working days that deadlines count by: show, add."""

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
}


@click.group(
    "calendar",
    cls=LazyGroup,
    table=_COMMANDS,
    help=_("The working days that deadlines count by: show, add."),
)
def command() -> None:
    """Working days."""
