"""The flow of clearing, reopening and exposing: show the task, prompt, confirm, record."""

from __future__ import annotations

import sys
from typing import Any, Final

import click

from commands.cli.shared.field_questions import FieldContext, ask_field, question
from commands.cli.shared.print_message import print_message
from commands.cli.shared.prompts import ask_text, confirm, print_heading
from commands.cli.shared.receipt_output import print_entry
from commands.cli.shared.sheet_options import ActOptions
from commands.cli.shared.store_access import author, evidence_store, open_store
from commands.handlers.evidence_intake import EvidenceIntake
from commands.handlers.task_acts import TaskAct, TaskPreview, act_on_task, preview_task
from commands.intake.typed_fields import fields_of_kind
from commands.words import sheet_words, table_headings as headings
from commands.words.event_words import EVENTS, FIELDS
from commands.words.messages import _, say
from commands.words.problem_text import problem_text
from commands.words.terms import Label
from commands.words.vocabulary_words import word
from lifecycle.events import BY_NAME
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import msg

# What the task and the day give, so that nobody is asked for it.
_KNOWN_FIELDS: Final = ("number", "about", "occurred_on", "key")
_PREVIEW_LABELS: Final[dict[str, Label]] = {
    "status": headings.STATUS,
    "warned_on": headings.WARNED_ON,
    "supervised_on": headings.SUPERVISED_ON,
    "exposed_on": headings.EXPOSED_ON,
    "cleared_on": headings.CLEARED_ON,
}


def run_task_act(
    act: TaskAct,
    number: str,
    typed: dict[str, str | None],
    options: ActOptions,
    *,
    required: tuple[str, ...],
    evidence_files: tuple[str, ...] = (),
) -> None:
    """Record an act on a task; on a terminal show the task and prompt for missing fields."""
    evidence = EvidenceIntake(evidence_store())
    fields: dict[str, Any] = {name: text for name, text in typed.items() if text}
    if evidence_files:
        fields["evidence"] = [evidence.digest(path) for path in evidence_files]
    with open_store() as ledger:
        clerk = author(ledger, options.on_behalf_of)
        is_complete = all(name in fields for name in required)
        if sys.stdin.isatty() and not (options.yes and is_complete):
            # The preview raises what the act would raise, before the clerk types anything.
            _print_preview(preview_task(ledger, act, number, options.occurred_on, clerk))
            fields = _ask_missing(ledger, act, fields, evidence)
            if not options.yes:
                confirm([f"{FIELDS[name]}  {word(value)}" for name, value in fields.items()])
        result = act_on_task(ledger, act, number, fields, options.occurred_on, clerk, evidence)
        sheet_number = result.record.get("number") or result.record["about"]
        click.echo(f"{EVENTS[act]}  {sheet_number}")
        print_entry(ledger, result.entry, options.receipt)


def _print_preview(preview: TaskPreview) -> None:
    row = preview.row.as_json()
    row["status"] = sheet_words.status(row["status"])
    row["stage"] = word(row["stage"])
    for name, value in row.items():
        # `estimated` is a mark, not a field.
        if value and value is not True:
            print_message(f"  {_PREVIEW_LABELS.get(name) or FIELDS[name]}  {value}")
    for problem in preview.warnings:
        print_message(say(msg("note: {text}"), text=problem_text(problem)))


def _ask_missing(
    ledger: Ledger,
    act: TaskAct,
    fields: dict[str, Any],
    evidence: EvidenceIntake,
) -> dict[str, Any]:
    kind = BY_NAME[act]
    print_heading(
        kind, msg("{chinese} {name}: fields with * are required; press Enter to skip the others")
    )
    context = FieldContext(kind, ledger, evidence)
    today = ledger.clock().date()
    answers = dict(fields)
    for field in fields_of_kind(kind):
        if field.name in answers or field.name in _KNOWN_FIELDS:
            continue
        value = ask_field(context, field, question(field, today))
        if value is not None:
            answers[field.name] = value
    # The decision would reject it, but only after every other answer.
    while act == "TaskCleared" and answers["reviewed_by"] == answers["submitted_by"]:
        print_message(_("reviewed_by must not be the same person as submitted_by"))
        answers["reviewed_by"] = ask_text(f"{FIELDS['reviewed_by']} *")
    return answers
