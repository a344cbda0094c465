"""`sheets reopen`: reopen a cleared task; its ladder starts again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.receipt_output import receipt_option
from commands.cli.shared.sheet_options import act_options
from commands.cli.shared.task_acts_flow import ActOptions, run_task_act
from commands.words.event_words import FIELDS


@click.command("reopen")
@click.argument("number")
@click.option("--reason", help=str(FIELDS["reason"]))
@click.option("--note", help=str(FIELDS["note"]))
@act_options
@receipt_option
@clock_option
def command(
    number: str,
    occurred_on: date | None,
    on_behalf_of: str | None,
    receipt: Path | None,
    *,
    yes: bool,
    **typed: str | None,
) -> None:
    """Record a reopening."""
    run_task_act(
        "TaskReopened",
        number,
        typed,
        ActOptions(occurred_on, on_behalf_of, receipt, yes),
        # Reopening starts the task's ladder again, which the unit has to understand.
        required=("reason",),
    )
