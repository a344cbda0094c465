"""Corrected record times as a reader meets them (spec 4, Clocks).

Which corrections bear on a result, and which facts are dated after the day on which they count as
recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from lifecycle.deciding.corrections import effective
from lifecycle.deciding.record_times import RecordTimes
from lifecycle.events import RecordedEvent, Stream
from lifecycle.events.county_events import RecordTimeCorrected
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Problem, msg

_DATED_AHEAD: Final = msg(
    "{event} is dated {on}, after the day on which it counts as recorded, {recorded_on} "
    "(record times corrected by {correction})"
)


@dataclass(frozen=True, slots=True)
class TimeCorrectionRow:
    """A correction of record times: the positions, how they count, by which event and why."""

    event: str
    first: int
    last: int
    recorded_at: datetime
    reason: str
    approved_by: str

    def as_json(self) -> dict[str, Any]:
        """One row of `record_time_corrections`."""
        return {**asdict(self), "recorded_at": self.recorded_at.isoformat()}


def all_time_corrections(times: RecordTimes) -> list[TimeCorrectionRow]:
    """Return every correction of record times, in the order of their recording."""
    rows: list[TimeCorrectionRow] = []
    for recorded in times.corrections:
        event = recorded.event
        if isinstance(event, RecordTimeCorrected):
            rows.append(
                TimeCorrectionRow(
                    recorded.ref,
                    event.first,
                    event.last,
                    event.recorded_at,
                    event.reason,
                    event.approved_by,
                )
            )
    return rows


def corrections_up_to(times: RecordTimes, position: int) -> list[TimeCorrectionRow]:
    """Return the corrections of events that a result at a position rests on."""
    return [row for row in all_time_corrections(times) if row.first <= position]


def time_corrections(
    ledger: Ledger,
    position: int,
    known_at: datetime | None = None,
) -> list[TimeCorrectionRow]:
    """Return the corrections that bear on a result.

    Those of events that it rests on, and those that keep events from it which were known at the
    moment asked for before they were corrected.
    """
    times = ledger.record_times()
    rows: list[TimeCorrectionRow] = []
    for number, row in enumerate(all_time_corrections(times)):
        # As the record times stood before this correction.
        before = RecordTimes(times.corrections[:number])
        if row.first <= position or _was_known(ledger, row.first, before, known_at):
            rows.append(row)
    return rows


def _was_known(
    ledger: Ledger,
    position: int,
    times: RecordTimes,
    known_at: datetime | None,
) -> bool:
    if known_at is None:
        return False
    with ledger.recorder.cursor(write=False) as cursor:
        recorded = ledger.recorder.event_at(cursor, position)
    return times.moment_of(recorded) <= known_at


# Facts dated ahead --------------------------------------------------------------------------------


def dated_ahead(
    ledger: Ledger,
    stream: Stream,
    times: RecordTimes,
    upto: int | None = None,
    as_of: date | None = None,
) -> list[Problem]:
    """Return the facts of a stream that are dated after their corrected record time.

    A wrong clock lets through what lies in the future. `as_of` leaves out facts of later days.
    """
    if not times.corrections:
        return []
    problems: list[Problem] = []
    for recorded in effective(ledger.history(stream, upto)):
        if as_of is not None and recorded.event.on > as_of:
            continue
        problem = _dated_ahead(recorded, times)
        if problem is not None:
            problems.append(problem)
    return problems


def _dated_ahead(recorded: RecordedEvent, times: RecordTimes) -> Problem | None:
    correction = times.correction_of(recorded.position)
    if correction is None or not isinstance(correction.event, RecordTimeCorrected):
        return None
    recorded_on = correction.event.recorded_at.date()
    if recorded.event.on <= recorded_on:
        return None
    values: dict[str, object] = {
        "event": recorded.ref,
        "on": recorded.event.on,
        "recorded_on": recorded_on,
        "correction": correction.ref,
    }
    return Problem("dated_ahead", _DATED_AHEAD, values)


def all_dated_ahead(ledger: Ledger) -> Iterator[Problem]:
    """Yield the facts of the whole ledger that are dated after their corrected record time."""
    times = ledger.record_times()
    for stream_id in _covered_streams(ledger, times):
        yield from dated_ahead(ledger, Stream.of(stream_id), times)


def _covered_streams(ledger: Ledger, times: RecordTimes) -> list[str]:
    """Return the ids of the streams with events whose record time is corrected."""
    stream_ids: dict[str, None] = {}
    for row in all_time_corrections(times):
        with ledger.recorder.cursor(write=False) as cursor:
            for stored in ledger.recorder.between(cursor, row.first, row.last):
                stream_ids[stored[1]] = None
    return list(stream_ids)
