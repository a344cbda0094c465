"""The standalone verifier knows the working days that the program ships, by a text of its own."""

from __future__ import annotations

from lifecycle.working_days import shipped_calendar
from projections.audit.verifier import verify_bundle as verifier
from tools.working_days import arranged_days


def test_the_verifier_has_the_shipped_working_days() -> None:
    calendar, known = shipped_calendar(), verifier.WorkingDays()
    assert known.years == set(calendar.years)
    assert known.off == set(calendar.off)
    assert known.worked == set(calendar.worked)


def test_make_calendar_writes_them_into_the_verifier() -> None:
    calendar = shipped_calendar()
    years = range(min(calendar.years), max(calendar.years) + 1)
    text = arranged_days(sorted(calendar.off), sorted(calendar.worked), years)
    assert text == verifier.ARRANGED_DAYS
