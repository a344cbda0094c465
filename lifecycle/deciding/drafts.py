"""Drafts: records as a clerk or a file submits them, well-formed but not decided on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field as dataclass_field
from datetime import datetime
from functools import cache, lru_cache
from typing import Annotated, Any, Final, TypeVar

import orjson
from pydantic import TypeAdapter, ValidationError

from lifecycle.events import BY_NAME, COUNTY, Event, Stream, StreamKind
from lifecycle.events.codec import brings_record_time, fields_of
from lifecycle.events.field_errors import problems_of
from lifecycle.events.field_types import Code, Moment, Text
from lifecycle.events.folded_text import without_ignorables
from lifecycle.events.stamped_state import StateParts
from lifecycle.rejections import Problem, Rejected, msg

T = TypeVar("T")
Check = Callable[[Any], T]

NAMED_STREAMS: Final[tuple[StreamKind, ...]] = ("project", "unit", "resource")
"""The kinds of stream that a record names, by a field of that name."""
_CODE: Final[Check[str]] = TypeAdapter(Code).validate_python
_TEXT: Final[Check[str]] = TypeAdapter(Text).validate_python
_MOMENT: Final[Check[datetime]] = TypeAdapter(Moment).validate_python


@dataclass(slots=True)
class Draft:
    """A well-formed record on which nothing has been decided: the event, its stream, its author."""

    stream: Stream
    event: Event
    recorded_by: str | None = None
    recorded_at: datetime | None = None
    digest: str = dataclass_field(init=False)
    """SHA-256 of the canonical record."""
    key: str = dataclass_field(init=False)
    """The idempotency key: the record's own, else the digest."""
    state_parts: StateParts | None = dataclass_field(init=False, default=None, compare=False)
    """What is stored of the event but for its stamp, where another process has written it."""
    known_fields: dict[str, object] | None = dataclass_field(
        init=False, default=None, compare=False, repr=False
    )

    def __post_init__(self) -> None:
        content = canonical_record(self.stream, self.event, self.fields)
        self.digest = hashlib.sha256(content).hexdigest()
        self.key = self.event.key or self.digest

    @property
    def fields(self) -> dict[str, object]:
        """The event's fields as JSON values, computed once for both key and stored bytes."""
        if self.known_fields is None:
            self.known_fields = fields_of(self.event)
        return self.known_fields


def canonical_record(stream: Stream, event: Event, fields: Mapping[str, object]) -> bytes:
    """Return the bytes by which two records are the same: what they say, not how they were typed.

    One JSON object with sorted names and no white space, defaults filled in. The key is left out,
    and so is the stamp, because the same fact entered twice by two clerks is one fact (spec 1).
    """
    if "occurred_on" not in fields:
        fields = {**fields, "occurred_on": event.on.isoformat()}
    return canonical_fields(stream, type(event).__name__, fields)


def canonical_fields(stream: Stream, name: str, fields: Mapping[str, object]) -> bytes:
    """Return the canonical record of an event's name and dated fields."""
    record = {**fields, "event": name}
    record.pop("key", None)
    if stream.kind != "county":
        record[stream.kind] = stream.name
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


# Reading a record ---------------------------------------------------------------------------------


def read_record(record: Mapping[str, object]) -> Draft:
    """Read one record, in which envelope and fields lie side by side (spec 5, JSONL).

    Raises `Rejected` with every problem of the record, so that a clerk corrects them in one go.
    """
    fields = dict(record)
    for name, value in record.items():
        # Most values are plain texts: an import asks this of ten for each record.
        if type(value) is str and value.isascii():
            continue
        # A rulebook's digest covers its content byte for byte.
        if name != "content":
            fields[name] = _shown(value)
    kind = _event_kind(fields.pop("event", None))
    problems: list[Problem] = []
    stream = _take_stream(kind, fields, problems)
    recorded_by = _checked(_TEXT, fields.pop("recorded_by", None), "recorded_by", problems)
    recorded_at = None
    if not brings_record_time(kind):
        recorded_at = _checked(_MOMENT, fields.pop("recorded_at", None), "recorded_at", problems)
    try:
        event = kind.__pydantic_validator__.validate_python(fields)
    except ValidationError as error:
        problems += problems_of(error, kind)
    if problems or stream is None:
        raise Rejected([problem.of_event(kind.__name__) for problem in problems])
    return Draft(stream, event, recorded_by, recorded_at)


def _shown(value: object) -> object:
    """Return a value whose texts have lost what shows nothing, so that no two only look alike.

    Events that were stored with such characters are read as they are.
    """
    if isinstance(value, str):
        return without_ignorables(value)
    if isinstance(value, list):
        return [_shown(entry) for entry in value]
    if isinstance(value, dict):
        return {name: _shown(entry) for name, entry in value.items()}
    return value


def _event_kind(name: object) -> type[Event]:
    kind = BY_NAME.get(name) if isinstance(name, str) else None
    if kind is None:
        raise Rejected.by(
            "unknown_event",
            msg("unknown event {event}; allowed: {allowed}"),
            at="event",
            event=name,
            allowed=[*BY_NAME],
        )
    return kind


def _take_stream(
    kind: type[Event],
    fields: dict[str, object],
    problems: list[Problem],
) -> Stream | None:
    """Take the name of the stream out of the fields. The kind of event says which it needs."""
    named: StreamKind = "county"
    name: object = None
    names = 0
    for stream_kind in _stream_fields(kind):
        value = fields.pop(stream_kind, None)
        if value is not None:
            named, name = stream_kind, value
            names += 1
    if names > 1 or named not in kind.streams:
        problems.append(_wrong_stream(kind, named))
        return None
    if named == "county":
        return COUNTY
    code = _checked(_CODE, name, named, problems)
    return None if code is None else Stream.named(named, code)


@cache
def _stream_fields(kind: type[Event]) -> Sequence[StreamKind]:
    """Return the kinds of stream that a record of the event names outside the event's fields."""
    # An allotment's project is a field: its stream is the resource's.
    return [stream_kind for stream_kind in NAMED_STREAMS if stream_kind not in kind.model_fields]


def _wrong_stream(kind: type[Event], named: StreamKind) -> Problem:
    return Problem(
        "stream",
        msg(
            "{event} belongs to a {allowed} stream: give project, unit or resource, or none of "
            "them for the county"
        ),
        {"event": kind.__name__, "allowed": list(kind.streams)},
        kind.streams[0] if named == "county" else named,
    )


def _checked(check: Check[T], value: object, name: str, problems: list[Problem]) -> T | None:
    """Check an envelope field; None where it is missing, or where its problem was noted."""
    if value is None:
        return None
    try:
        return _checked_text(check, value) if isinstance(value, str) else check(value)
    except ValidationError as error:
        problems += _placed(error, name)
        return None


@lru_cache(maxsize=65_536)  # an import names the same clerks, projects and units over and over
def _checked_text(check: Check[T], text: str) -> T:
    return check(text)


def _placed(error: ValidationError, place: str) -> list[Problem]:
    """The problems of a value that was checked outside its event, under the name of its field."""
    return [
        Problem(problem.rule, problem.template, problem.values, place)
        for problem in problems_of(error, None)
    ]


# Reading a correction's replacement ---------------------------------------------------------------


def normalised_replacement(
    replacement: Mapping[str, object],
    kind: type[Event],
) -> dict[str, object]:
    """Check and normalise each field of a replacement by the types of the event that it corrects.

    None unsets an optional field. Raises `Rejected` with every problem of the replacement.
    """
    problems: list[Problem] = []
    fields: dict[str, object] = {}
    for name, value in replacement.items():
        place = f"replacement.{name}"
        if name not in _replaceable(kind):
            problems.append(
                Problem(
                    "unknown_field",
                    msg("is not a field here; allowed: {allowed}"),
                    {"allowed": _replaceable(kind)},
                    place,
                )
            )
        elif value is not None:
            try:
                fields[name] = _normalised_field(kind, name, value)
            except ValidationError as error:
                problems += _placed(error, place)
        elif kind.model_fields[name].is_required():
            problems.append(Problem("missing", msg("is required and cannot be cleared"), {}, place))
        else:
            fields[name] = None
    if problems:
        raise Rejected([problem.of_event(kind.__name__) for problem in problems])
    return fields


def _replaceable(kind: type[Event]) -> list[str]:
    """The fields a correction may change: all but the key, by which the ledger knows the record."""
    return [name for name in kind.model_fields if name != "key"]


def _normalised_field(kind: type[Event], name: str, value: object) -> object:
    adapter = _field_adapter(kind, name)
    checked = adapter.validate_python(value)
    return adapter.dump_python(checked, mode="json", exclude_none=True)


@cache
def _field_adapter(kind: type[Event], name: str) -> TypeAdapter[Any]:
    field = kind.model_fields[name]
    annotation: Any = field.annotation
    for constraint in field.metadata:
        annotation = Annotated[annotation, constraint]
    return TypeAdapter(annotation)
