"""Groups of commands that load a command's module only when the command runs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final, NamedTuple

import click

from commands.words.messages import _
from lifecycle.rejections import StoreError

_COMPLETION: Final = "commands.cli.shared.name_completion"
_UNREADABLE_PLACE: Final = "commands.cli.shared.unreadable_place"


def is_completing() -> bool:
    """Whether a shell asks for completions, and no command runs."""
    return "_LIFECYCLE_COMPLETE" in os.environ


class LazyCommand(NamedTuple):
    """A command that is not loaded yet: its module, and the msgid of its help in a list."""

    module: str
    summary: str

    def load(self) -> click.Command:
        """Import the command's module."""
        command: click.Command = import_module(self.module).command
        return command


class SuggestingGroup(click.Group):
    """A group that names the commands nearest to an unknown one."""

    def names(self, ctx: click.Context) -> list[str]:
        """List what may be typed."""
        return self.list_commands(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; click alone suggests only commands that are loaded."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            raise click.exceptions.NoSuchCommand(
                error.command_name, possibilities=self.names(ctx), ctx=ctx
            ) from None


class LazyGroup(SuggestingGroup):
    """A group that shows help and completes names from a table, without loading any command.

    The table's sentence is the command's own help too, unless commands have `own_help`.
    """

    def __init__(
        self,
        *args: Any,
        table: Mapping[str, LazyCommand],
        own_help: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        self.own_help = own_help

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; name the event where a value that it met late cannot be read."""
        try:
            return super().invoke(ctx)
        except StoreError as error:
            # By name: help and mistyped commands do without the store.
            named: Exception = import_module(_UNREADABLE_PLACE).with_place(error)
            if named is error:
                raise
            raise named from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the table's order."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the command."""
        if cmd_name not in self.table:
            return None
        command = self.load_command(cmd_name)
        if not self.own_help:
            command.help = _(self.table[cmd_name].summary)
        return command

    def load_command(self, name: str) -> click.Command:
        """Load the module of one of the table's commands."""
        command = self.table[name].load()
        if is_completing() and not isinstance(command, click.Group):
            # A command that runs does without it.
            import_module(_COMPLETION).complete_parameters(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands."""
        # The language is chosen after this module is loaded, so each summary is translated when it
        # is shown.
        rows = [(name, _(entry.summary)) for name, entry in self.table.items()]
        with formatter.section(_("Commands")):
            formatter.write_dl(rows)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Complete a command's name."""
        # Only a shell that completes pays for it.
        from click.shell_completion import CompletionItem  # noqa: PLC0415

        return [
            CompletionItem(name, help=_(entry.summary))
            for name, entry in self.table.items()
            if name.startswith(incomplete)
        ]
