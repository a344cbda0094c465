"""Records that are still being filled in: what is missing is assumed, so that rules can be asked.

An assumed value is of the right form and says nothing: what a rule finds wrong with it is not the
clerk's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from commands.intake.typed_fields import TypedField, fields_of_kind
from commands.words.field_examples import FIELD_EXAMPLES
from lifecycle.events import Event

_NOTHING: Final = "—"


class PartialRecord(NamedTuple):
    """A record with every required field, and the names of those that are assumed."""

    record: dict[str, Any]
    assumed: frozenset[str]


def completed_record(
    kind: type[Event],
    answers: Mapping[str, Any],
    today: date,
) -> PartialRecord:
    """Return the answers with an assumed value for each required field that lacks one."""
    record = dict(answers)
    assumed = []
    for field in fields_of_kind(kind):
        if field.required and field.name not in record:
            record[field.name] = _assumed_value(field, today)
            assumed.append(field.name)
    return PartialRecord(record, frozenset(assumed))


def _assumed_value(field: TypedField, today: date) -> Any:
    # A month that is over: the present one's figure would lie in the future.
    last_month = today.replace(day=1) - timedelta(days=1)
    by_form = {
        "day": today.isoformat(),
        "month": last_month.strftime("%Y-%m"),
        "moment": f"{today.isoformat()} 00:00",
        "number": "0",
        "money": "0",
        "ratio": "0",
        "count": 1,
    }
    if field.form is not None:
        return by_form[field.form]
    if field.shape == "choice" and field.choices:
        return field.choices[0]
    if field.shape == "truth":
        return False
    example = FIELD_EXAMPLES.get(field.name, _NOTHING)
    return example if field.shape == "text" else field.read(example)
