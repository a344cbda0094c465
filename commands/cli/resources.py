"""`resources`: the land and buildings on offer, and what suits a project."""

from __future__ import annotations

from typing import Final

import click

from commands.cli.shared.lazy_group import LazyCommand, LazyGroup
from commands.words.messages import _
from lifecycle.rejections import msg

_COMMANDS: Final[dict[str, LazyCommand]] = {
    "list": LazyCommand(
        "commands.cli.resources_list", msg("List the resources as of a day (资源清单).")
    ),
    "match": LazyCommand(
        "commands.cli.resources_match",
        msg("List what is large enough for a project and available, the most suitable first."),
    ),
    "show": LazyCommand(
        "commands.cli.resources_show",
        msg("Show one resource: who took of it, by which event, and its history."),
    ),
}


@click.group(
    "resources",
    cls=LazyGroup,
    table=_COMMANDS,
    help=_("Land and buildings on offer (资源清单): list, match, show."),
)
def command() -> None:
    """The resources."""
