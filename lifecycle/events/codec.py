"""Stored bytes ↔ events: JSON values of an event, its stored form, upcasts of earlier forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

import orjson
from pydantic import ValidationError

from lifecycle import __version__
from lifecycle.events import (
    BY_NAME,
    Event,
    FactCorrected,
    RecordedEvent,
    Stamp,
    Stream,
    UnreadableEvent,
)
from lifecycle.events.field_errors import problems_of
from lifecycle.rejections import NO_EVENT, NO_JSON, Problem, Rejected, StoreError, msg

# Fields -------------------------------------------------------------------------------------------


def fields_of(event: Event) -> dict[str, object]:
    """Return an event's fields as JSON values, without those that are missing."""
    fields: dict[str, object] = event.__pydantic_serializer__.to_python(
        event,
        mode="json",
        exclude_none=True,
    )
    if type(event) is FactCorrected:
        # Here null has a meaning: as the replacement it voids, inside it it unsets a field.
        fields["replacement"] = event.replacement
    return fields


def with_fields(event: Event, changes: Mapping[str, object]) -> Event:
    """Return an event with some fields changed, as stored; null unsets one. Raises `Rejected`."""
    kind = type(event)
    fields = {**fields_of(event), **changes}
    try:
        return kind.model_validate(without_nulls(fields))
    except ValidationError as error:
        problems = [problem.of_event(kind.__name__) for problem in problems_of(error, kind)]
        raise Rejected(problems) from None


def without_nulls(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}


def stamp_fields(stamp: Stamp) -> dict[str, object]:
    """Return a stamp as JSON values, which are stored beside the event's fields."""
    fields: dict[str, object] = {
        "recorded_at": stamp.recorded_at.isoformat(),
        "recorded_by": stamp.recorded_by,
    }
    if stamp.on_behalf_of is not None:
        fields["on_behalf_of"] = stamp.on_behalf_of
    if stamp.imported_by is not None:
        fields["imported_by"] = stamp.imported_by
    if stamp.migrated_at is not None:
        fields["migrated_at"] = stamp.migrated_at.isoformat()
    return fields


def _stamp_of(fields: Mapping[str, Any]) -> Stamp:
    """Return the stamp in stored fields."""
    migrated_at = fields.get("migrated_at")
    return Stamp(
        recorded_at=datetime.fromisoformat(fields["recorded_at"]),
        recorded_by=fields["recorded_by"],
        on_behalf_of=fields.get("on_behalf_of"),
        imported_by=fields.get("imported_by"),
        migrated_at=None if migrated_at is None else datetime.fromisoformat(migrated_at),
    )


STAMP_FIELDS: Final = frozenset(
    ("recorded_at", "recorded_by", "on_behalf_of", "imported_by", "migrated_at")
)
"""The stored fields that are not the event's own."""
CORRECTED_TIME: Final = "corrected_recorded_at"
"""What `RecordTimeCorrected.recorded_at` is stored as: `recorded_at` is every event's own stamp."""


@cache  # an import asks it of each record, and pydantic looks long for a field that is not there
def brings_record_time(kind: type[Event]) -> bool:
    """Return whether `recorded_at` in a record is the event's own field, not its stamp."""
    return "recorded_at" in kind.model_fields


def own_fields(stored_fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event's fields of the stored ones, without its stamp."""
    fields = {name: value for name, value in stored_fields.items() if name not in STAMP_FIELDS}
    if CORRECTED_TIME in fields:
        fields["recorded_at"] = fields.pop(CORRECTED_TIME)
    return fields


# Topics and upcasts -------------------------------------------------------------------------------


@cache
def topic(kind: type[Event]) -> str:
    """Return the stored name and version of an event, such as `ActivityHeld/2`.

    It is no module path: modules move, stored bytes do not.
    """
    return f"{kind.__name__}/{kind.version}"


CURRENT_TOPICS: Final[dict[str, type[Event]]] = {topic(kind): kind for kind in BY_NAME.values()}

Upcast = Callable[[dict[str, Any]], dict[str, Any]]
"""Takes the stored fields of one version to those of the next."""


def _name_the_activity(fields: dict[str, Any]) -> dict[str, Any]:
    fields["activity"] = fields.pop("topic")
    return fields


def _leave_unmarked(fields: dict[str, Any]) -> dict[str, Any]:
    # Publications of 0.1.0 bear no mark: whether one is official follows from its other fields.
    return fields


# Stored bytes are never rewritten: reading an earlier version takes these steps.
UPCASTS: Final[dict[str, Upcast]] = {
    "ActivityHeld/1": _name_the_activity,
    "ScoresPublished/1": _leave_unmarked,
    "BoardPublished/1": _leave_unmarked,
}
"""The topic of each earlier version, and the step to the next version."""


def upcast(stored_topic: str, fields: dict[str, Any]) -> tuple[type[Event], dict[str, Any]]:
    """Bring stored fields of any known version to the present one.

    Raises `StoreError` for a topic that is not known, which a newer version may have written.
    """
    while stored_topic in UPCASTS:
        fields = UPCASTS[stored_topic](fields)
        name, version = stored_topic.rsplit("/", 1)
        stored_topic = f"{name}/{int(version) + 1}"
    kind = CURRENT_TOPICS.get(stored_topic)
    if kind is None:
        raise StoreError(
            msg(
                "the store contains an event {topic} that lifecycle {program} does not know: "
                "use the newer lifecycle that recorded it"
            ),
            topic=stored_topic,
            program=__version__,
        )
    return kind, fields


# Stored rows --------------------------------------------------------------------------------------


def state_of(fields: Mapping[str, object], stamp: Mapping[str, object]) -> bytes:
    """Return the bytes that are stored for an event, and hashed: JSON with sorted names.

    They are made once. Verification hashes the stored bytes and serialises nothing again.
    """
    stored = {**fields, **stamp}
    if "recorded_at" in fields:
        stored[CORRECTED_TIME] = fields["recorded_at"]
    return orjson.dumps(stored, option=orjson.OPT_SORT_KEYS)


def recorded_from(
    position: int,
    stream_id: str,
    version: int,
    stored_topic: str,
    state: bytes | memoryview,
) -> RecordedEvent:
    """Return the event of a stored row. Raises `StoreError`, naming the place, on damage."""
    stream = Stream.of(stream_id)
    try:
        kind, fields = upcast(stored_topic, orjson.loads(bytes(state)))
        stamp = _stamp_of(fields)
        event = kind.model_validate(own_fields(fields))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable_event(position, stream_id, version, error) from error
    return RecordedEvent(stream, version, event, stamp, position)


def recorded_or_unreadable(
    position: int,
    stream_id: str,
    version: int,
    stored_topic: str,
    state: bytes | memoryview,
) -> RecordedEvent:
    """Return the event of a stored row, an `UnreadableEvent` where its fields cannot be read.

    Raises `StoreError`, naming the place, where not even its stamp can be read.
    """
    try:
        return recorded_from(position, stream_id, version, stored_topic, state)
    except UnreadableError as error:
        stamp = stamp_of_state(position, stream_id, version, state)
        event = UnreadableEvent(
            topic=stored_topic,
            reason=error.values["why"],
            recorded_on=stamp.recorded_at.date(),
        )
        return RecordedEvent(Stream.of(stream_id), version, event, stamp, position)


def stamp_of_state(
    position: int,
    stream_id: str,
    version: int,
    state: bytes | memoryview,
) -> Stamp:
    """Return the stamp alone of a stored row. Raises `StoreError`, naming the place, on damage."""
    try:
        return _stamp_of(orjson.loads(bytes(state)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable_event(position, stream_id, version, error) from error


class UnreadableError(StoreError):
    """A stored event cannot be read; `values` name its place."""


class UnreadableValueError(StoreError):
    """A stored value is none of its field's; which event holds it is not known where it is met."""


UNREADABLE_EVENT: Final = msg(
    "event {version} of {stream} at position {position} cannot be read ({why}): run `lifecycle "
    "audit verify`; if it was recorded like this, a manager voids it with `lifecycle correct "
    "{name} {version} --void`"
)


def unreadable_event(
    position: int,
    stream_id: str,
    version: int,
    error: Exception,
) -> UnreadableError:
    """Return the error to raise where the bytes of a stored event cannot be read."""
    return unreadable_at(position, stream_id, version, _reason_of(error))


def unreadable_at(position: int, stream_id: str, version: int, why: object) -> UnreadableError:
    """Return the error to raise for an event that cannot be read, for a reason that is known."""
    return UnreadableError(
        UNREADABLE_EVENT,
        version=version,
        stream=stream_id,
        name=Stream.of(stream_id).name,
        position=position,
        why=why,
    )


def _reason_of(error: Exception) -> str | Problem:
    """Return what is wrong with the first wrong field, else what the bytes are not."""
    if isinstance(error, orjson.JSONDecodeError):
        return NO_JSON
    # A missing or wrong stamp, or JSON that is no object.
    if not isinstance(error, ValidationError):
        return NO_EVENT
    kind = BY_NAME[error.title]
    return problems_of(error, kind)[0].of_event(kind.__name__)
