"""`sheets issue`: issue the sheets that are due; on a terminal after confirmation."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from commands.cli.shared.axes_options import DAY
from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.output_columns import OutputColumn, csv_columns
from commands.cli.shared.print_message import print_message
from commands.cli.shared.prompts import ask_text
from commands.cli.shared.receipt_output import keep_receipts, receipt_option
from commands.cli.shared.row_output import format_option, print_rows
from commands.cli.shared.sheet_options import act_options, read_action
from commands.cli.shared.store_access import author, open_store
from commands.cli.shared.typed_lines import read_line
from commands.cli.shared.understood_names import understood_filter
from commands.handlers.sheet_issuing import (
    ISSUED_BY_RULE,
    IssuedSheet,
    IssueRequest,
    SheetChoice,
    issue_sheets,
    preview_sheets,
)
from commands.intake.typed_forms import strict_text
from commands.words import sheet_words, table_headings as headings
from commands.words.event_words import EVENTS, FIELDS
from commands.words.messages import _, say
from commands.words.vocabulary_words import word
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import msg

_COLUMNS: Final = (
    OutputColumn("action", headings.SHEET, show=sheet_words.action, whole=True),
    OutputColumn("number", FIELDS["number"], show=str, whole=True),
    OutputColumn("project", FIELDS["project"], show=str, whole=True),
    OutputColumn("about", headings.ABOUT, show=word),
    OutputColumn("unit", FIELDS["unit"], show=str),
    OutputColumn("due_on", headings.TIME_LIMIT, whole=True),
)
_CSV_FIELDS: Final = (
    "action",
    "number",
    "project",
    "about",
    "task",
    "unit",
    "stage",
    "due_on",
    "problem",
    "rectify_by",
    "estimated",
    "note",
    "event",
)


@click.command("issue")
@click.argument("kind", required=False)
@click.option(
    "--about",
    multiple=True,
    metavar="NUMBER",
    help=_("Only sheets about this task; may be repeated."),
)
@click.option("--project", help=_("Only sheets of this project."))
@click.option("--unit", help=_("Only sheets to this unit."))
@click.option("--task", help=_("The text of the assigned tasks. Default: a text for the stage."))
@click.option("--mandate", help=_("The meeting or document on which the assignment is based."))
@click.option(
    "--due-on",
    type=DAY,
    help=_("The new day of assigned tasks that would be overdue when they are issued."),
)
@click.option(
    "--problem", help=_("The text of the problem under supervision. Default: a text for the task.")
)
@click.option(
    "--each",
    is_flag=True,
    help=_("Confirm each sheet separately, on a terminal."),
)
@click.option(
    "--dry-run",
    is_flag=True,
    help=_("Show what would be issued without recording."),
)
@act_options
@receipt_option
@clock_option
@format_option
def command(
    kind: str | None,
    about: tuple[str, ...],
    occurred_on: date | None,
    on_behalf_of: str | None,
    receipt: Path | None,
    form: str,
    *,
    due_on: date | None,
    each: bool,
    dry_run: bool,
    yes: bool,
    **wording: str | None,
) -> None:
    """Issue them, all or nothing."""
    actions = ISSUED_BY_RULE if kind is None else (read_action(kind, ISSUED_BY_RULE),)
    interactive = sys.stdin.isatty()
    if about and actions == ("assign",):
        raise _assignment_named()
    if each and not interactive:
        raise click.UsageError(_("--each asks for confirmation and needs a terminal"))
    with open_store() as ledger:
        wording["unit"] = understood_filter(ledger, "unit", wording["unit"])
        wording["project"] = understood_filter(ledger, "project", wording["project"])
        request = IssueRequest(actions, about, occurred_on, approved=None, due_on=due_on, **wording)
        issuer = author(ledger, on_behalf_of)
        # JSON and CSV are for scripts, which approve by asking for the issue.
        if dry_run or (interactive and form == "table" and not yes):
            due = preview_sheets(ledger, request, issuer)
            if dry_run or not due:
                _print_sheets(
                    due, form, msg("sheets that would be issued: {count}; nothing was recorded")
                )
                return
            request = _approved_request(ledger, request, issuer, due, each=each)
        issued = issue_sheets(ledger, request, issuer)
        _print_sheets(issued, form, msg("sheets issued: {count}"))
        if receipt is not None and issued:
            keep_receipts(ledger, [sheet.entry for sheet in issued], receipt)


def _approved_request(
    ledger: Ledger,
    request: IssueRequest,
    issuer: Author,
    due: list[IssuedSheet],
    *,
    each: bool,
) -> IssueRequest:
    """Ask for what the due sheets lack and for their approval; return the request to issue by."""
    if request.due_on is None:
        day = request.day or ledger.clock().date()
        request = replace(request, due_on=_new_day(due, day))
        due = preview_sheets(ledger, request, issuer)
    # Between the look and the issue another clerk may record: only what was approved and is
    # still due is issued.
    return replace(request, approved=_approved_sheets(due, each=each))


def _new_day(sheets: Sequence[IssuedSheet], day: date) -> date | None:
    """Ask for the day of tasks that would be overdue when issued; None leaves the milestones'."""
    overdue = [sheet for sheet in sheets if sheet.due.action == "assign" and sheet.due_on < day]
    if not overdue:
        return None
    for sheet in overdue:
        print_message(f"  {sheet.record['project']}  {sheet.record['task']}  {sheet.due_on}")
    print_message(
        say(msg("tasks whose day is past when they are issued: {count}"), count=len(overdue))
    )
    while True:
        text = read_line(_("A new day for them, after the day of issue; Enter leaves it as it is"))
        if not text:
            return None
        try:
            new_day = date.fromisoformat(strict_text("day", text))
        except ValueError:
            print_message(say(msg("{text} is no day; write it as 2024-03-05"), text=text))
            continue
        if new_day > day:
            return new_day
        print_message(
            say(msg("{due_on} is not after the day of issue, {day}"), due_on=new_day, day=day)
        )


def _assignment_named() -> click.UsageError:
    # The contradiction is caught here: the ladder would only say that there is no such task.
    return click.UsageError(
        _("--about names existing tasks; a task to be assigned has no number yet: use --project")
    )


def _print_sheets(
    sheets: Sequence[IssuedSheet],
    form: str,
    count_template: str,
) -> None:
    rows = [sheet.row() for sheet in sheets]
    if form != "table":
        print_rows(rows, csv_columns(*_CSV_FIELDS), form)
        return
    if rows:
        print_rows([_table_row(row) for row in rows], _COLUMNS, form)
        click.echo(say(count_template, count=len(rows)))
    else:
        click.echo(_("nothing is due; nothing was issued"))
    for row in rows:
        if row["estimated"]:
            template = msg(
                "note: the rectification date of {number}, {day}, is an estimate: the "
                "working days of that year have not been published"
            )
            print_message(
                say(
                    template,
                    number=row["number"],
                    day=row["rectify_by"],
                )
            )


def _table_row(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row that names what the sheet is about, and the day that binds the unit."""
    about = row["about"] or row["stage"]
    time_limit = row["rectify_by"] or row["due_on"]
    return {**row, "about": about, "due_on": time_limit}


def _approved_sheets(sheets: list[IssuedSheet], *, each: bool) -> frozenset[SheetChoice]:
    """Let a clerk approve all or some of the sheets. Raises `Abort` if none is approved."""
    if not each:
        _print_sheets(sheets, "table", msg("sheets to issue: {count}"))
        answer = _ask_all_each_or_quit()
        if answer == "q":
            raise click.Abort
        if answer == "a":
            return frozenset(sheet.choice for sheet in sheets)
    # Numbers are given at the issue, so a sheet is remembered by what it is about.
    approved = frozenset(sheet.choice for sheet in sheets if _is_approved(sheet))
    if not approved:
        raise click.Abort
    return approved


def _ask_all_each_or_quit() -> str:
    while True:
        answer = ask_text(_("a: issue all, e: confirm each, q: quit")).lower()
        if answer in ("a", "e", "q"):
            return answer


def _is_approved(sheet: IssuedSheet) -> bool:
    """Show one sheet with the task that it is about, and ask whether to issue it."""
    print_message("")
    print_message(f"{EVENTS[sheet.record['event']]}  {sheet.record['number']}")
    fields = dict(sheet.record)
    if sheet.about is not None:
        fields["task"] = sheet.about.task
        fields["responsible_unit"] = sheet.due.unit
        fields["due_on"] = sheet.about.due_on
    for name, value in fields.items():
        if name not in ("event", "number"):
            print_message(f"  {FIELDS[name]}  {word(value)}")
    return click.confirm(
        _("Issue this sheet?"),
        default=True,
        err=True,
    )
