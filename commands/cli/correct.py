"""`correct STREAM VERSION`: change or void an earlier event; the original stays visible."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from commands.cli.shared.clock_option import clock_option
from commands.cli.shared.history_output import history_columns, stream_rows
from commands.cli.shared.print_message import print_message
from commands.cli.shared.prompts import ask_changes, ask_text, confirm
from commands.cli.shared.receipt_output import print_entry, receipt_option
from commands.cli.shared.row_output import print_rows
from commands.cli.shared.store_access import author, evidence_store, open_store
from commands.cli.shared.typed_changes import typed_changes
from commands.cli.shared.typed_lines import read_line
from commands.cli.shared.understood_names import understood_stream
from commands.cli.shared.unusual_option import record_if_usual, unusual_option
from commands.handlers.correcting import (
    COUNTY_NAMES,
    CorrectionResult,
    correct_event,
    effective_event,
    find_event,
    find_stream,
)
from commands.handlers.evidence_intake import EvidenceIntake
from commands.words.event_words import FIELDS, field_name, field_place
from commands.words.field_value_text import change_text
from commands.words.history_words import event_term
from commands.words.messages import _, labelled, say
from commands.words.screen_words import COUNTY_STREAM, VOIDED
from lifecycle.deciding.changes_on_a_day import change_instead
from lifecycle.deciding.correction_rules import VOID_THE_EVENT
from lifecycle.events import COUNTY, FactCorrected, RecordedEvent, Stream, UnreadableEvent
from lifecycle.events.codec import fields_of
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import EventName, Rejected, msg


@dataclass(frozen=True, slots=True)
class TypedCorrection:
    """A correction as typed: None where an option was left out."""

    changes: tuple[str, ...]
    void: bool
    reason: str | None
    approved_by: str | None

    @property
    def is_complete(self) -> bool:
        """Whether nothing needs to be asked for."""
        return bool(self.reason and self.approved_by and (self.void or self.changes))


@dataclass(frozen=True, slots=True)
class CompleteCorrection:
    """A correction with nothing left to ask; a `replacement` of None voids the event."""

    replacement: Mapping[str, Any] | None
    reason: str
    approved_by: str


@click.command(
    "correct",
    help=_(
        "Correct event VERSION of STREAM (a project's code, a unit's name, or county): "
        "FIELD=VALUE …, or --void. Without VERSION the events of STREAM are listed."
    ),
)
@click.argument("stream")
@click.argument("version", type=click.IntRange(1), required=False)
@click.argument(
    "changes",
    nargs=-1,
    metavar="FIELD=VALUE…",
)
@click.option(
    "--void",
    is_flag=True,
    help=_("Void the event."),
)
@click.option("--reason", help=_("The reason."))
@click.option("--approved-by", help=_("The person who approved it."))
@click.option("--on-behalf-of", help=_("The person on whose behalf you record it."))
@click.option("--note", help=_("A note."))
@click.option("--yes", is_flag=True, help=_("Record without confirmation."))
@unusual_option
@receipt_option
@clock_option
def command(
    stream: str,
    version: int | None,
    changes: tuple[str, ...],
    *,
    void: bool,
    confirm_unusual: bool,
    reason: str | None,
    approved_by: str | None,
    on_behalf_of: str | None,
    note: str | None,
    yes: bool,
    receipt: Path | None,
) -> None:
    """Record the correction and show what it changes; on a terminal ask for what is missing."""
    typed = TypedCorrection(changes, void, reason, approved_by)
    evidence = EvidenceIntake(evidence_store())
    with open_store() as ledger:
        if version is None:
            version = _listed_version(ledger, stream)
        if version is None:
            return
        target = _target(ledger, stream, version)
        correction = _asked_correction(ledger, target, typed, evidence)
        if not yes:
            _confirm_on_terminal(ledger, target, correction)
        correct_target = partial(
            correct_event,
            ledger,
            target,
            correction.replacement,
            author(ledger, on_behalf_of),
            reason=correction.reason,
            approved_by=correction.approved_by,
            note=note,
            evidence=evidence,
        )
        result = record_if_usual(correct_target, confirmed=confirm_unusual)
        _print_change(target, result)
        print_entry(ledger, result.entry, receipt)


def _asked_correction(
    ledger: Ledger,
    target: RecordedEvent,
    typed: TypedCorrection,
    evidence: EvidenceIntake,
) -> CompleteCorrection:
    """Return what was typed with what was left out, which a terminal is asked for."""
    interactive = sys.stdin.isatty() and not typed.is_complete
    return CompleteCorrection(
        _replacement(ledger, target, typed, evidence, interactive=interactive),
        _required(typed.reason, "reason", interactive=interactive),
        _required(typed.approved_by, "approved_by", interactive=interactive),
    )


def _listed_version(ledger: Ledger, stream: str) -> int | None:
    """List the events of a stream; on a terminal return the version that is picked, else None."""
    events_stream = _stream(ledger, stream)
    rows = stream_rows(ledger, events_stream)
    title = COUNTY_STREAM if events_stream == COUNTY else events_stream.name
    print_rows(rows, history_columns(rows), "table", title=title)
    if not sys.stdin.isatty():
        return None
    versions = [row["version"] for row in rows]
    while True:
        answer = read_line(_("Which event? Its number; Enter stops"))
        if not answer:
            return None
        if answer.isascii() and answer.isdigit() and int(answer) in versions:
            return int(answer)
        print_message(say(msg("type numbers from 1 to {most}"), most=versions[-1]))


def _stream(ledger: Ledger, name: str) -> Stream:
    """Return the stream of a typed name. Raises `Rejected` for an unknown one."""
    if name not in COUNTY_NAMES:
        name = understood_stream(ledger, name)
    return find_stream(ledger, name)


def _target(ledger: Ledger, stream: str, version: int) -> RecordedEvent:
    """Return the event that is corrected. Raises `Rejected` for an unknown stream or version."""
    return find_event(ledger, _stream(ledger, stream), version)


def _required(text: str | None, name: str, *, interactive: bool) -> str:
    """Return an option's text, prompting if it is missing.

    Raises `MissingParameter` without a terminal.
    """
    if text:
        return text
    if not interactive:
        option = f"'--{name.replace('_', '-')}'"
        raise click.MissingParameter(param_hint=option, param_type="option")
    return ask_text(f"{FIELDS[name]} *")


def _replacement(
    ledger: Ledger,
    target: RecordedEvent,
    typed: TypedCorrection,
    evidence: EvidenceIntake,
    *,
    interactive: bool,
) -> dict[str, Any] | None:
    """Return the fields that change, typed or asked for; None voids the event."""
    if typed.void:
        return None
    if isinstance(target.event, UnreadableEvent):
        raise Rejected.by(
            "replace_unreadable",
            VOID_THE_EVENT,
            at="replacement",
            version=target.version,
            stream=target.stream.name,
        )
    # A correction of a correction changes its `replacement`, whose fields are another event's.
    if interactive and not typed.changes and not isinstance(target.event, FactCorrected):
        present = effective_event(ledger, target) or target
        changes = ask_changes(type(present.event), fields_of(present.event), ledger, evidence)
    else:
        changes = typed_changes(ledger, target, typed.changes)
    if not changes:
        raise Rejected.by("nothing_to_change", msg("give at least one FIELD=VALUE, or --void"))
    return changes


def _confirm_on_terminal(
    ledger: Ledger,
    target: RecordedEvent,
    correction: CompleteCorrection,
) -> None:
    # Old and new stand side by side before they are recorded, also where all was typed.
    if sys.stdin.isatty():
        confirm(_summary(ledger, target, correction))


def _summary(
    ledger: Ledger,
    target: RecordedEvent,
    correction: CompleteCorrection,
) -> list[str]:
    """Describe the correction before it is recorded: what the event says and what it will say."""
    replacement = correction.replacement
    lines = [f"{target.ref} {event_term(target.event)}"]
    if replacement is None:
        lines.append(str(VOIDED))
    else:
        present = effective_event(ledger, target) or target
        before = {} if isinstance(present.event, UnreadableEvent) else fields_of(present.event)
        event_name = type(target.event).__name__
        for name, value in replacement.items():
            change = change_text(name, before.get(name), value, event_name)
            lines.append(f"{field_name(name, event_name)}  {change}")
    later_event = change_instead(target.event, replacement or {})
    if later_event is not None:
        # Asked before it is recorded: a correction moves every figure since the day of the fact.
        question = msg(
            "the correction works back to {day}. If the record was right then and it changed on a "
            "later day, answer no and record {event}"
        )
        lines.append(say(question, day=target.event.on, event=EventName(later_event)))
    lines.append(f"{FIELDS['reason']}  {correction.reason}")
    lines.append(f"{FIELDS['approved_by']}  {correction.approved_by}")
    return lines


def _print_change(target: RecordedEvent, result: CorrectionResult) -> None:
    """Print what the event said and what it says after the correction."""
    if result.after is None:
        print_message(say(msg("{ref} is void"), ref=target.ref))
        return
    event_name = type(target.event).__name__
    # A correction may fill a field that the event left empty, or clear one that it had.
    for name in sorted({*result.before, *result.after}):
        before, after = result.before.get(name), result.after.get(name)
        if before != after:
            change = change_text(name, before, after, event_name)
            print_message(labelled(field_place(name, event_name), change))
