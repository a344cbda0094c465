"""`--clock-is-right`, the question about an unlikely clock, and the warning for one that is behind.

A command that has the option is one that records: `open_store` asks and warns for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from commands.cli.shared.print_message import print_message
from commands.words.messages import _, say
from commands.words.problem_text import problem_text
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Problem, msg

F = TypeVar("F", bound=Callable[..., Any])
# In click's `meta`, which nested contexts share: `open_store` looks without being handed it.
_ANSWER: Final = "commands.clock_is_right"


def clock_parameter() -> click.Option:
    """Return the option `--clock-is-right`, which leaves its answer to `open_store`."""
    return click.Option(
        ["--clock-is-right"],
        is_flag=True,
        expose_value=False,
        callback=_remember_answer,
        help=_("Record although the clock is unlikely: it is right."),
    )


def clock_option(function: F) -> F:
    """Add `--clock-is-right`."""
    return click.option(
        "--clock-is-right",
        is_flag=True,
        expose_value=False,
        callback=_remember_answer,
        help=_("Record although the clock is unlikely: it is right."),
    )(function)


def _remember_answer(context: click.Context, _parameter: click.Parameter, answer: bool) -> None:  # noqa: FBT001 -- click's signature
    context.meta[_ANSWER] = answer


def is_recording() -> bool:
    """Return whether the present command is one that records."""
    # click calls back for an option left out too, so the key tells that the command has it.
    return _ANSWER in click.get_current_context().meta


def answer_for_clock(ledger: Ledger) -> None:
    """Let recording trust the clock if the option says so; ask on a terminal when it matters."""
    if click.get_current_context().meta[_ANSWER]:
        ledger.clock_is_right = True
    elif sys.stdin.isatty():
        ledger.confirm_clock = _confirm_clock


def _confirm_clock(problem: Problem) -> bool:
    print_message(problem_text(problem))
    return click.confirm(_("Is the clock right?"), default=False, err=True)


def warn_of_clock(ledger: Ledger) -> None:
    """Warn while the last recorded time lies after the clock."""
    problem = ledger.clock_warning()
    if problem is not None:
        print_message(say(msg("note: {text}"), text=problem_text(problem)))
