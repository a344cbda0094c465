"""`project`: the projects: list, show, history."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.lazy_group import LazyCommand, LazyGroup
from commands.words.messages import _
from lifecycle.rejections import msg

_COMMANDS: Final[dict[str, LazyCommand]] = {
    "list": LazyCommand("commands.cli.project_list", msg("List the projects as of a day.")),
    "show": LazyCommand(
        "commands.cli.project_show",
        msg("Show one project: facts, stages, amounts, credit, standing, anomalies."),
    ),
    "history": LazyCommand(
        "commands.cli.project_history",
        msg("Show every event of a project, each correction beside what it changes."),
    ),
    "move": LazyCommand(
        "commands.cli.project_move",
        msg("Give a project another code: its events are voided and recorded under the new one."),
    ),
    "contact": LazyCommand(
        "commands.cli.project_contact",
        msg("The investor's contacts: personal data beside the ledger, which can be erased."),
    ),
}


@click.group(
    "project",
    cls=LazyGroup,
    table=_COMMANDS,
    help=_("Projects: list, show, history, move, contacts."),
)
def command() -> None:
    """The projects."""
