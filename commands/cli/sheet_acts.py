"""The official acts on sheets: issue, clear, reopen, expose; on a terminal with a look before anything is recorded."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import click

from commands.cli.main import tell, told
from commands.cli.record import keep_receipts, receipt_option, show
from commands.cli.shared.command_context import iso, opened, who
from commands.cli.shared.prompts import ask, ask_text, confirm
from commands.cli.shared.row_output import OutputColumn, emit, format_option
from commands.handlers.evidence_intake import Papers
from commands.handlers.sheet_issuing import (
    BY_ITSELF,
    Chosen,
    Done,
    Issued,
    Wish,
    acting,
    issuing,
    looking,
)
from commands.words import sheet_words as words
from commands.words.event_words import EVENTS, FIELDS
from commands.words.messages import _, say
from commands.words.vocabulary_words import word
from lifecycle.deciding.task_ladder import Action
from lifecycle.events import BY_NAME
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.unit_of_work import UnitOfWork
from lifecycle.rejections import msg
from projections.scoring.rounding import decimal_text


def read_action(text: str, allowed: Sequence[str]) -> Action:
    """An action by its stored or Chinese name. Raises `BadParameter`."""
    found = words.stored_name(words.ACTIONS, text)
    for action in allowed:
        if action == found:
            return action  # type: ignore[return-value]
    told = ", ".join(f"{name} ({words.action(name)})" for name in allowed)
    raise click.BadParameter(
        say(msg("there is no kind {kind}; there are {allowed}"), kind=text, allowed=told),
        param_hint="KIND",
    )


def percent(rate: Any) -> str:
    """A ratio in percent, one place."""
    return f"{decimal_text(Fraction(rate) * 100, 1)}%"


_ON: Final = click.option(
    "--occurred-on", metavar="DATE", help=_("The day of the act; today if left out.")
)
_BEHALF: Final = click.option("--on-behalf-of", help=_("The person for whom you enter it."))
_YES: Final = click.option("--yes", is_flag=True, help=_("Record without asking again."))


def _day(text: str | None) -> date | None:
    from pydantic_core import PydanticCustomError  # noqa: PLC0415 -- help does not pay for it

    try:
        return None if text is None else iso(text)
    except PydanticCustomError as error:
        raise click.BadParameter(say(error.message_template), param_hint="--occurred-on") from None


# Issue ----------------------------------------------------------------------------------------------------------------


@click.command(
    "issue",
    help=_(
        "Issue the sheets that are due: all, or those of KIND (assign, warn, supervise); on a terminal with a look first. Exposure and clearing have commands of their own."
    ),
)
@click.argument("kind", required=False)
@click.option(
    "--about",
    multiple=True,
    metavar="NUMBER",
    help=_("Only about this task, which must be due; may be given again."),
)
@click.option("--project", help=_("Only for this project."))
@click.option("--unit", help=_("Only to this unit."))
@click.option("--task", help=_("The wording of the tasks assigned; by the stage if left out."))
@click.option("--mandate", help=_("The meeting or document that the tasks assigned rest on."))
@click.option(
    "--problem", help=_("The wording of the problem supervised; by the task if left out.")
)
@click.option("--each", is_flag=True, help=_("Look at each sheet and decide, on a terminal."))
@click.option("--dry-run", is_flag=True, help=_("Show what would be issued; record nothing."))
@_ON
@_BEHALF
@receipt_option
@_YES
@format_option
def issue_command(
    kind: str | None,
    about: tuple[str, ...],
    occurred_on: str | None,
    on_behalf_of: str | None,
    receipt: Path | None,
    form: str,
    *,
    each: bool,
    dry_run: bool,
    yes: bool,
    **given: str | None,
) -> None:
    """Issue them, all or nothing."""
    actions = BY_ITSELF if kind is None else (read_action(kind, BY_ITSELF),)
    if about and actions == ("assign",):
        raise click.UsageError(
            _("--about names tasks; a task that is to be assigned has no number yet, use --project")
        )
    if each and not sys.stdin.isatty():
        raise click.UsageError(_("--each asks, and there is no terminal to ask on"))
    wish = Wish(actions, about, _day(occurred_on), chosen=None, **given)
    with opened() as ledger:
        if dry_run or (sys.stdin.isatty() and form == "table" and not yes):
            found = ledger.preview(issuing(ledger, wish), who(ledger, on_behalf_of))
            if dry_run or not found:
                _show_issued(found, form, said=msg("{count} would be issued; nothing was recorded"))
                return
            wish = replace(wish, chosen=_looked_at(found, each=each))
        issued = ledger.execute(issuing(ledger, wish), who(ledger, on_behalf_of))
        _show_issued(issued, form, said=msg("{count} issued"))
        if receipt is not None and issued:
            keep_receipts(ledger, [sheet.entry for sheet in issued], receipt)


_ISSUED: Final = [
    OutputColumn("action", "单", show=words.action, whole=True),
    OutputColumn("number", FIELDS["number"], show=str, whole=True),
    OutputColumn("project", FIELDS["project"], show=str, whole=True),
    OutputColumn("about", "所涉", show=word),
    OutputColumn("unit", FIELDS["unit"], show=str),
    OutputColumn("due_on", "时限", whole=True),
]
_ISSUED_CSV: Final = [
    OutputColumn(name, name)
    for name in (
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
]


def _show_issued(issued: list[Issued], form: str, *, said: str) -> None:
    rows = [sheet.row() for sheet in issued]
    if form != "table":
        emit(rows, _ISSUED_CSV, form)
        return
    if rows:
        emit(
            [
                {
                    **row,
                    "about": row["about"] or row["stage"],
                    "due_on": row["rectify_by"] or row["due_on"],
                }
                for row in rows
            ],
            _ISSUED,
            form,
        )
    click.echo(say(said, count=len(rows)) if rows else _("nothing is due: nothing was issued"))
    for row in rows:
        if row["estimated"]:
            template = msg(
                "note: {number} is to be rectified by {day}, estimated: the arrangement of that year is not known"
            )
            tell(say(template, number=row["number"], day=row["rectify_by"]))


def _looked_at(found: list[Issued], *, each: bool) -> frozenset[Chosen]:
    """What the clerk approves of what would be issued. Raises `Abort` where it is nothing."""
    if not each:
        _show_issued(found, "table", said=msg("{count} to be issued"))
        answer = ask_text(_("a issue all, e look at each, q stop")).lower()
        while answer not in ("a", "e", "q"):
            answer = ask_text(_("a issue all, e look at each, q stop")).lower()
        if answer == "q":
            raise click.Abort
        if answer == "a":
            return frozenset(sheet.chosen for sheet in found)
    chosen = frozenset(sheet.chosen for sheet in found if _approved(sheet))
    if not chosen:
        raise click.Abort
    return chosen


def _approved(sheet: Issued) -> bool:
    click.echo("", err=True)
    kind = BY_NAME[sheet.record["event"]]
    tell(f"{EVENTS[kind.__name__]}  {sheet.record['number']}")
    about = (
        {}
        if sheet.about is None
        else {
            "task": sheet.about.task,
            "responsible_unit": sheet.order.unit,
            "due_on": sheet.about.due_on,
        }
    )
    for name, value in (sheet.record | about).items():
        if name not in ("event", "number"):
            tell(f"  {FIELDS[name]}  {word(value)}")
    return click.confirm(_("Issue this sheet?"), default=True, err=True)


# One task -------------------------------------------------------------------------------------------------------------


@click.command(
    "clear",
    help=_(
        "Clear the task NUMBER (销号): done, on evidence, submitted by one person and reviewed by another."
    ),
)
@click.argument("number")
@click.option("--result", help=str(FIELDS["result"]))
@click.option("--submitted-by", help=str(FIELDS["submitted_by"]))
@click.option("--reviewed-by", help=_("Who reviewed it: another person."))
@click.option(
    "--evidence",
    multiple=True,
    help=_("A file that shows it, kept with the store; may be given again."),
)
@click.option("--note", help=str(FIELDS["note"]))
@_ON
@_BEHALF
@receipt_option
@_YES
def clear_command(
    number: str,
    occurred_on: str | None,
    on_behalf_of: str | None,
    receipt: Path | None,
    *,
    yes: bool,
    evidence: tuple[str, ...],
    **given: str | None,
) -> None:
    """Record a clearing."""
    papers = Papers()
    fields: dict[str, Any] = {name: value for name, value in given.items() if value}
    if evidence:
        fields["evidence"] = [papers.digested(path) for path in evidence]
    with opened() as ledger:
        _act(
            ledger,
            "TaskCleared",
            number,
            fields,
            _day(occurred_on),
            papers,
            behalf=on_behalf_of,
            receipt=receipt,
            sure=yes,
        )


@click.command("reopen", help=_("Open the cleared task NUMBER again; its ladder begins anew."))
@click.argument("number")
@click.option("--reason", help=str(FIELDS["reason"]))
@click.option("--note", help=str(FIELDS["note"]))
@_ON
@_BEHALF
@receipt_option
@_YES
def reopen_command(
    number: str,
    occurred_on: str | None,
    on_behalf_of: str | None,
    receipt: Path | None,
    *,
    yes: bool,
    **given: str | None,
) -> None:
    """Record a reopening."""
    fields = {name: value for name, value in given.items() if value}
    with opened() as ledger:
        _act(
            ledger,
            "TaskReopened",
            number,
            fields,
            _day(occurred_on),
            Papers(),
            behalf=on_behalf_of,
            receipt=receipt,
            sure=yes,
        )


@click.command(
    "expose",
    help=_(
        "Publish the exposure (公开曝光单) of the task NUMBER, past its rectification, by a person's approval."
    ),
)
@click.argument("number")
@click.option("--facts", help=str(FIELDS["facts"]))
@click.option("--approved-by", help=str(FIELDS["approved_by"]))
@click.option("--note", help=str(FIELDS["note"]))
@_ON
@_BEHALF
@receipt_option
@_YES
def expose_command(
    number: str,
    occurred_on: str | None,
    on_behalf_of: str | None,
    receipt: Path | None,
    *,
    yes: bool,
    **given: str | None,
) -> None:
    """Record an exposure."""
    fields = {name: value for name, value in given.items() if value}
    with opened() as ledger:
        _act(
            ledger,
            "ExposurePublished",
            number,
            fields,
            _day(occurred_on),
            Papers(),
            behalf=on_behalf_of,
            receipt=receipt,
            sure=yes,
        )


_NEEDED: Final = {
    "TaskCleared": ("result", "submitted_by", "reviewed_by", "evidence"),
    "TaskReopened": ("reason",),
    "ExposurePublished": ("facts", "approved_by"),
}


def _act(
    ledger: Ledger,
    event: str,
    number: str,
    fields: dict[str, Any],
    day: date | None,
    papers: Papers,
    *,
    behalf: str | None,
    receipt: Path | None,
    sure: bool,
) -> None:
    """Decide and record; what is missing is asked for on a terminal, once the task was looked at."""
    if sys.stdin.isatty() and not (sure and all(name in fields for name in _NEEDED[event])):
        lines, notes = ledger.preview(looking(ledger, event, number, day), who(ledger, behalf))
        for line in lines:
            tell(f"  {line}")
        for note in notes:
            tell(say(msg("note: {text}"), text=told(note)))
        fields = _asked(ledger, event, fields, papers)
        if not sure:
            confirm(f"{FIELDS[name]}  {word(value)}" for name, value in fields.items())
    decide = acting(ledger, event, number, fields, day)

    def act(work: UnitOfWork) -> Done:
        done = decide(work)
        papers.kept(done.entry)
        return done

    done = ledger.execute(act, who(ledger, behalf))
    click.echo(f"{EVENTS[event]}  {done.record.get('number') or done.record['about']}")
    show(ledger, done.entry, receipt)


def _asked(ledger: Ledger, event: str, fields: dict[str, Any], papers: Papers) -> dict[str, Any]:
    """Ask for what is missing; the number, the task and the day are known."""
    known = {"number": "", "about": "", "occurred_on": "", **fields}
    found = ask(BY_NAME[event], [], known, ledger, papers)
    while event == "TaskCleared" and found["reviewed_by"] == found["submitted_by"]:
        tell(_("reviewed_by must be another person than submitted_by"))
        found["reviewed_by"] = ask_text(f"{FIELDS['reviewed_by']} *")
    return {
        name: value
        for name, value in found.items()
        if name not in ("number", "about", "occurred_on")
    }
