"""`sheets expose`: publish the exposure of a task (公开曝光单), approved by a person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.receipt_output import receipt_option
from commands.cli.shared.sheet_options import act_options
from commands.cli.shared.task_acts_flow import ActOptions, run_task_act
from commands.words.event_words import FIELDS


@click.command("expose")
@click.argument("number")
@click.option("--facts", help=str(FIELDS["facts"]))
@click.option("--approved-by", help=str(FIELDS["approved_by"]))
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
    """Record an exposure."""
    run_task_act(
        "ExposurePublished",
        number,
        typed,
        ActOptions(occurred_on, on_behalf_of, receipt, yes),
        # An exposure is published by a person's approval, never by rule alone (spec 3).
        required=("facts", "approved_by"),
    )
