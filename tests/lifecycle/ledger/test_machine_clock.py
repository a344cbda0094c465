"""When a clock is too unlikely to record by, and when the last record time lies after it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from lifecycle import RELEASED
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.machine_clock import RecordedUntil, behind_problem, clock_problem

RELEASE = datetime(RELEASED.year, RELEASED.month, RELEASED.day, tzinfo=SHANGHAI)
LAST = RELEASE + timedelta(days=400)
MONTH = timedelta(days=31)
MOMENT = timedelta(microseconds=1)
NOTHING_RECORDED = RecordedUntil(None, is_empty=True)
ONLY_MIGRATED = RecordedUntil(None, is_empty=False)
FIVE_YEARS_LATER = RELEASE.replace(year=RELEASE.year + 5)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (RELEASE, NOTHING_RECORDED),
        (FIVE_YEARS_LATER + timedelta(days=1) - MOMENT, NOTHING_RECORDED),
        (FIVE_YEARS_LATER + timedelta(days=4000), ONLY_MIGRATED),
        (LAST + MONTH, RecordedUntil(LAST, is_empty=False)),
        # A clock behind the last record is warned of, not asked about.
        (RELEASE, RecordedUntil(LAST, is_empty=False)),
    ],
)
def test_a_likely_clock_is_not_asked_about(now: datetime, until: RecordedUntil) -> None:
    assert clock_problem(now, until) is None


@pytest.mark.parametrize(
    ("now", "until", "allowed"),
    [
        (RELEASE - MOMENT, NOTHING_RECORDED, RELEASED),
        (RELEASE - MOMENT, RecordedUntil(RELEASE - MONTH, is_empty=False), RELEASED),
        (FIVE_YEARS_LATER + timedelta(days=1), NOTHING_RECORDED, 5),
        (LAST + MONTH + MOMENT, RecordedUntil(LAST, is_empty=False), 31),
    ],
)
def test_an_unlikely_clock_is_rejected_with_what_is_allowed(
    now: datetime, until: RecordedUntil, allowed: object
) -> None:
    problem = clock_problem(now, until)
    assert problem is not None
    assert (problem.rule, problem.values["allowed"]) == ("clock", allowed)


def test_the_day_before_the_release_is_that_of_shanghai() -> None:
    # 16:00 of the day before in London is the release day in Shanghai already.
    assert clock_problem(RELEASE.astimezone(), NOTHING_RECORDED) is None


@pytest.mark.parametrize(("last", "warned"), [(None, False), (LAST, False), (LAST + MOMENT, True)])
def test_a_last_record_time_after_the_clock_is_warned_of(
    last: datetime | None, warned: bool
) -> None:
    problem = behind_problem(LAST, last)
    assert (problem is not None) is warned
    assert problem is None or problem.rule == "clock_behind"
