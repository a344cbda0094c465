"""Histories recorded by a clock that went wrong, and the corrections of their record times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from .effective import COUNTY, Record, moment, record_times, shanghai_date, stream_of

AHEAD = (timedelta(days=3000), timedelta(days=40), timedelta(hours=1))
MICROSECOND = timedelta(microseconds=1)


@dataclass
class Clockwork:
    """A history as it was recorded: each record with its stamp, and what the clock said."""

    records: list[dict[str, Any]] = field(default_factory=list)
    clocks: list[datetime] = field(default_factory=list)
    county_versions: list[int] = field(default_factory=list)
    """The version that each record of the county's stream has, with the corrections among them."""

    def add(self, record: Record, clock: datetime) -> None:
        """Record something while the clock says so; a stamp never lies before the one before."""
        stamp = clock
        if self.records:
            last = self.records[-1]
            stamp = max(clock, moment(last.get("stamped_at", last["recorded_at"])))
        entry = {**record, "recorded_at": stamp.isoformat()}
        if stream_of(record) == COUNTY:
            if record["event"] == "FactCorrected":
                entry["corrects"] = self.county_versions[record["corrects"] - 1]
            self.county_versions.append(self._county_length() + 1)
        self.records.append(entry)
        self.clocks.append(clock)

    def correct(self, first: int, last: int, recorded_at: datetime, clock: datetime) -> None:
        """Record a correction of record times; its own stamp is the clock's."""
        entry = {
            "event": "RecordTimeCorrected",
            "occurred_on": shanghai_date(clock).isoformat(),
            "first": first,
            "last": last,
            "recorded_at": recorded_at.isoformat(),
            "reason": f"第{len(self.records) + 1}条前时钟有误",
            "approved_by": "乙",
            "recorded_by": "甲",
            "stamped_at": clock.isoformat(),
        }
        self.records.append(entry)
        self.clocks.append(clock)

    def _county_length(self) -> int:
        return sum(stream_of(record) == COUNTY for record in self.records)


@st.composite
def by_wrong_clocks(draw: st.DrawFn, records: Sequence[Record]) -> Clockwork:
    """The same records, some of them by a clock that ran ahead, with corrections of their times."""
    clockwork = Clockwork()
    wrong_from: int | None = None
    ahead = timedelta(0)
    for record in records:
        clock = moment(record["recorded_at"])
        if wrong_from is None and draw(st.integers(0, 4)) == 4:
            wrong_from, ahead = len(clockwork.records) + 1, draw(st.sampled_from(AHEAD))
        clockwork.add(record, clock + ahead)
        if wrong_from is not None and draw(st.integers(0, 3)) == 3:
            ahead = timedelta(0)
            if draw(st.booleans()):
                _correct(draw, clockwork, wrong_from, clock)
                wrong_from = None
    return clockwork


def _correct(draw: st.DrawFn, clockwork: Clockwork, first: int, clock: datetime) -> None:
    """Correct all that the clock stamped wrongly, and then perhaps a part of it once more."""
    last = len(clockwork.records)
    earliest = record_times(clockwork.records)[first - 2] if first > 1 else clock
    moments = sorted({min(earliest, clock), clock})
    # A clock within the hour may have passed by the wrong stamps before they were corrected.
    if earliest > clock:
        return
    clockwork.correct(first, last, draw(st.sampled_from(moments)), clock)
    corrected = moment(clockwork.records[-1]["recorded_at"])
    part = draw(st.integers(first, last))
    if draw(st.booleans()) and corrected <= clock:
        clockwork.correct(part, last, clock, clock)


@st.composite
def moments_of(draw: st.DrawFn, records: Sequence[Record]) -> datetime:
    """A K at which something turns: beside the stamps and the corrected times."""
    around: list[datetime] = []
    stamps = [moment(record.get("stamped_at", record["recorded_at"])) for record in records]
    for known_at in (*record_times(records), *stamps):
        around += [known_at - MICROSECOND, known_at, known_at + MICROSECOND]
    return draw(st.sampled_from(around[::-1]))
