"""Wrong clocks: what is recorded by them, and the correction of record times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from lifecycle.deciding.drafts import read_record
from lifecycle.events import COUNTY
from lifecycle.events.codec import fields_of
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger import machine_clock
from lifecycle.ledger.ledger_entry import LedgerEntry
from lifecycle.ledger.record_stamps import Author
from lifecycle.ledger.recorders.sqlite_recorder import SqliteRecorder
from lifecycle.ledger.store import Ledger
from lifecycle.ledger.verification import verify
from lifecycle.rejections import Rejected
from tests.given import TOWN, unit
from tests.ledgers import CLERK, fill

CLERK_ALONE = Author("clerk-01")
JUNE = datetime(2024, 6, 1, 9, tzinfo=SHANGHAI)
WRONG = datetime(2099, 6, 1, 9, tzinfo=SHANGHAI)
MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)
Record = dict[str, Any]


class County:
    """A ledger whose clock a test sets."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.now = JUNE
        ledger.clock = lambda: self.now
        ledger.clock_is_right = True

    def at(self, now: datetime, *records: Record) -> list[LedgerEntry]:
        """Record something while the clock says so."""
        self.now = now
        return [self.ledger.record(read_record(record), CLERK_ALONE) for record in records]

    def rejected(self, now: datetime, record: Record) -> tuple[str, str | None, object]:
        """Return rule, field and what is allowed of a record that is rejected."""
        self.now = now
        position = self.ledger.head().position
        with pytest.raises(Rejected) as error:
            self.ledger.record(read_record(record), CLERK_ALONE)
        assert self.ledger.head().position == position
        problem = error.value.problems[0]
        return problem.rule, problem.field, problem.values.get("allowed")


@pytest.fixture
def county(store_url: str) -> Iterator[County]:
    """Three events: one by the right clock, one by a wrong one, one after it was put right."""

    with Ledger.open(store_url, create=True) as ledger:
        new_county = County(ledger)
        new_county.at(JUNE, unit())
        new_county.at(WRONG, activity("甲"))
        new_county.at(JUNE + DAY, activity("乙"))
        yield new_county


def activity(name: str, on: str = "2024-06-01") -> Record:
    return {
        "event": "ActivityHeld",
        "unit": TOWN,
        "occurred_on": on,
        "activity": name,
        "led_by_head": True,
    }


def corrected(first: int, last: int, recorded_at: datetime, **changes: Any) -> Record:
    return {
        "event": "RecordTimeCorrected",
        "occurred_on": "2024-06-02",
        "first": first,
        "last": last,
        "recorded_at": recorded_at.isoformat(),
        "reason": "电脑时钟误设为 2099 年",
        "approved_by": "张主任",
    } | changes


def stamps(ledger: Ledger) -> list[datetime]:
    with ledger.recorder.cursor(write=False) as cursor:
        last = ledger.head().position
        return [
            ledger.recorder.event_at(cursor, position).stamp.recorded_at
            for position in range(1, last + 1)
        ]


def test_one_wrong_clock_stamps_what_follows_but_lets_nobody_date_facts_ahead(
    county: County,
) -> None:
    assert stamps(county.ledger) == [JUNE, WRONG, WRONG]
    assert county.rejected(JUNE + DAY, activity("丙", "2024-06-03")) == (
        "future",
        "occurred_on",
        None,
    )


def test_corrected_events_count_at_their_moment_and_nothing_stored_changes(county: County) -> None:
    ledger = county.ledger
    before = stamps(ledger)
    root = ledger.tree().root()
    assert ledger.position_at(JUNE + DAY) == 1

    county.at(JUNE + 2 * DAY, corrected(2, 3, JUNE + DAY))

    assert [ledger.position_at(moment) for moment in (JUNE - MOMENT, JUNE)] == [0, 1]
    # At a K from before the correction, too.
    assert [ledger.position_at(JUNE + DAY + step) for step in (-MOMENT, 0 * MOMENT)] == [1, 3]
    assert stamps(ledger)[:3] == before
    assert ledger.tree().root() != root
    assert verify(ledger).differences == []


def test_from_the_correction_on_record_times_follow_the_clock(county: County) -> None:
    now = JUNE + 2 * DAY
    county.at(now, corrected(2, 3, JUNE))
    assert datetime.fromisoformat(county.ledger.head().recorded_at) == now
    county.at(now + MOMENT, activity("丙"))
    assert stamps(county.ledger)[3:] == [now, now + MOMENT]
    assert county.ledger.clock_warning() is None


def test_an_import_follows_the_clock_from_the_correction_on_as_well(county: County) -> None:
    county.now = JUNE + 2 * DAY
    fill(county.ledger, [corrected(2, 3, JUNE), activity("丙")], keep=False)
    assert stamps(county.ledger)[3:] == [county.now, county.now]
    assert verify(county.ledger).differences == []


def test_a_rejected_correction_leaves_the_times_as_they_are(county: County) -> None:
    county.now = JUNE + 2 * DAY
    with county.ledger.unit_of_work(CLERK) as work:
        with pytest.raises(Rejected):
            work.record(read_record(corrected(2, 2, JUNE)))
        work.record(read_record(activity("丙")))
    assert stamps(county.ledger)[3:] == [WRONG]


@pytest.mark.parametrize(
    ("first", "last", "recorded_at", "problem"),
    [
        (2, 4, JUNE, ("record_time_positions", "last", 3)),
        (3, 2, JUNE, ("record_time_positions", "first", 2)),
        (2, 2, JUNE, ("record_time_future", "last", 3)),
        (2, 3, JUNE + DAY + MOMENT, ("record_time_future", "recorded_at", JUNE + DAY)),
        (2, 3, JUNE - MOMENT, ("record_time_order", "recorded_at", JUNE)),
    ],
)
def test_the_corrected_times_nowhere_fall_nor_exceed_now(
    county: County, first: int, last: int, recorded_at: datetime, problem: tuple[str, str, object]
) -> None:
    assert county.rejected(JUNE + DAY, corrected(first, last, recorded_at)) == problem


def test_of_what_is_covered_twice_the_later_correction_holds(county: County) -> None:
    county.at(JUNE + 2 * DAY, corrected(2, 3, JUNE + DAY))
    too_late = corrected(2, 2, JUNE + DAY + MOMENT)
    assert county.rejected(JUNE + 3 * DAY, too_late) == (
        "record_time_order",
        "recorded_at",
        JUNE + DAY,
    )
    county.at(JUNE + 3 * DAY, corrected(2, 2, JUNE + MOMENT))
    positions = [county.ledger.position_at(JUNE + step) for step in (0 * DAY, MOMENT, DAY)]
    assert positions == [1, 2, 3]
    assert verify(county.ledger).differences == []


@pytest.mark.parametrize("replacement", [None, {"last": 2}])
def test_a_correction_of_record_times_is_not_corrected(
    county: County, replacement: Record | None
) -> None:
    county.at(JUNE + 2 * DAY, corrected(2, 3, JUNE))
    correction = {
        "event": "FactCorrected",
        "occurred_on": "2024-06-03",
        "corrects": 1,
        "replacement": replacement,
        "reason": "误录",
        "approved_by": "张主任",
    }
    assert county.rejected(JUNE + 2 * DAY, correction)[:2] == ("record_time_correction", "corrects")


def test_the_corrected_moment_and_the_stamp_are_stored_apart(county: County) -> None:
    county.at(JUNE + 2 * DAY, corrected(2, 3, JUNE))
    recorded = county.ledger.history(COUNTY)[0]
    with county.ledger.recorder.cursor(write=False) as cursor:
        row = next(iter(county.ledger.recorder.between(cursor, 4, 4)))
    state = orjson.loads(row[4])
    assert state["recorded_at"] == (JUNE + 2 * DAY).isoformat()
    assert state["corrected_recorded_at"] == JUNE.isoformat()
    assert fields_of(recorded.event)["recorded_at"] == JUNE.isoformat()
    # Recorded again it is the same event.
    assert county.at(JUNE + 3 * DAY, corrected(2, 3, JUNE))[0].already


def test_a_second_wrong_clock_is_corrected_like_the_first(county: County) -> None:
    county.at(JUNE + 2 * DAY, corrected(2, 3, JUNE))
    county.at(WRONG, activity("丙"))
    county.at(JUNE + 3 * DAY, corrected(5, 5, JUNE + 2 * DAY))
    assert county.ledger.position_at(JUNE + 2 * DAY) == 5
    assert verify(county.ledger).differences == []


def test_a_wrong_clock_in_the_past_is_corrected_upwards(store_url: str) -> None:
    times = [JUNE - 5000 * DAY, JUNE, JUNE + DAY]
    with Ledger.open(store_url, create=True, clock=lambda: times[0]) as ledger:
        ledger.record(read_record(unit(occurred_on="2010-01-01")), CLERK_ALONE)
        times.pop(0)
        ledger.record(read_record(corrected(1, 1, JUNE, occurred_on="2024-06-01")), CLERK_ALONE)
        assert [ledger.position_at(moment) for moment in (JUNE - MOMENT, JUNE)] == [0, 2]
        assert verify(ledger).differences == []


# The store's own clock ----------------------------------------------------------------------------


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the machine's clock, the one seam by which recording learns the time."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(machine_clock, "machine_time", lambda: moment)

    return set_to


def test_recording_checks_the_machines_own_clock(
    tmp_path: Any, set_clock: Callable[[datetime], None]
) -> None:
    start = datetime(2027, 1, 1, tzinfo=SHANGHAI)
    set_clock(start)
    with Ledger.open(f"sqlite:///{tmp_path / 'l.db'}", create=True) as ledger:
        assert isinstance(ledger.recorder, SqliteRecorder)
        ledger.record(read_record(unit()), CLERK_ALONE)
        set_clock(start + 31 * DAY + MOMENT)
        with pytest.raises(Rejected) as error:
            ledger.record(read_record(activity("甲")), CLERK_ALONE)
        assert error.value.problems[0].rule == "clock"
        with pytest.raises(Rejected):
            fill(ledger, [activity("甲")], keep=False)
        # A migration brings its own times, and witnesses none.
        migrated = activity("甲") | {"recorded_at": start.isoformat()}
        fill(ledger, [migrated])
        with pytest.raises(Rejected):
            ledger.record(read_record(activity("乙")), CLERK_ALONE)
        ledger.confirm_clock = lambda problem: problem.rule == "clock"
        ledger.record(read_record(activity("乙")), CLERK_ALONE)
        assert ledger.head().position == 3


def test_a_long_migration_hides_no_witnessed_time(
    tmp_path: Any, set_clock: Callable[[datetime], None]
) -> None:
    start = datetime(2027, 1, 1, tzinfo=SHANGHAI)
    set_clock(start)
    with Ledger.open(f"sqlite:///{tmp_path / 'l.db'}", create=True) as ledger:
        ledger.record(read_record(unit()), CLERK_ALONE)
        set_clock(start + 40 * DAY)
        stamp = {"recorded_at": (start + 39 * DAY).isoformat()}
        fill(ledger, [activity(f"第{number}次") | stamp for number in range(1, 20)])
        with ledger.recorder.cursor(write=False) as cursor:
            assert ledger.recorder.last_witnessed(cursor, ledger.head().position) == start
            assert ledger.recorder.last_witnessed(cursor, 0) is None


def test_on_postgresql_the_servers_clock_counts(
    postgres_url: str, set_clock: Callable[[datetime], None]
) -> None:
    with Ledger.open(postgres_url, create=True) as ledger:
        before = ledger.clock()
        set_clock(WRONG)
        assert before <= ledger.clock() < before + timedelta(minutes=5)
        ledger.record(read_record(unit()), CLERK_ALONE)
        assert stamps(ledger)[0] < before + timedelta(minutes=5)
