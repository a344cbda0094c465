"""`--confirm-unusual`, and the question about what is unusual on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from commands.cli.shared.print_message import print_message
from commands.handlers.plausibility import is_unusual, without_advice
from commands.words.messages import _
from commands.words.problem_text import problem_text
from lifecycle.rejections import Rejected, msg

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")
_HELP: Final = msg("Record what looks unusual, such as a figure above the contract: it is right.")


def unusual_parameter() -> click.Option:
    """Return the option `--confirm-unusual`."""
    return click.Option(["--confirm-unusual"], is_flag=True, help=_(_HELP))


def unusual_option(function: F) -> F:
    """Add `--confirm-unusual`."""
    return click.option("--confirm-unusual", is_flag=True, help=_(_HELP))(function)


def record_if_usual(
    record: Callable[..., T],
    *,
    confirmed: bool,
    may_ask: bool = True,
) -> T:
    """Call `record` with `confirm_unusual`, whether what is unusual is confirmed.

    On a terminal it is asked for and recorded if it is right; what was typed is not lost.
    """
    try:
        return record(confirm_unusual=confirmed)
    except Rejected as rejected:
        if not (may_ask and is_unusual(rejected) and sys.stdin.isatty()):
            raise
        for problem in without_advice(rejected.problems):
            print_message(problem_text(problem))
    if not click.confirm(_("Is this right?"), default=False, err=True):
        raise click.Abort
    return record(confirm_unusual=True)
