"""Records and their bytes: reading a clerk's record, the canonical content and key, the stored form and back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field as dataclass_field
from datetime import datetime
from functools import cache, lru_cache
from typing import Annotated, Any, Final, TypeVar

import orjson
from eventsourcing.persistence import StoredEvent
from pydantic import TypeAdapter, ValidationError

from lifecycle.events import (
    BY_NAME,
    COUNTY,
    Event,
    FactCorrected,
    RecordedEvent,
    Stamp,
    Stream,
    StreamKind,
)
from lifecycle.events.field_errors import problems_of
from lifecycle.events.field_types import Code, Moment, Text
from lifecycle.rejections import Problem, Rejected, StoreError, msg

T = TypeVar("T")
_CODE: Final = TypeAdapter(Code).validate_python
_TEXT: Final = TypeAdapter(Text).validate_python
_MOMENT: Final = TypeAdapter(Moment).validate_python


@dataclass(slots=True)
class Draft:
    """A well-formed record that has not been decided on: what is claimed, where, and by whom."""

    stream: Stream
    event: Event
    recorded_by: str | None = None
    recorded_at: datetime | None = None
    fields: dict[str, object] = dataclass_field(init=False)
    """The event's fields as JSON values, worked out once for the key and for the store."""
    digest: str = dataclass_field(init=False)
    """SHA-256 of the canonical record."""
    key: str = dataclass_field(init=False)
    """The idempotency key: the one given, else the digest."""

    def __post_init__(self) -> None:
        self.fields = fields_of(self.event)
        self.digest = hashlib.sha256(canonical(self.stream, self.event, self.fields)).hexdigest()
        self.key = self.event.key or self.digest


def read(record: Mapping[str, object]) -> Draft:
    """Read one record (spec 5, JSONL): envelope and fields side by side. Raises `Rejected` with every problem found."""
    fields = dict(record)
    name = fields.pop("event", None)
    kind = BY_NAME.get(name) if isinstance(name, str) else None
    if kind is None:
        raise Rejected.by(
            "unknown_event",
            msg("there is no event {event}; there are {allowed}"),
            at="event",
            event=name,
            allowed=[*BY_NAME],
        )
    problems: list[Problem] = []
    stream = _stream(kind, fields, problems)
    by = _checked(_TEXT, fields.pop("recorded_by", None), "recorded_by", problems)
    at = (
        None
        if "recorded_at" not in fields
        else _checked(_MOMENT, fields.pop("recorded_at"), "recorded_at", problems)
    )
    try:
        event = kind.__pydantic_validator__.validate_python(fields)
    except ValidationError as error:
        problems += problems_of(error, kind)
    if problems or stream is None:
        raise Rejected(problems)
    return Draft(stream, event, by, at)


def _checked(
    check: Callable[[Any], T], value: object, name: str, problems: list[Problem]
) -> T | None:
    if value is None:
        return None
    try:
        return _known(check, value) if isinstance(value, str) else check(value)
    except ValidationError as error:
        problems += [Problem(p.rule, p.template, p.values, name) for p in problems_of(error, None)]
        return None


@lru_cache(maxsize=65_536)  # an import names the same clerks, projects and units over and over
def _known(check: Callable[[str], T], value: str) -> T:
    return check(value)


def _project(name: object) -> Stream:
    return Stream("project", _CODE(name))


def _unit(name: object) -> Stream:
    return Stream("unit", _CODE(name))


def _stream(kind: type[Event], fields: dict[str, object], problems: list[Problem]) -> Stream | None:
    """Take `project` or `unit` out of the fields; the kind of event says which it needs."""
    project, unit = fields.pop("project", None), fields.pop("unit", None)
    given: StreamKind = "unit" if unit is not None else "county" if project is None else "project"
    if given not in kind.streams or (project is not None and unit is not None):
        problems.append(
            Problem(
                "stream",
                msg(
                    "{event} belongs to a stream of kind {allowed}: name it by project, by unit, or by neither for the county"
                ),
                {"event": kind.__name__, "allowed": list(kind.streams)},
                given if given != "county" else kind.streams[0],
            )
        )
    elif given != "county":
        return (
            _checked(_project, project, given, problems)
            if unit is None
            else _checked(_unit, unit, given, problems)
        )
    return COUNTY


def normalised(replacement: Mapping[str, object], kind: type[Event]) -> dict[str, object]:
    """Check each field of a correction's replacement by the target's own types; null unsets an optional field."""
    problems: list[Problem] = []
    result: dict[str, object] = {}
    for name, value in replacement.items():
        field = kind.model_fields.get(name)
        place = f"replacement.{name}"
        if field is None or name == "key":
            allowed = [known for known in kind.model_fields if known != "key"]
            problems.append(
                Problem(
                    "unknown_field",
                    msg("is not a field here; there are {allowed}"),
                    {"allowed": allowed},
                    place,
                )
            )
        elif value is None:
            if field.is_required():
                problems.append(
                    Problem("missing", msg("is required and cannot be unset"), {}, place)
                )
            result[name] = None
        else:
            try:
                result[name] = _field_adapter(kind, name).dump_python(
                    _field_adapter(kind, name).validate_python(value),
                    mode="json",
                    exclude_none=True,
                )
            except ValidationError as error:
                problems += [
                    Problem(p.rule, p.template, p.values, place) for p in problems_of(error, None)
                ]
    if problems:
        raise Rejected(problems)
    return result


@cache
def _field_adapter(kind: type[Event], name: str) -> TypeAdapter[Any]:
    field = kind.model_fields[name]
    annotation: Any = field.annotation
    for piece in field.metadata:
        annotation = Annotated[annotation, piece]
    return TypeAdapter(annotation)


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


def canonical(stream: Stream, event: Event, fields: Mapping[str, object]) -> bytes:
    """The canonical record: one JSON object, names sorted, no white space, defaults filled in, without key and stamp."""
    record = {**fields, "event": type(event).__name__}
    record.pop("key", None)
    if "occurred_on" not in record:
        record["occurred_on"] = event.on.isoformat()
    if stream.kind != "county":
        record[stream.kind] = stream.name
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


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
                "the store holds an event {topic} that this version does not know: use a newer lifecycle"
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


def stored_form(recorded: RecordedEvent) -> StoredEvent:
    """An event as the library's recorders take it."""
    state = state_of(fields_of(recorded.event), stamp_fields(recorded.stamp))
    return StoredEvent(recorded.stream.id, recorded.version, topic(type(recorded.event)), state)


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
                "event {version} of {stream}, at position {position}, cannot be read: the store is damaged ({why})"
            ),
            version=version,
            stream=stream_id,
            position=position,
            why=type(error).__name__,
        ) from error
