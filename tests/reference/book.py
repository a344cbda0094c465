"""The ledger that a drawn history is written into: its clock, its records, days and months to draw.

Everything is drawn from short lists of interesting values, so that rules meet often and examples
shrink well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from .choices import up_to
from .effective import (
    SHANGHAI,
    Event,
    Stream,
    effective_stream,
    last_of_month,
    records_of,
    stream_of,
)
from .lawful import refusals
from .recognition import months_after
from .schema import SHEETS

T = TypeVar("T")
Fields = dict[str, Any]

LAST_MOMENT = datetime(2026, 3, 31, 18, tzinfo=SHANGHAI)
STARTS = (
    datetime(2024, 12, 30, 9, tzinfo=SHANGHAI),
    datetime(2024, 7, 1, 9, tzinfo=SHANGHAI),
    datetime(2024, 2, 1, 9, tzinfo=SHANGHAI),
    datetime(2023, 11, 20, 9, tzinfo=SHANGHAI),
    datetime(2022, 6, 15, 9, tzinfo=SHANGHAI),
    datetime(2021, 3, 1, 9, tzinfo=SHANGHAI),
)
STEPS = (
    timedelta(0),
    timedelta(seconds=1),
    timedelta(hours=7),
    timedelta(days=1),
    timedelta(days=9),
    timedelta(microseconds=1),
    timedelta(days=31),
    timedelta(days=92),
)
# The days on which something turns: ends and beginnings of quarters and years, a leap day, month
# ends of all lengths.
EDGE_DAYS = tuple(
    date.fromisoformat(text)
    for text in (
        "2024-01-01",
        "2024-02-29",
        "2024-03-31",
        "2024-04-01",
        "2024-05-31",
        "2024-06-30",
        "2024-07-01",
        "2024-09-30",
        "2024-10-01",
        "2024-12-31",
        "2025-01-01",
        "2025-03-31",
        "2023-12-31",
        "2023-08-31",
        "2023-02-28",
        "2023-01-01",
        "2022-12-31",
        "2022-06-30",
        "2021-12-31",
        "2021-01-31",
    )
)
NOTES = ("补录", "见会议纪要", "第二次")
EVIDENCE = (
    {"name": "会议纪要.pdf", "sha256": "ab" * 32},
    {"name": "照片 1.jpg", "sha256": "0f" * 32},
)
ONCE = {"ConsultationHeld", "AgreementSigned", "LandAcquired", "ProjectFiled", "StatisticsEntered"}


@dataclass
class Book:
    """A history in the making, drawn record by record."""

    draw: Any
    now: datetime
    records: list[Fields] = field(default_factory=list)

    def pick(self, options: Sequence[T]) -> T:
        """One of the options; examples shrink towards the first."""
        place: int = self.draw(up_to(len(options) - 1))
        return options[place]

    def chance(self, one_in: int) -> bool:
        """True once in so many times; shrinks to False."""
        return bool(self.draw(up_to(one_in - 1)) == one_in - 1)

    def some(
        self,
        options: Sequence[T],
        at_most: int = 2,
    ) -> list[T]:
        """A few different options, or none."""
        left = list(options)
        chosen: list[T] = []
        for _ in range(self.draw(up_to(min(at_most, len(left))))):
            chosen.append(left.pop(self.draw(up_to(len(left) - 1))))
        return chosen

    @property
    def today(self) -> date:
        """The Shanghai date of the clock."""
        return self.now.astimezone(SHANGHAI).date()

    def names(self, kind: str) -> list[str]:
        """The streams of a kind (`project`, `unit`) in order of first record."""
        streams = [stream_of(record) for record in self.records]
        return list(dict.fromkeys(name for stream_kind, name in streams if stream_kind == kind))

    def events(self, stream: Stream) -> list[Event]:
        """The effective events of a stream as the ledger knows them now."""
        return effective_stream(records_of(self.records, stream))

    def sheet_number(
        self,
        kind: str,
        day: date,
    ) -> str:
        """The next number of a sign and year."""
        head = f"开招办{SHEETS[kind]}〔{day.year}〕"
        numbers = {str(record.get("number", "")) for record in self.records}
        issued = sum(number.startswith(head) for number in numbers)
        return f"{head}{issued + 1}号"

    def day(self, stream: Stream | None = None) -> date:
        """A day not after today.

        Today or shortly before, an edge of the calendar, or near a day of the stream.
        """
        days = [self.today - timedelta(days=days) for days in (0, 1, 6, 30)]
        days += EDGE_DAYS
        events = [] if stream is None else self.events(stream)
        for event in events:
            days += [event.occurred_on + timedelta(days=shift) for shift in (0, 1, -1)]
        # Assessment periods of one and two years end on these days.
        for event in events:
            for months in (12, 24):
                end = months_after(event.occurred_on, months)
                days += [end, end + timedelta(days=1)]
        return self.pick([day for day in dict.fromkeys(days) if day <= self.today])

    def later(self, day: date) -> date:
        """A day not before this one, nor after today.

        Soon after, or the next edge of the calendar.
        """
        days = [day + timedelta(days=days) for days in (20, 1, 0, 45)]
        days += [edge for edge in sorted(EDGE_DAYS) if edge > day][:2]
        return self.pick([each for each in days if each <= self.today] or [self.today])

    def day_in_month(self, month: str) -> str | None:
        """A date in the month, or None to leave it out; not while the month still runs."""
        first = date.fromisoformat(f"{month}-01")
        last = min(last_of_month(first), self.today)
        options: list[date | None] = [first, last]
        if last_of_month(first) <= self.today:
            options.insert(0, None)
        day = self.pick(options)
        if day is None:
            return None
        return day.isoformat()

    def instant(self) -> str:
        """A moment before now, written with one zone or another or none."""
        day = min(
            self.pick((*EDGE_DAYS, *EDGE_DAYS[:4], self.today)), self.today - timedelta(days=1)
        )
        midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
        at = midnight + self.pick(
            (timedelta(hours=9), timedelta(0), timedelta(hours=23, minutes=59))
        )
        naive, utc = at.replace(tzinfo=None).isoformat(), at.astimezone(UTC).isoformat()
        return self.pick((at.isoformat(), naive, utc, utc.replace("+00:00", "Z")))

    def add(self, fields: Fields) -> bool:
        """Record the fields now if that is lawful.

        A fact recorded before gets a key or a note that tells it apart.
        """
        self.now = min(self.now + self.pick(STEPS), LAST_MOMENT)
        zone = UTC if self.chance(6) else SHANGHAI
        record = {
            **fields,
            "recorded_at": self.now.astimezone(zone).isoformat(),
            "recorded_by": self.pick(("甲", "乙")),
        }
        problems = refusals(self.records, record)
        if problems == ["the same content is recorded"]:
            mark = str(self.pick(("key", "note")))
            record[mark] = f"第{len(self.records) + 1}条"
            problems = refusals(self.records, record)
        if not problems:
            self.records.append(record)
        return not problems

    def envelope(self) -> Fields:
        """The optional part of the envelope, sprinkled."""
        if not self.chance(5):
            return {}
        fields: Fields = {
            "source_ref": "开政办〔2024〕8号",
            "note": self.pick(NOTES),
            "evidence": [dict(each) for each in self.some(EVIDENCE)],
            "key": f"key-{len(self.records) + 1}",
        }
        return {name: fields[name] for name in self.some(list(fields), 3)}
