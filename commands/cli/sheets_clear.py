"""`sheets clear`: clear a task (销号) on evidence that one person submits, another reviews."""

from __future__ import annotations

import click

from commands.cli.shared.sheet_options import ActOptions, task_act_options
from commands.cli.shared.task_acts_flow import run_task_act
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
@task_act_options
def command(
    number: str,
    *,
    options: ActOptions,
    evidence: tuple[str, ...],
    **typed: str | None,
) -> None:
    """Record a clearing."""
    run_task_act(
        "TaskCleared",
        number,
        typed,
        options,
        # What the ladder asks of a clearing (spec 3); the rest may stay empty.
        required=("result", "submitted_by", "reviewed_by", "evidence"),
        evidence_files=evidence,
    )
