"""Evidence files that a backup or a copy had to leave out."""

from __future__ import annotations

from collections.abc import Sequence

import click

from commands.cli.shared.print_message import print_message
from commands.words.messages import say
from commands.words.problem_text import problem_text
from lifecycle.rejections import Problem, msg


def exit_if_lacking(problems: Sequence[Problem]) -> None:
    """Name each file that was left out, and end the command with exit code 1."""
    if not problems:
        return
    for problem in problems:
        print_message(problem_text(problem))
    template = msg(
        "{count} evidence files are missing; everything else is complete. Find them in an "
        "earlier backup, or record them again"
    )
    print_message(say(template, count=len(problems)))
    click.get_current_context().exit(1)
