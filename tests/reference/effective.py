"""Raw stored records to effective events at a record time K (spec 4, "Effective events at K").

Nothing here is clever: every question is answered again from the raw records.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

Record = Mapping[str, Any]
Stream = tuple[str, str]

# China has kept UTC+8 without summer time since 1991, so a fixed offset is Asia/Shanghai for every date in use.
SHANGHAI = timezone(timedelta(hours=8))
COUNTY: Stream = ("county", "county")
MONTHLY = frozenset({"InvestmentReported", "TaxPaid", "RoutineAssessed", "UnitListed"})


@dataclass(frozen=True)
class Event:
    """An effective event: its fields as corrected, its version as recorded."""

    stream: Stream
    version: int
    position: int
    kind: str
    occurred_on: date
    fields: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The name that explanations use: `stream#version`."""
        return f"{self.stream[1]}#{self.version}"

    @property
    def order(self) -> tuple[date, int]:
        """Where order matters, events are taken by (occurred_on, version in the stream)."""
        return (self.occurred_on, self.version)

    def number(self, field: str) -> Fraction:
        """A number of the event, exact; an optional one left out is 0."""
        return Fraction(str(self.fields.get(field, "0")))

    def month(self) -> date:
        """The first day of the month of a monthly fact."""
        return date.fromisoformat(f"{self.fields['month']}-01")


def moment(text: str | datetime) -> datetime:
    """A point in time; one without a zone is Asia/Shanghai."""
    value = text if isinstance(text, datetime) else datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)


def shanghai_date(text: str | datetime) -> date:
    """The calendar date of a point in time in Shanghai."""
    return moment(text).astimezone(SHANGHAI).date()


def last_of_month(day: date) -> date:
    """The last day of the month that the day lies in."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def stream_of(record: Record) -> Stream:
    """The stream a record names: by `project`, by `unit`, or by neither (county)."""
    if record.get("project") is not None:
        return ("project", str(record["project"]))
    if record.get("unit") is not None:
        return ("unit", str(record["unit"]))
    return COUNTY


@dataclass(frozen=True)
class Stored:
    """A raw record with the version it got in its stream and its position in the ledger, both from 1."""

    stream: Stream
    version: int
    position: int
    record: Record


def stored(records: Sequence[Record]) -> list[Stored]:
    """Number the records: 1, 2, 3, … in order per stream, and 1, 2, 3, … in all."""
    counts: dict[Stream, int] = {}
    numbered = []
    for position, record in enumerate(records, 1):
        stream = stream_of(record)
        counts[stream] = counts.get(stream, 0) + 1
        numbered.append(Stored(stream, counts[stream], position, record))
    return numbered


def known(
    records: Sequence[Record],
    known_at: datetime | None,
    position: int | None,
) -> list[Stored]:
    """The records that the ledger held at K, or up to a position, or both."""
    return [
        one
        for one in stored(records)
        if (position is None or one.position <= position)
        and (known_at is None or moment(one.record["recorded_at"]) <= moment(known_at))
    ]


def live_corrections(stream: Sequence[Stored]) -> list[Stored]:
    """A `FactCorrected` is live unless a live later one voids it; so the last is judged first."""
    live: list[Stored] = []
    for one in reversed([each for each in stream if each.record["event"] == "FactCorrected"]):
        if not any(voids(later, one.version) for later in live):
            live.append(one)
    return live[::-1]


def voids(
    correction: Stored,
    version: int,
) -> bool:
    """Whether this correction is a void of that version."""
    return correction.record["corrects"] == version and correction.record["replacement"] is None


def corrected(
    one: Stored,
    live: Sequence[Stored],
) -> dict[str, Any] | None:
    """The record after its live corrections in the order of their versions; None when a live null removes it."""
    mine = [each.record["replacement"] for each in live if each.record["corrects"] == one.version]
    if any(replacement is None for replacement in mine):
        return None
    fields = dict(one.record)
    for replacement in mine:
        fields.update(replacement)
    return {name: value for name, value in fields.items() if value is not None}


def date_of(fields: Record) -> date:
    """When it was so in the world.

    Information is of the day of its `reported_at`, whatever else is written. A monthly fact whose date was left out is
    of its month's last day, also when a correction moved the month: a date left out follows the month.
    """
    if fields["event"] == "InformationReported":
        return shanghai_date(fields["reported_at"])
    if fields["event"] in MONTHLY and "occurred_on" not in fields:
        return last_of_month(date.fromisoformat(f"{fields['month']}-01"))
    return date.fromisoformat(fields["occurred_on"])


def effective(
    records: Sequence[Record],
    known_at: datetime | None = None,
    position: int | None = None,
) -> list[Event]:
    """All effective events at K, stream by stream in order of first record, each by (occurred_on, version)."""
    streams: dict[Stream, list[Stored]] = {}
    for one in known(records, known_at, position):
        streams.setdefault(one.stream, []).append(one)
    return [event for stream in streams.values() for event in effective_stream(stream)]


def effective_stream(stream: Sequence[Stored]) -> list[Event]:
    """The effective events of one stream, corrections themselves left out (a correction is no fact of the world)."""
    live = live_corrections(stream)
    events = []
    for one in stream:
        if one.record["event"] == "FactCorrected":
            continue
        fields = corrected(one, live)
        if fields is not None:
            events.append(
                Event(
                    one.stream, one.version, one.position, fields["event"], date_of(fields), fields
                )
            )
    return sorted(events, key=lambda event: event.order)
