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

# China has kept UTC+8 without summer time since 1991, so a fixed offset is Asia/Shanghai for every
# date in use.
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
        return first_of_month(self.fields["month"])


def moment(text: str | datetime) -> datetime:
    """A point in time; one without a zone is Asia/Shanghai."""
    instant = text
    if not isinstance(instant, datetime):
        instant = datetime.fromisoformat(instant)
    if instant.tzinfo is None:
        return instant.replace(tzinfo=SHANGHAI)
    return instant


def shanghai_date(text: str | datetime) -> date:
    """The calendar date of a point in time in Shanghai."""
    return moment(text).astimezone(SHANGHAI).date()


def first_of_month(month: str) -> date:
    """The first day of a month written `YYYY-MM`."""
    return date.fromisoformat(f"{month}-01")


def last_of_month(day: date) -> date:
    """The last day of the month that the day lies in."""
    days = calendar.monthrange(day.year, day.month)[1]
    return day.replace(day=days)


def stream_of(record: Record) -> Stream:
    """The stream a record names: by `project`, by `unit`, or by neither (county)."""
    for kind in ("resource", "project", "unit"):
        if record.get(kind) is not None:
            return (kind, str(record[kind]))
    return COUNTY


@dataclass(frozen=True)
class NumberedRecord:
    """A raw record with its version in its stream and its position in the ledger, both from 1."""

    stream: Stream
    version: int
    position: int
    record: Record

    @property
    def is_correction(self) -> bool:
        """Whether it corrects another record."""
        return bool(self.record["event"] == "FactCorrected")


def numbered(records: Sequence[Record]) -> list[NumberedRecord]:
    """Number the records: 1, 2, 3, … in order per stream, and 1, 2, 3, … in all."""
    counts: dict[Stream, int] = {}
    numbered_records: list[NumberedRecord] = []
    for position, record in enumerate(records, 1):
        stream = stream_of(record)
        counts[stream] = counts.get(stream, 0) + 1
        numbered_records.append(NumberedRecord(stream, counts[stream], position, record))
    return numbered_records


def known_records(
    records: Sequence[Record],
    known_at: datetime | None,
    position: int | None,
) -> list[NumberedRecord]:
    """The records that the ledger held at K, or up to a position, or both."""
    known = numbered(records)
    if position is not None:
        known = [each for each in known if each.position <= position]
    if known_at is not None:
        times = record_times(records)
        known = [each for each in known if times[each.position - 1] <= moment(known_at)]
    return known


def record_times(records: Sequence[Record]) -> list[datetime]:
    """When each record counts as recorded, at every K: as stamped, or as a correction says.

    Of several corrections of one position the last recorded holds. A correction brings its moment
    as `recorded_at`, so its own stamp is `stamped_at`.
    """
    times = [moment(record.get("stamped_at", record["recorded_at"])) for record in records]
    for record in records:
        if record["event"] == "RecordTimeCorrected":
            for position in range(record["first"], record["last"] + 1):
                times[position - 1] = moment(record["recorded_at"])
    return times


def records_of(
    records: Sequence[Record],
    stream: Stream,
) -> list[NumberedRecord]:
    """The records of one stream."""
    of_stream: list[NumberedRecord] = []
    for position, record in enumerate(records, 1):
        if stream_of(record) == stream:
            of_stream.append(NumberedRecord(stream, len(of_stream) + 1, position, record))
    return of_stream


def live_corrections(stream: Sequence[NumberedRecord]) -> list[NumberedRecord]:
    """The corrections that no live later one voids; so the last is judged first."""
    live: list[NumberedRecord] = []
    corrections = [each for each in stream if each.is_correction]
    for correction in reversed(corrections):
        if not any(voids(later, correction.version) for later in live):
            live.insert(0, correction)
    return live


def voids(
    correction: NumberedRecord,
    version: int,
) -> bool:
    """Whether this correction is a void of that version."""
    record = correction.record
    return record["corrects"] == version and record["replacement"] is None


def corrected(
    numbered_record: NumberedRecord,
    live: Sequence[NumberedRecord],
) -> dict[str, Any] | None:
    """The record after its live corrections in the order of their versions.

    None where a live null removes it.
    """
    fields = dict(numbered_record.record)
    for correction in live:
        if correction.record["corrects"] != numbered_record.version:
            continue
        replacement = correction.record["replacement"]
        if replacement is None:
            return None
        fields.update(replacement)
    return {name: value for name, value in fields.items() if value is not None}


def date_of(fields: Record) -> date:
    """When it was so in the world.

    Information is of the day of its `reported_at`, whatever else is written. A monthly fact whose
    date was left out is of its month's last day, also when a correction moved the month: a date
    left out follows the month.
    """
    if fields["event"] == "InformationReported":
        return shanghai_date(fields["reported_at"])
    if fields["event"] in MONTHLY and "occurred_on" not in fields:
        return last_of_month(first_of_month(fields["month"]))
    return date.fromisoformat(fields["occurred_on"])


def effective(
    records: Sequence[Record],
    known_at: datetime | None = None,
    position: int | None = None,
) -> list[Event]:
    """All effective events at K.

    Stream by stream in order of first record, within each by (occurred_on, version).
    """
    streams: dict[Stream, list[NumberedRecord]] = {}
    for numbered_record in known_records(records, known_at, position):
        streams.setdefault(numbered_record.stream, []).append(numbered_record)
    events: list[Event] = []
    for stream in streams.values():
        events += effective_stream(stream)
    return events


def effective_stream(stream: Sequence[NumberedRecord]) -> list[Event]:
    """The effective events of one stream; a correction itself is no fact of the world."""
    live = live_corrections(stream)
    events: list[Event] = []
    for numbered_record in stream:
        if numbered_record.is_correction:
            continue
        fields = corrected(numbered_record, live)
        if fields is None:
            continue
        event = Event(
            numbered_record.stream,
            numbered_record.version,
            numbered_record.position,
            fields["event"],
            date_of(fields),
            fields,
        )
        events.append(event)
    return sorted(events, key=lambda event: event.order)
