"""Stored bytes ↔ events: an event's JSON values, its stored form, and earlier versions brought up to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

import orjson
from pydantic import ValidationError

from lifecycle.events import BY_NAME, Event, FactCorrected, RecordedEvent, Stamp, Stream
from lifecycle.events.field_errors import problems_of
from lifecycle.rejections import Rejected, StoreError, msg


def fields_of(event: Event) -> dict[str, object]:
    """The event's fields as JSON values: decimals as plain text, nothing that is missing."""
    fields: dict[str, object] = event.__pydantic_serializer__.to_python(
        event, mode="json", exclude_none=True
    )
    if type(event) is FactCorrected:
        fields["replacement"] = event.replacement  # its nulls mean something
    return fields


def with_fields(event: Event, changes: Mapping[str, object]) -> Event:
    """The event as a correction leaves it; `changes` as stored, null meaning unset. Raises `Rejected`."""
    fields = {**fields_of(event), **changes}
    try:
        return type(event).model_validate(
            {name: value for name, value in fields.items() if value is not None}
        )
    except ValidationError as error:
        raise Rejected(problems_of(error, type(event))) from None


# Earlier stored shapes. Each step takes the fields of one version to the next; read on the way in, never rewritten.
Upcast = Callable[[dict[str, Any]], dict[str, Any]]


def _activity_title(fields: dict[str, Any]) -> dict[str, Any]:
    fields["activity"] = fields.pop("topic")
    return fields


UPCASTS: Final[dict[str, Upcast]] = {"ActivityHeld/1": _activity_title}
"""Topic of an earlier version → step to the next one."""


@cache
def topic(kind: type[Event]) -> str:
    """The stored name and version, such as `ActivityHeld/2`: never a module path."""
    return f"{kind.__name__}/{kind.version}"


CURRENT_TOPICS: Final[dict[str, type[Event]]] = {topic(kind): kind for kind in BY_NAME.values()}


def upcast(stored_topic: str, fields: dict[str, Any]) -> tuple[type[Event], dict[str, Any]]:
    """Bring stored fields of any known version to the present shape. Raises `StoreError` for an unknown topic."""
    while stored_topic in UPCASTS:
        fields = UPCASTS[stored_topic](fields)
        name, version = stored_topic.rsplit("/", 1)
        stored_topic = f"{name}/{int(version) + 1}"
    kind = CURRENT_TOPICS.get(stored_topic)
    if kind is None:
        raise StoreError(
            msg(
                "the store contains an event {topic} that this version does not know: use "
                "a newer version of lifecycle"
            ),
            topic=stored_topic,
        )
    return kind, fields


def stamp_fields(stamp: Stamp) -> dict[str, object]:
    """A stamp as JSON values, to stand among an event's fields."""
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


def state_of(fields: Mapping[str, object], stamp: Mapping[str, object]) -> bytes:
    """The bytes of an event, made once and never again: JSON of its fields and its stamp, names sorted."""
    return orjson.dumps({**fields, **stamp}, option=orjson.OPT_SORT_KEYS)


def recorded_from(
    position: int, stream_id: str, version: int, stored_topic: str, state: bytes | memoryview
) -> RecordedEvent:
    """One row of the ledger as an event. Raises `StoreError`, naming the place, where the bytes cannot be read."""
    stream = Stream.of(stream_id)
    try:
        kind, fields = upcast(stored_topic, orjson.loads(bytes(state)))
        stamp = Stamp(
            recorded_at=datetime.fromisoformat(fields.pop("recorded_at")),
            recorded_by=fields.pop("recorded_by"),
            on_behalf_of=fields.pop("on_behalf_of", None),
            imported_by=fields.pop("imported_by", None),
            migrated_at=None
            if (moved := fields.pop("migrated_at", None)) is None
            else datetime.fromisoformat(moved),
        )
        return RecordedEvent(stream, version, kind.model_validate(fields), stamp, position)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(
            msg(
                "event {version} of {stream} at position {position} cannot be read: the "
                "store is damaged ({why})"
            ),
            version=version,
            stream=stream_id,
            position=position,
            why=type(error).__name__,
        ) from error
