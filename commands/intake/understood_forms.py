"""What a typed form is stored as, for its author to see before it is recorded (spec 5)."""

from __future__ import annotations

from commands.intake.typed_fields import TypedField
from lifecycle.rejections import Problem, msg


def understood_form(field: TypedField, typed: str, value: object) -> Problem | None:
    """Say what a field's typed text is understood as; None where it is stored as it was typed."""
    if field.form is None or str(value) == typed:
        return None
    template = msg("{typed} is understood as {value}")
    return Problem("understood", template, {"typed": typed, "value": value}, field.name)
