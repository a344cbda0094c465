"""What every event shares: how it is named, dated, evidenced, told apart; and when, by whom it was recorded."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field as dataclass_field
from datetime import date, datetime
from functools import lru_cache
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from lifecycle.events.field_types import Day, Month, OptionalText, Sha256, Text
from lifecycle.rejections import msg

StreamKind = Literal["project", "unit", "county"]


class EventValue(BaseModel):
    """Base of events and of the values inside them: immutable, nothing unknown let in."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Evidence(EventValue):
    """An attached file, by name and digest; the bytes are kept elsewhere."""

    name: Text
    sha256: Sha256


class Event(EventValue):
    """A fact in the past tense (spec 1). `version` counts the shapes its stored form has had."""

    chinese: ClassVar[str]
    version: ClassVar[int] = 1
    streams: ClassVar[tuple[StreamKind, ...]] = ("project",)

    source_ref: OptionalText | None = None
    evidence: list[Evidence] | None = Field(default=None, max_length=100)
    key: OptionalText | None = None
    note: OptionalText | None = None

    @field_validator("source_ref", "key", "note", mode="after")
    @classmethod
    def _empty_is_missing(cls, text: str | None) -> str | None:
        return text or None

    @property
    def on(self) -> date:
        """The day when it was so in the world: the effective time, Asia/Shanghai."""
        raise TypeError(type(self).__name__)  # a kind of event is dated by one of the classes below


class Dated(Event):
    """An event of one day."""

    occurred_on: Day

    @property
    def on(self) -> date:
        """The day it occurred on."""
        return self.occurred_on


class Monthly(Event):
    """A figure of a month; left without a date it is dated by the month's last day (spec 1, monthly facts)."""

    month: Month
    occurred_on: Day | None = None

    @model_validator(mode="after")
    def _within_month(self) -> Monthly:
        if self.occurred_on is not None and self.occurred_on.isoformat()[:7] != self.month:
            raise PydanticCustomError(
                "month",
                msg("a monthly figure is dated within its month {month}"),
                {"month": self.month},
            )
        return self

    @property
    def on(self) -> date:
        """The given day, else the month's last."""
        return self.occurred_on or last_day(self.month)


@lru_cache(maxsize=4096)
def last_day(month: str) -> date:
    """The last day of `YYYY-MM`."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, monthrange(year, number)[1])


@dataclass(frozen=True, slots=True)
class Stream:
    """Where an event belongs: a project by its code, a unit by its name, or the county."""

    kind: StreamKind
    name: str
    id: str = dataclass_field(init=False, compare=False, repr=False)
    """The stored identity, such as `project/KH-2024-017`."""

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "id", self.kind if self.kind == "county" else f"{self.kind}/{self.name}"
        )

    @classmethod
    def of(cls, stream_id: str) -> Stream:
        """Read a stored identity back."""
        kind, _, name = stream_id.partition("/")
        return COUNTY if kind == "county" else cls("project" if kind == "project" else "unit", name)

    def __str__(self) -> str:
        return self.name


COUNTY = Stream("county", "county")


@dataclass(frozen=True, slots=True)
class Stamp:
    """When and by whom the ledger took an event. `migrated_at` is set where the record time was brought along."""

    recorded_at: datetime
    recorded_by: str
    on_behalf_of: str | None = None
    imported_by: str | None = None
    migrated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event in its stream. `version` counts from 1 in the stream, `position` from 1 in the ledger."""

    stream: Stream
    version: int
    event: Event
    stamp: Stamp
    position: int = 0

    @property
    def ref(self) -> str:
        """How a line of points names the event: `stream#version`."""
        return f"{self.stream}#{self.version}"
