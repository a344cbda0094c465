"""Deadlines for calendar programs (RFC 5545)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event

from commands.words import notice_words, sheet_words
from commands.words.clause_names import cited_clause
from lifecycle.events.field_types import SHANGHAI
from lifecycle.ledger.store import Ledger
from projections.scoring.judged_history import judged_at
from projections.scoring.result_view import View
from projections.views.deadline_view import deadlines_of
from projections.views.project_deadlines import Deadline

_REFRESHED_EVERY = timedelta(hours=1)


def deadline_calendar(ledger: Ledger, view: View, unit: str | None) -> bytes:
    """Return the deadlines of a unit, or of all, as an iCalendar file of whole days.

    The same history gives the same bytes. An entry keeps its UID, so that a calendar program moves
    it where its day changes.
    """
    projects = judged_at(ledger, view)
    name_of = {project.facts.code: project.information.name for project in projects}
    head = ledger.head()
    calendar = Calendar()
    calendar.add("prodid", "-//lifecycle//deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    title = notice_words.CALENDAR_NAME.format(unit=unit or notice_words.WHOLE_COUNTY.chinese)
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)  # what Outlook and WPS read instead of NAME (RFC 7986)
    calendar.add("refresh-interval", _REFRESHED_EVERY, parameters={"value": "DURATION"})
    stamp = _stamp(head.recorded_at, view)
    for deadline in _listed(deadlines_of(projects), view, unit):
        entry = _entry(deadline, name_of[deadline.project], view)
        entry.add("uid", _uid(head.origin, deadline))
        entry.add("dtstamp", stamp)
        calendar.add_component(entry)
    content: bytes = calendar.to_ical()
    return content


def _listed(deadlines: Iterable[Deadline], view: View, unit: str | None) -> list[Deadline]:
    listed = []
    for deadline in deadlines:
        # A forecast is no day to keep free.
        is_certain = not deadline.is_forecast(view.as_of)
        if is_certain and unit in (None, deadline.unit):
            listed.append(deadline)
    return sorted(listed, key=_by_day)


def _by_day(deadline: Deadline) -> tuple[date, str, str, str]:
    # Down to what it is about, so that the same history gives the same bytes.
    return deadline.due_on, deadline.project, deadline.kind, deadline.about or ""


def _entry(deadline: Deadline, name: str, view: View) -> Event:
    entry = Event()
    summary = notice_words.CALENDAR_ENTRY.format(
        kind=sheet_words.deadline_kind(deadline.kind),
        about=sheet_words.about_in_brackets(deadline.about, deadline.subject),
        project=deadline.project,
        name=name,
    )
    basis = notice_words.CALENDAR_BASIS.format(
        clause=cited_clause(deadline.clause),
        unit=deadline.name or deadline.unit or notice_words.NO_RATE,
        day=view.as_of.isoformat(),
        position=view.position,
    )
    entry.add("summary", summary)
    entry.add("description", basis)
    entry.add("dtstart", deadline.due_on)
    entry.add("dtend", deadline.due_on + timedelta(days=1))
    entry.add("transp", "TRANSPARENT")  # a deadline does not make anybody busy
    return entry


def _stamp(recorded_at: str, view: View) -> datetime:
    """Return when the ledger's last event was recorded: RFC 5545 asks for a UTC time."""
    if recorded_at:
        return datetime.fromisoformat(recorded_at).astimezone(UTC)
    return datetime.combine(view.as_of, time.min, SHANGHAI).astimezone(UTC)


def _uid(origin: str, deadline: Deadline) -> str:
    # Without the day: where that changes, the entry is moved and not added.
    subject = "/".join((origin, deadline.kind, deadline.project, deadline.about or ""))
    digest = hashlib.sha256(subject.encode()).hexdigest()
    return f"{digest[:32]}@lifecycle"
