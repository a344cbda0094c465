"""`completion SHELL`: print the script by which a shell completes with Tab."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from commands.cli.shared.powershell_completion import register
from commands.words.messages import _

COMPLETE_VARIABLE = "_LIFECYCLE_COMPLETE"


@click.command(
    "completion",
    help=_(
        "Print the script by which a shell completes commands, events, units, project codes and "
        "choices with Tab; the shell reads it when it starts."
    ),
)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish", "powershell")))
def command(shell: str) -> None:
    """Print it."""
    register()
    completion_class = get_completion_class(shell)
    assert completion_class is not None
    root = click.get_current_context().find_root().command
    script = completion_class(root, {}, "lifecycle", COMPLETE_VARIABLE)
    # Not `source`: for bash it runs bash to look at its version.
    click.echo(script.source_template % script.source_vars())
