"""Options and arguments that several commands on sheets share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click

from commands.cli.shared.axes_options import day_option
from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.receipt_output import receipt_option
from commands.words import sheet_words
from commands.words.event_words import FIELDS
from commands.words.messages import _, say
from lifecycle.deciding.task_ladder import Action
from lifecycle.rejections import msg

F = TypeVar("F", bound=Callable[..., Any])


class ActOptions(NamedTuple):
    """The options that every act on a task has."""

    occurred_on: date | None
    on_behalf_of: str | None
    receipt: Path | None
    yes: bool


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


def task_act_options(function: F) -> Callable[..., Any]:
    """Add what every act on a task takes, and pass it to the command as one `options`."""

    @wraps(function)
    def with_options(
        *,
        occurred_on: date | None,
        on_behalf_of: str | None,
        receipt: Path | None,
        yes: bool,
        **typed: Any,
    ) -> Any:
        options = ActOptions(occurred_on, on_behalf_of, receipt, yes)
        return function(options=options, **typed)

    # Help lists them in this order, after the command's own.
    command = act_options(receipt_option(clock_option(with_options)))
    return click.option("--note", help=str(FIELDS["note"]))(command)


def read_action(text: str, allowed: Sequence[Action]) -> Action:
    """Return the action of a stored or Chinese name. Raises `BadParameter`."""
    name = sheet_words.stored_name(sheet_words.ACTIONS, text)
    for action in allowed:
        if action == name:
            return action
    # A clerk may type either name, so the message offers both.
    names = [f"{sheet_words.action(action)} ({action})" for action in allowed]
    message = say(
        msg("unknown kind {kind}; allowed: {allowed}"),
        kind=text,
        allowed=names,
    )
    raise click.BadParameter(message, param_hint="KIND")
