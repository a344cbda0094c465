"""Records and their bytes: reading a clerk's record, the canonical content and key, the stored form and back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property, lru_cache
from typing import Annotated, Any, Final, TypeVar

import orjson
from eventsourcing.persistence import StoredEvent
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from lifecycle.events import BY_NAME, COUNTY, Event, FactCorrected, Recorded, Stamp, Stream
from lifecycle.refusals import Problem, Refused, StoreError, msg
from lifecycle.values import FORMS, Code, Moment, Text

T = TypeVar("T")
_CODE: Final[TypeAdapter[str]] = TypeAdapter(Code)
_TEXT: Final[TypeAdapter[str]] = TypeAdapter(Text)
_MOMENT: Final[TypeAdapter[datetime]] = TypeAdapter(Moment)


@dataclass(frozen=True)
class Draft:
    """A well-formed record that has not been decided on: what is claimed, where, and by whom."""

    stream: Stream
    event: Event
    recorded_by: str | None = None
    recorded_at: datetime | None = None

    @cached_property
    def fields(self) -> dict[str, object]:
        """The event's fields as JSON values, worked out once for the key and for the store."""
        return fields_of(self.event)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical record."""
        return hashlib.sha256(_canonical(self.stream, self.event, self.fields)).hexdigest()


def read(record: Mapping[str, object]) -> Draft:
    """Read one record (spec 5, JSONL): envelope and fields side by side. Raises `Refused` with every problem found."""
    fields = dict(record)
    name = fields.pop("event", None)
    if not isinstance(name, str) or name not in BY_NAME:
        raise Refused.by(
            "unknown_event", msg("there is no event {event}; there are {allowed}"), at="event", event=name, allowed=[*BY_NAME]
        )
    kind = BY_NAME[name]
    problems: list[Problem] = []
    stream = _stream(kind, fields, problems)
    by = _checked(_TEXT, fields.pop("recorded_by", None), "recorded_by", problems)
    at = _checked(_MOMENT, fields.pop("recorded_at", None), "recorded_at", problems)
    try:
        event = kind.model_validate(fields)
    except ValidationError as error:
        problems += problems_of(error, kind)
    if problems:
        raise Refused(problems)
    return Draft(stream, event, by, at)


def _checked(adapter: TypeAdapter[T], value: object, name: str, problems: list[Problem]) -> T | None:
    if value is None:
        return None
    try:
        return _known_text(adapter, value) if isinstance(value, str) else adapter.validate_python(value)
    except ValidationError as error:
        problems += [Problem(p.rule, p.template, p.values, name) for p in problems_of(error, None)]
        return None


@lru_cache(maxsize=65_536)  # an import names the same clerks, projects and units over and over
def _known_text(adapter: TypeAdapter[T], value: str) -> T:
    return adapter.validate_python(value)


def _stream(kind: type[Event], fields: dict[str, object], problems: list[Problem]) -> Stream:
    """Take `project` or `unit` out of the fields; the kind of event says which it needs."""
    project, unit = fields.pop("project", None), fields.pop("unit", None)
    given = [stream for stream, value in (("project", project), ("unit", unit)) if value is not None] or ["county"]
    if len(given) > 1 or given[0] not in kind.streams:
        problems.append(
            Problem(
                "stream",
                msg("{event} belongs to a stream of kind {allowed}: name it by project, by unit, or by neither for the county"),
                {"event": kind.__name__, "allowed": list(kind.streams)},
                given[-1] if given != ["county"] else kind.streams[0],
            )
        )
        return COUNTY
    if given == ["county"]:
        return COUNTY
    name = _checked(_CODE, project if given == ["project"] else unit, given[0], problems)
    return Stream("project" if given == ["project"] else "unit", name or "")


def problems_of(error: ValidationError, kind: type[Event] | None) -> list[Problem]:
    """Say what pydantic found in the words of our catalogues: field, what is wrong, what is allowed."""
    found = error.errors(include_url=False)
    # An entry that is wrong is left out, so that its list may seem too short: the entry alone is told.
    entries = {details["loc"][:1] for details in found if len(details["loc"]) > 1}
    return [_problem(details, kind) for details in found if details["type"] != "too_short" or details["loc"] not in entries]


_TEMPLATES: Final[dict[str, tuple[str, str]]] = {
    "missing": ("missing", msg("is missing")),
    "literal_error": ("vocabulary", msg("must be one of {expected}")),
    "string_type": ("type", msg("must be text")),
    "string_too_long": ("length", msg("may have at most {max_length} characters")),
    "string_too_short": ("text_empty", msg("must not be empty")),
    "string_pattern_mismatch": ("form", msg("must look like {form}")),
    "too_long": ("length", msg("may have at most {max_length} entries")),
    "too_short": ("length", msg("must have at least {min_length} entry")),
    "list_type": ("type", msg("must be a list")),
    "tuple_type": ("type", msg("must be a list")),
    "dict_type": ("type", msg("must be an object or null")),
    "model_type": ("type", msg("must be an object")),
    "greater_than_equal": ("range", msg("must be at least {ge}")),
    "greater_than": ("range", msg("must be more than {gt}")),
    "union_tag_invalid": ("vocabulary", msg("must be one of {expected}")),
    "less_than_equal": ("range", msg("must be at most {le}")),
}


def _problem(details: ErrorDetails, kind: type[Event] | None) -> Problem:
    place = ".".join(str(part) for part in details["loc"]) or None
    values = dict(details.get("ctx", {}))
    if details["type"] == "extra_forbidden":
        if kind is None or len(details["loc"]) > 1:
            return Problem("unknown_field", msg("is not a field here"), {}, place)
        return Problem("unknown_field", msg("is not a field here; there are {allowed}"), {"allowed": [*kind.model_fields]}, place)
    if details["type"] == "literal_error":
        values["expected"] = re.findall(r"'([^']*)'", values["expected"])
    if details["type"] == "union_tag_invalid":
        values["expected"] = re.findall(r"'([^']*)'", values["expected_tags"])
    if details["type"] == "string_pattern_mismatch":
        values["form"] = FORMS[values["pattern"]]
    # The length of a text that was checked before is told as that of a list.
    told = "string_too_long" if details["type"] == "too_long" and isinstance(details["input"], str) else details["type"]
    rule, template = _TEMPLATES.get(told, (told, details["msg"]))
    if template == details["msg"]:  # an error of our own making: its message is the catalogue's, filled in
        template = _OWN.get(details["type"], details["msg"])
    return Problem(rule, template, values, place)


_OWN: Final[dict[str, str]] = {
    "unknown_field": msg("{name} is not a field here; the nearest are {nearest}; there are {allowed}"),
    "measure": msg("there is no measure {name}; the nearest are {nearest}; there are {allowed}"),
    "of_unit": msg("{measure} is of units: only category and sequence can be asked of them"),
    "points": msg("give one of {names}"),
    "month": msg("a monthly figure is dated within its month {month}"),
    "occurred_on": msg("is the day of reported_at in Shanghai, {day}; leave it out or give that day"),
}
"""Templates of our own errors that hold values; those without any are their own template."""


def normalised(replacement: Mapping[str, object], kind: type[Event]) -> dict[str, object]:
    """Check each field of a correction's replacement by the target's own types; null unsets an optional field."""
    problems: list[Problem] = []
    result: dict[str, object] = {}
    for name, value in replacement.items():
        field = kind.model_fields.get(name)
        place = f"replacement.{name}"
        if field is None or name == "key":
            allowed = [known for known in kind.model_fields if known != "key"]
            problems.append(Problem("unknown_field", msg("is not a field here; there are {allowed}"), {"allowed": allowed}, place))
        elif value is None:
            if field.is_required():
                problems.append(Problem("missing", msg("is required and cannot be unset"), {}, place))
            result[name] = None
        else:
            try:
                result[name] = _field_adapter(kind, name).dump_python(
                    _field_adapter(kind, name).validate_python(value), mode="json", exclude_none=True
                )
            except ValidationError as error:
                problems += [Problem(p.rule, p.template, p.values, place) for p in problems_of(error, None)]
    if problems:
        raise Refused(problems)
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
    fields = event.model_dump(mode="json", exclude_none=True)
    if isinstance(event, FactCorrected):
        fields["replacement"] = event.replacement  # its nulls mean something
    return fields


def with_fields(event: Event, changes: Mapping[str, object]) -> Event:
    """The event as a correction leaves it; `changes` as stored, null meaning unset. Raises `Refused`."""
    fields = {**fields_of(event), **changes}
    try:
        return type(event).model_validate({name: value for name, value in fields.items() if value is not None})
    except ValidationError as error:
        raise Refused(problems_of(error, type(event))) from None


def canonical(stream: Stream, event: Event) -> bytes:
    """The canonical record: one JSON object, names sorted, no white space, defaults filled in, without key and stamp."""
    return _canonical(stream, event, fields_of(event))


def _canonical(stream: Stream, event: Event, fields: Mapping[str, object]) -> bytes:
    record = dict(fields)
    record.pop("key", None)
    record["occurred_on"] = event.on.isoformat()
    record["event"] = type(event).__name__
    if stream.kind != "county":
        record[stream.kind] = stream.name
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


def content_digest(stream: Stream, event: Event) -> str:
    """SHA-256 of the canonical record, in hex: the idempotency key of an event that was given none."""
    return hashlib.sha256(canonical(stream, event)).hexdigest()


# Earlier stored shapes. Each step takes the fields of one version to the next; read on the way in, never rewritten.
Upcast = Callable[[dict[str, Any]], dict[str, Any]]


def _activity_title(fields: dict[str, Any]) -> dict[str, Any]:
    fields["activity"] = fields.pop("topic")
    return fields


UPCASTS: Final[dict[str, Upcast]] = {"ActivityHeld/1": _activity_title}
"""Topic of an earlier version → step to the next one."""


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
            msg("the store holds an event {topic} that this version does not know: use a newer lifecycle"), topic=stored_topic
        )
    return kind, fields


def stored_form(recorded: Recorded, known: Mapping[str, object] | None = None) -> StoredEvent:
    """The bytes of an event, made once and never again: JSON of its fields (if `known`) and its stamp, names sorted."""
    fields = fields_of(recorded.event) if known is None else dict(known)
    stamp = recorded.stamp
    fields["recorded_at"] = stamp.recorded_at.isoformat()
    fields["recorded_by"] = stamp.recorded_by
    if stamp.on_behalf_of is not None:
        fields["on_behalf_of"] = stamp.on_behalf_of
    if stamp.imported_by is not None:
        fields["imported_by"] = stamp.imported_by
    if stamp.migrated_at is not None:
        fields["migrated_at"] = stamp.migrated_at.isoformat()
    state = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)
    return StoredEvent(recorded.stream.id, recorded.version, topic(type(recorded.event)), state)


def recorded_from(position: int, stream_id: str, version: int, stored_topic: str, state: bytes | memoryview) -> Recorded:
    """One row of the ledger as an event. Raises `StoreError`, naming the place, where the bytes cannot be read."""
    stream = Stream.of(stream_id)
    try:
        kind, fields = upcast(stored_topic, orjson.loads(bytes(state)))
        stamp = Stamp(
            recorded_at=datetime.fromisoformat(fields.pop("recorded_at")),
            recorded_by=fields.pop("recorded_by"),
            on_behalf_of=fields.pop("on_behalf_of", None),
            imported_by=fields.pop("imported_by", None),
            migrated_at=None if (moved := fields.pop("migrated_at", None)) is None else datetime.fromisoformat(moved),
        )
        return Recorded(stream, version, kind.model_validate(fields), stamp, position)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(
            msg("event {version} of {stream}, at position {position}, cannot be read: the store is damaged ({why})"),
            version=version, stream=stream_id, position=position, why=type(error).__name__,
        ) from error  # fmt: skip
