"""Changes of an event as they are typed: FIELD=VALUE."""

from __future__ import annotations

from typing import Any

from commands.cli.shared.understood_names import understood_field
from commands.intake.typed_fields import fields_of_kind
from lifecycle.events import FactCorrected, RecordedEvent
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg


def typed_changes(ledger: Ledger, target: RecordedEvent, texts: tuple[str, ...]) -> dict[str, Any]:
    """Read each FIELD=VALUE, the field by its stored or Chinese name."""
    fields = {}
    # A correction's `replacement` holds another event's fields: names and values pass unread.
    if not isinstance(target.event, FactCorrected):
        for field in fields_of_kind(type(target.event)):
            fields[field.chinese] = field
        # A stored name wins over an equal Chinese one.
        for field in fields_of_kind(type(target.event)):
            fields[field.name] = field
    changes: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            template = msg(
                "{change} is not FIELD=VALUE; FIELD= without a value clears an optional field"
            )
            raise Rejected.by("change_form", template, change=text)
        changed_field = fields.get(name.strip())
        stored_name = changed_field.name if changed_field else name.strip()
        if not value.strip():
            changes[stored_name] = None
        else:
            typed_value = changed_field.read(value) if changed_field else value
            kind = type(target.event)
            changes[stored_name] = understood_field(ledger, kind, stored_name, typed_value)
    return changes
