"""`sheets assign`: assign a task (任务交办单) by what a meeting decided."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

import click

from commands.cli.shared.axes_options import DAY
from commands.cli.shared.prompts import confirm
from commands.cli.shared.receipt_output import print_entry
from commands.cli.shared.sheet_options import ActOptions, task_act_options
from commands.cli.shared.store_access import author, open_store
from commands.cli.shared.understood_names import understood_filter, understood_name
from commands.handlers.assigning_tasks import Assignment, assign_task, preview_assignment
from commands.words.event_words import EVENTS, FIELDS
from commands.words.messages import _
from commands.words.vocabulary_words import word


@click.command("assign")
@click.argument("project")
@click.option("--task", required=True, help=str(FIELDS["task"]))
@click.option("--due-on", type=DAY, metavar="DATE", required=True, help=str(FIELDS["due_on"]))
@click.option("--unit", help=_("The responsible unit. Default: the one with the project's credit."))
@click.option(
    "--meeting",
    type=DAY,
    metavar="DATE",
    help=_("The day of the recorded meeting that decided it, which becomes the mandate."),
)
@click.option("--mandate", help=_("The document that decided it, in place of a meeting."))
@task_act_options
def command(
    project: str,
    due_on: date,
    unit: str | None,
    meeting: date | None,
    mandate: str | None,
    *,
    task: str,
    note: str | None,
    options: ActOptions,
) -> None:
    """Record the assignment under the next number."""
    if (meeting is None) == (mandate is None):
        raise click.UsageError(_("give the day of the meeting with --meeting, or --mandate"))
    with open_store() as ledger:
        project = understood_name(ledger, "project", project)
        unit = understood_filter(ledger, "unit", unit)
        assignment = Assignment(project, task, due_on, unit, meeting, mandate, note)
        clerk = author(ledger, options.on_behalf_of)
        if sys.stdin.isatty() and not options.yes:
            # The preview raises what the act would raise, before the clerk is asked.
            preview = preview_assignment(ledger, assignment, options.occurred_on, clerk)
            confirm(_summary(preview.record))
        result = assign_task(ledger, assignment, options.occurred_on, clerk)
        click.echo(f"{EVENTS[result.record['event']]}  {result.record['number']}")
        print_entry(ledger, result.entry, options.receipt)


def _summary(record: Mapping[str, Any]) -> list[str]:
    """Describe the assignment before it is recorded, a line for each field."""
    lines = []
    for name, value in record.items():
        if name != "event":
            lines.append(f"{FIELDS[name]}  {word(value)}")
    return lines
