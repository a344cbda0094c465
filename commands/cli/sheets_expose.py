"""`sheets expose`: publish the exposure of a task (公开曝光单), approved by a person."""

from __future__ import annotations

import click

from commands.cli.shared.sheet_options import ActOptions, task_act_options
from commands.cli.shared.task_acts_flow import run_task_act
from commands.words.event_words import FIELDS


@click.command("expose")
@click.argument("number")
@click.option("--facts", help=str(FIELDS["facts"]))
@click.option("--approved-by", help=str(FIELDS["approved_by"]))
@task_act_options
def command(
    number: str,
    *,
    options: ActOptions,
    **typed: str | None,
) -> None:
    """Record an exposure."""
    run_task_act(
        "ExposurePublished",
        number,
        typed,
        options,
        # An exposure is published by a person's approval, never by rule alone (spec 3).
        required=("facts", "approved_by"),
    )
