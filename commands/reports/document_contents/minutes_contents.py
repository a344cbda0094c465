"""The minutes of a day's meetings: what they decided, and the tasks that it became."""

from __future__ import annotations

from commands.intake.typed_forms import strict_text
from commands.reports.content import Notice
from commands.reports.foot import DocumentRequest
from commands.reports.meeting_sections import decisions_section, tasks_of_meeting, tasks_section
from commands.words import meeting_words
from commands.words.date_text import chinese_date
from commands.words.report_words import county_name
from commands.words.typed_advice import examples_of_form
from lifecycle.events.field_types import iso_date
from lifecycle.ledger.store import Ledger
from lifecycle.rejections import Rejected, msg
from projections.scoring.judged_history import judged_at
from projections.scoring.result_view import View
from projections.views.meeting_view import (
    HeldMeeting,
    held_meetings,
    last_meeting_days,
    mandated_tasks,
)


def content(
    ledger: Ledger,
    view: View,
    request: DocumentRequest,
) -> Notice:
    """The minutes of a day. Raises `Rejected` if no meeting of that day is recorded."""
    meetings = _meetings_of_day(ledger, view, request.subject)
    issuer = view.rulebook.rulebook.issuer
    names = [meeting_words.meeting_name(meeting.kind, meeting.on) for meeting in meetings]
    # A day may have had two meetings; a task names one of them.
    all_tasks = mandated_tasks(ledger, view, judged_at(ledger, view))
    tasks = []
    for name in names:
        tasks.extend(tasks_of_meeting(all_tasks, name))
    return Notice(
        name=meeting_words.minutes_file(meetings[0].on),
        title=(
            meeting_words.county_heading(county_name(issuer)),
            meeting_words.minutes_title(names),
        ),
        issuer=issuer,
        opening=meeting_words.minutes_opening(names, chinese_date(view.as_of)),
        sections=(decisions_section(meetings), tasks_section(tasks)),
        letterhead=meeting_words.letterhead(issuer, meeting_words.MINUTES),
        attendance=meeting_words.ATTENDANCE,
    )


def _meetings_of_day(ledger: Ledger, view: View, text: str) -> list[HeldMeeting]:
    """The meetings of the day that was typed. Raises `Rejected`, which names the days there are."""
    meetings = held_meetings(ledger, view)
    try:
        day = iso_date(strict_text("day", text))
    except ValueError:
        raise Rejected.by(
            "meeting_day",
            msg("{text} is not a meeting's day; write {examples}"),
            text=text,
            examples=examples_of_form("day"),
        ) from None
    # A meeting that was never recorded is a likely slip, so the rejection shows what there is.
    of_day = [meeting for meeting in meetings if meeting.on == day]
    if not of_day:
        raise Rejected.by(
            "no_meeting",
            msg("no meeting of {day} is recorded as of {as_of}; recorded: {allowed}"),
            day=day,
            as_of=view.as_of,
            allowed=last_meeting_days(meetings),
        )
    return of_day
