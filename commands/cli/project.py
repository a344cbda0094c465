"""`project`: the projects: list, show, history."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.lazy_group import LazyCommand, LazyGroup
from commands.words.messages import _
from lifecycle.rejections import msg

_COMMANDS: Final[dict[str, LazyCommand]] = {
    "list": LazyCommand("commands.cli.project_list", msg("The projects known by a day.")),
    "show": LazyCommand(
        "commands.cli.project_show",
        msg("One project: facts, nodes, amounts, credit, standing, anomalies."),
    ),
    "history": LazyCommand(
        "commands.cli.project_history",
        msg("Every event of a project, corrections beside what they change."),
    ),
}


@click.group(
    "project", cls=LazyGroup, table=_COMMANDS, help=_("The projects: list, show, history.")
)
def command() -> None:
    """The projects."""
