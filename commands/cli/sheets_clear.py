"""`sheets clear`: clear a task (销号) on evidence that one person submits, another reviews."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.receipt_output import receipt_option
from commands.cli.shared.sheet_options import act_options
from commands.cli.shared.task_acts_flow import ActOptions, run_task_act
from commands.words.event_words import FIELDS
from commands.words.messages import _


@click.command("clear")
@click.argument("number")
@click.option("--result", help=str(FIELDS["result"]))
@click.option("--submitted-by", help=str(FIELDS["submitted_by"]))
@click.option("--reviewed-by", help=_("The reviewer, who must be another person."))
@click.option(
    "--evidence",
    multiple=True,
    help=_("An evidence file, stored with the ledger; may be repeated."),
)
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
    evidence: tuple[str, ...],
    **typed: str | None,
) -> None:
    """Record a clearing."""
    run_task_act(
        "TaskCleared",
        number,
        typed,
        ActOptions(occurred_on, on_behalf_of, receipt, yes),
        # What the ladder asks of a clearing (spec 3); the rest may stay empty.
        required=("result", "submitted_by", "reviewed_by", "evidence"),
        evidence_files=evidence,
    )
