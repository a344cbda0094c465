"""`sheets reopen`: reopen a cleared task; its ladder starts again."""

from __future__ import annotations

import click

from commands.cli.shared.sheet_options import ActOptions, task_act_options
from commands.cli.shared.task_acts_flow import run_task_act
from commands.words.event_words import FIELDS


@click.command("reopen")
@click.argument("number")
@click.option("--reason", help=str(FIELDS["reason"]))
@task_act_options
def command(
    number: str,
    *,
    options: ActOptions,
    **typed: str | None,
) -> None:
    """Record a reopening."""
    run_task_act(
        "TaskReopened",
        number,
        typed,
        options,
        # Reopening starts the task's ladder again, which the unit has to understand.
        required=("reason",),
    )
