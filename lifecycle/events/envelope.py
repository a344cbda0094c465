"""What all events share: envelope fields, dating, streams; and the stamp of a recorded event."""

from calendar import monthrange
from dataclasses import dataclass, field as dataclass_field
from datetime import date, datetime
from functools import lru_cache
from typing import ClassVar, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.events.field_types import Day, Month, NotFolded, OptionalText, Sha256, Text
from lifecycle.rejections import msg

StreamKind = Literal["project", "unit", "county", "resource"]


class EventValue(BaseModel):
    """Base of events and of the values inside them: immutable, without unknown fields."""

    # Building a validator takes milliseconds and one command needs few of them: they are built
    # when first used.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Evidence(EventValue):
    """An attached file, by name and digest. The bytes are stored apart from the ledger."""

    # Every event has a list of them: built once, and not again within each event's validator.
    model_config = ConfigDict(defer_build=False)

    name: Text
    sha256: Sha256


class Event(EventValue):
    """A fact in the past tense (spec 1).

    A class that no other extends is an event; its docstring appears in the reference pages.
    """

    version: ClassVar[int] = 1
    """Counts the shapes that the stored form has had; see `lifecycle.events.codec.UPCASTS`."""
    streams: ClassVar[tuple[StreamKind, ...]] = ("project",)
    """The kinds of stream in which the event may stand."""

    source_ref: NotFolded[OptionalText | None] = None
    evidence: NotFolded[list[Evidence] | None] = Field(default=None, max_length=100)
    key: NotFolded[OptionalText | None] = None
    note: NotFolded[OptionalText | None] = None

    @field_validator("source_ref", "key", "note", mode="after")
    @classmethod
    def _empty_is_missing(cls, text: str | None) -> str | None:
        return text or None

    @property
    def on(self) -> date:
        """The day on which the fact took effect, in Asia/Shanghai."""
        raise TypeError(type(self).__name__)  # each event says it, most through the bases below


class Dated(Event):
    """An event of one day."""

    occurred_on: Day

    @property
    def on(self) -> date:
        """The day on which it occurred."""
        return self.occurred_on


class Monthly(Event):
    """A figure of a month; without a date of its own it takes effect on the month's last day."""

    month: Month
    occurred_on: Day | None = None

    @model_validator(mode="after")
    def _within_month(self) -> "Monthly":
        if self.occurred_on is not None and self.occurred_on.isoformat()[:7] != self.month:
            raise PydanticCustomError(
                "month",
                msg("a monthly figure must be dated within its month {month}"),
                {"month": self.month},
            )
        return self

    @property
    def on(self) -> date:
        """The date of its own, else the last day of the month."""
        return self.occurred_on or last_day(self.month)


class UnreadableEvent(Event):
    """Stands in a history for an event whose stored fields its declaration rejects.

    It has no effect and is never recorded: a correction may void what it stands for.
    """

    streams = ("project", "unit", "county", "resource")

    topic: str
    """The stored topic, whose name says which event it would be."""
    reason: object
    """The problem of the first field that is wrong; a text where not even a field is known."""
    recorded_on: date

    @property
    def declared_name(self) -> str:
        """The stored name of the event that it would be."""
        return self.topic.partition("/")[0]

    @property
    def on(self) -> date:
        """The day on which it was recorded: its own day may be what cannot be read."""
        return self.recorded_on


@lru_cache(maxsize=4096)
def last_day(month: str) -> date:
    """Return the last day of a month, written `YYYY-MM`."""
    year = int(month[:4])
    number = int(month[5:])
    return date(year, number, monthrange(year, number)[1])


@dataclass(frozen=True, slots=True)
class Stream:
    """Where an event belongs: a project or resource by its code, a unit by name, or the county."""

    kind: StreamKind
    name: str
    id: str = dataclass_field(init=False, compare=False, repr=False)
    """The stored identity, such as `project/KH-2024-017`."""

    def __post_init__(self) -> None:
        stream_id = self.kind if self.kind == "county" else f"{self.kind}/{self.name}"
        object.__setattr__(self, "id", stream_id)

    @staticmethod
    def of(stream_id: str) -> "Stream":
        """Return the stream of a stored identity."""
        return _stream_of(stream_id)

    @staticmethod
    def named(kind: StreamKind, name: str) -> "Stream":
        """Return the stream of this kind and name; decisions ask for the same ones many times."""
        return _stream_named(kind, name)

    def __str__(self) -> str:
        return self.name


COUNTY = Stream("county", "county")


_stream_named: Final = lru_cache(maxsize=16_384)(Stream)


@lru_cache(maxsize=16_384)  # an audit pass asks twice for each event
def _stream_of(stream_id: str) -> Stream:
    kind, _, name = stream_id.partition("/")
    if kind == "county":
        return COUNTY
    if kind == "resource":
        return Stream("resource", name)
    return Stream("project" if kind == "project" else "unit", name)


@dataclass(frozen=True, slots=True)
class Stamp:
    """When and by whom an event was recorded."""

    recorded_at: datetime
    recorded_by: str
    on_behalf_of: str | None = None
    imported_by: str | None = None
    migrated_at: datetime | None = None
    """Set where the record time came with an import; tells it from a time the ledger witnessed."""


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event in its stream."""

    stream: Stream
    version: int
    """Counts the events of the stream, from 1."""
    event: Event
    stamp: Stamp
    position: int = 0
    """Counts the events of the ledger, from 1; 0 while the event is not appended."""

    @property
    def ref(self) -> str:
        """The event's name in score lines: `stream#version`."""
        return f"{self.stream}#{self.version}"
