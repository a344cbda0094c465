"""Ask on a terminal: for a text, for what changes in an event, and for a confirmation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import click

from commands.cli.shared.field_questions import KEEP, FieldContext, ask_changed_field
from commands.cli.shared.print_message import print_message
from commands.cli.shared.typed_lines import read_line
from commands.handlers.evidence_intake import EvidenceIntake
from commands.intake.typed_fields import fields_of_kind
from commands.words.event_words import EVENTS
from commands.words.messages import _, say
from lifecycle.events import Event
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import msg


def ask_changes(
    kind: type[Event],
    present: Mapping[str, object],
    ledger: Ledger,
    evidence: EvidenceIntake,
) -> dict[str, Any]:
    """Ask which fields of an event change, each with its present value.

    Enter keeps a field, a single - unsets an optional one.
    """
    print_heading(
        kind, msg("{chinese} {name}: press Enter to keep a field, type - to clear an optional one")
    )
    changes: dict[str, Any] = {}
    context = FieldContext(kind, ledger, evidence)
    for field in fields_of_kind(kind):
        # The key stays with the event that was recorded under it.
        if field.name == "key":
            continue
        value = ask_changed_field(context, field, present.get(field.name))
        if value is not KEEP:
            changes[field.name] = value
    return changes


def print_heading(kind: type[Event], template: str) -> None:
    """Say which event is asked for, and how."""
    text = say(template, chinese=EVENTS[kind.__name__].chinese, name=kind.__name__)
    print_message(text)


def ask_text(label: str) -> str:
    """Ask until something is typed."""
    while not (text := read_line(label)):
        print_message(say(msg("is required")))
    return text


def confirm(lines: Iterable[str]) -> None:
    """Show what is about to be recorded. Raises `Abort` unless the clerk confirms it."""
    for line in lines:
        print_message(f"  {line}")
    if not click.confirm(
        _("Record this?"),
        default=True,
        err=True,
    ):
        raise click.Abort
