"""The correction that a changed row means, as a sentence, a record and JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

from commands.cli.shared.shell_words import shell_quoted
from commands.handlers.ready_corrections import ReadyCorrection
from commands.intake.typed_fields import field_named
from commands.words.event_words import field_name
from commands.words.field_value_text import change_text
from commands.words.messages import say
from lifecycle.rejections import msg


def correction_text(correction: ReadyCorrection) -> str:
    """Say what differs, old and new, and which command records the new as a correction."""
    changes = []
    options = []
    for name, value in correction.replacement.items():
        change = change_text(name, correction.before[name], value, correction.event)
        changes.append(f"{field_name(name, correction.event)} {change}")
        field = field_named(name)
        typed = str(value) if field is None else field.write(value)
        # The command is copied into a shell: a value with blanks or brackets must stay one word.
        options.append(shell_quoted(f"{name}={typed}"))
    stream = shell_quoted(correction.stream.name)
    command = " ".join(("lifecycle correct", stream, str(correction.version), *options))
    template = msg("recorded already, and changed in the row: {changes}. To correct it: {command}")
    return say(template, changes=changes, command=command)


def correction_record(correction: ReadyCorrection, today: date) -> dict[str, Any]:
    """Return the correction as a record that lacks only its reason and who approved it."""
    return {
        "event": "FactCorrected",
        correction.stream.kind: correction.stream.name,
        # Decides nothing (spec 4): the fact has the day of its event, or that of `replacement`.
        "occurred_on": today.isoformat(),
        "corrects": correction.version,
        "replacement": dict(correction.replacement),
    }


def correction_json(correction: ReadyCorrection) -> dict[str, Any]:
    """Return the correction as `--format json` shows it."""
    return {
        "stream": correction.stream.name,
        "version": correction.version,
        "before": dict(correction.before),
        "replacement": dict(correction.replacement),
    }
