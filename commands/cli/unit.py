"""`unit`: the units as of a day, one unit's history, and its changes."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.lazy_group import LazyCommand, LazyGroup
from commands.words.messages import _
from lifecycle.rejections import msg

_COMMANDS: Final[dict[str, LazyCommand]] = {
    "list": LazyCommand("commands.cli.unit_list", msg("List the units as of a day.")),
    "show": LazyCommand(
        "commands.cli.unit_show",
        msg(
            "Show one unit as of a day: name, sequence, category and, if dissolved, its successor."
        ),
    ),
    "history": LazyCommand(
        "commands.cli.unit_history",
        msg("Show every event of a unit, each correction beside what it changes."),
    ),
    "rename": LazyCommand(
        "commands.cli.unit_rename", msg("Give a unit another name from a day on (单位更名).")
    ),
    "regroup": LazyCommand(
        "commands.cli.unit_regroup",
        msg("Place a unit in another sequence from a day on (序列调整)."),
    ),
    "dissolve": LazyCommand(
        "commands.cli.unit_dissolve",
        msg("Dissolve a unit on a day, with a successor or without (单位撤并)."),
    ),
}


@click.group(
    "unit",
    cls=LazyGroup,
    table=_COMMANDS,
    help=_("Units: list, show, history, rename, regroup, dissolve."),
)
def command() -> None:
    """The units."""
