"""The help of every command, as the reference pages quote it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import click

from commands.cli.main import cli
from commands.cli.shared.command_table import COMMANDS

_WIDTH: Final = 100


def every_help() -> Iterator[str]:
    """Quote the help of each command and subcommand, in the language that is spoken."""
    root = click.Context(cli, info_name="lifecycle", **cli.context_settings)
    for name in COMMANDS:
        yield from _help(cli, root, name)


def _help(group: click.Group, parent: click.Context, name: str) -> Iterator[str]:
    command = group.get_command(parent, name)
    if command is None:
        raise LookupError(name)
    context = click.Context(command, info_name=name, parent=parent, terminal_width=_WIDTH)
    yield f"## {context.command_path}\n"
    yield f"```text\n{command.get_help(context).rstrip()}\n```\n"
    # `record` has a subcommand for each event; the events page describes their fields.
    if isinstance(command, click.Group) and name != "record":
        for subcommand in command.list_commands(context):
            yield from _help(command, context, subcommand)
