"""What there is to tell: sheets due, urgent deadlines, the week's summary, published boards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

from commands.notices.notice_settings import NoticeKind
from commands.words import notice_words, sheet_words
from commands.words.day_counts import days_until
from commands.words.point_text import trimmed_percent
from lifecycle.events.county_events import BoardPublished
from lifecycle.ledger.store import Ledger
from projections.audit.publications import publication_records
from projections.scoring.judged_history import judged_at
from projections.scoring.judgement import JudgedProject
from projections.scoring.result_view import View
from projections.views.deadline_view import DeadlineRow, deadlines_of, listed_deadlines
from projections.views.morning_view import PRESSING_LEVELS
from projections.views.requested_axes import RequestedAxes
from projections.views.sheet_view import DueSheet, due_sheets_of
from projections.views.sheet_week import UnitWeek, week_bounds, weekly_summary

# A timer may stand still over a long holiday; an older board is no news to a new recipient.
_BOARD_IS_NEWS: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class DueNotice:
    """One thing to tell a unit, in Chinese.

    `unit` is None for what concerns every unit. `key` names the thing: it is the same on every day
    on which nothing new is to be said of it.
    """

    kind: NoticeKind
    unit: str | None
    key: str
    line: str


def due_notices(ledger: Ledger, view: View) -> list[DueNotice]:
    """Return everything there is to tell on the view's day, whether it was sent before or not."""
    projects = judged_at(ledger, view)
    name_of = {project.facts.code: project.information.name for project in projects}
    return [
        *_sheets(due_sheets_of(projects), name_of),
        *_deadlines(projects, view, name_of),
        *_last_week(ledger, view),
        *_boards(ledger, view),
    ]


def _sheets(sheets: Sequence[DueSheet], name_of: dict[str, str]) -> Iterator[DueNotice]:
    for sheet in sheets:
        line = notice_words.SHEET_LINE.format(
            action=sheet_words.action(sheet.action),
            project=sheet.project,
            name=name_of[sheet.project],
            about=sheet_words.about(sheet.about),
            due_on=sheet.due_on.isoformat(),
        )
        key = f"{sheet.action}/{sheet.project}/{sheet.about}/{sheet.due_on}"
        yield DueNotice("sheets", sheet.unit, key, line)


def _deadlines(
    projects: Sequence[JudgedProject], view: View, name_of: dict[str, str]
) -> Iterator[DueNotice]:
    levels = view.rulebook.rulebook.deadline_levels
    rows = listed_deadlines(deadlines_of(projects), view.as_of, levels)
    pressing = [row for row in rows if row.level in PRESSING_LEVELS]
    for row in sorted(pressing, key=lambda row: row.soonest_first):
        yield _deadline(row, name_of[row.deadline.project])


def _deadline(row: DeadlineRow, name: str) -> DueNotice:
    deadline = row.deadline
    line = notice_words.DEADLINE_LINE.format(
        level=sheet_words.level(row.level),
        project=deadline.project,
        name=name,
        kind=sheet_words.deadline_kind(deadline.kind),
        about=sheet_words.about_in_brackets(deadline.about, deadline.subject),
        due_on=deadline.due_on.isoformat(),
        days=days_until(row.days_left),
    )
    # With its level: a deadline that turns from orange to red is said again.
    subject = f"{deadline.kind}/{deadline.project}/{deadline.about or ''}"
    key = f"{subject}/{deadline.due_on}/{row.level}"
    return DueNotice("deadlines", deadline.unit, key, line)


def _last_week(ledger: Ledger, view: View) -> Iterator[DueNotice]:
    """Yield the summary of the last week that has ended, for each unit with tasks."""
    monday, _ = week_bounds(view.as_of)
    sunday = monday - timedelta(days=1)
    first, _ = week_bounds(sunday)
    week_view = RequestedAxes(as_of=sunday, known_at=view.known_at).day_view(ledger)
    for week in weekly_summary(ledger, week_view):
        yield _week(week, first, sunday)


def _week(week: UnitWeek, first: date, last: date) -> DueNotice:
    rate = week.closing_rate
    line = notice_words.WEEK_LINE.format(
        unit=week.name,
        first=first.isoformat(),
        last=last.isoformat(),
        issued=week.issued,
        cleared=week.cleared,
        in_time=week.in_time,
        open=week.still_open,
        overdue=week.overdue,
        rate=notice_words.NO_RATE if rate is None else trimmed_percent(Fraction(rate)),
    )
    return DueNotice("week", week.unit, f"{week.unit}/{first}", line)


def _boards(ledger: Ledger, view: View) -> Iterator[DueNotice]:
    for record in publication_records(ledger):
        event, recorded_at = record.event, record.recorded.stamp.recorded_at
        is_current = record.standing.official and record.superseded is None
        if isinstance(event, BoardPublished) and is_current and _is_news(recorded_at, view.as_of):
            ref = record.recorded.ref
            line = notice_words.BOARD_LINE.format(month=event.month, ref=ref)
            yield DueNotice("board", None, ref, line)


def _is_news(recorded_at: datetime, day: date) -> bool:
    return timedelta(0) <= day - recorded_at.date() <= _BOARD_IS_NEWS
