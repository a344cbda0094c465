"""Options and arguments that several commands on sheets share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from commands.cli.shared.axes_options import day_option
from commands.words import sheet_words
from commands.words.messages import _, say
from lifecycle.deciding.task_ladder import Action
from lifecycle.rejections import msg

F = TypeVar("F", bound=Callable[..., Any])


def act_options(function: F) -> F:
    """Add `--occurred-on`, `--on-behalf-of` and `--yes`."""
    function = click.option(
        "--yes",
        is_flag=True,
        help=_("Record without confirmation."),
    )(function)
    function = click.option("--on-behalf-of", help=_("The person on whose behalf you record it."))(
        function
    )
    return day_option("--occurred-on", _("The day of the act. Default: today."))(function)


def read_action(text: str, allowed: Sequence[Action]) -> Action:
    """Return the action of a stored or Chinese name. Raises `BadParameter`."""
    name = sheet_words.stored_name(sheet_words.ACTIONS, text)
    for action in allowed:
        if action == name:
            return action
    # A clerk may type either name, so the message offers both.
    names = ", ".join(f"{action} ({sheet_words.action(action)})" for action in allowed)
    message = say(
        msg("unknown kind {kind}; allowed: {allowed}"),
        kind=text,
        allowed=names,
    )
    raise click.BadParameter(message, param_hint="KIND")
