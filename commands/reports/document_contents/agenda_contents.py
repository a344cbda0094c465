"""The agenda of a meeting of the working mechanism, drawn from what is late."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from commands.reports.content import Notice
from commands.reports.foot import DocumentRequest
from commands.reports.meeting_sections import (
    blank_decisions_section,
    follow_up_section,
    reports_section,
)
from commands.reports.period_results import period_results
from commands.reports.periods import ReportPeriod, report_period
from commands.reports.situation_sections import overview_section
from commands.words import meeting_words, report_words
from commands.words.date_text import chinese_date
from lifecycle.ledger.store import Ledger
from projections.scoring.result_view import View
from projections.views.meeting_view import HeldMeeting, held_meetings, mandated_tasks, meeting_items

# 《实施意见》第2条: 月会商, 季推进, 年总结; twice a year the whole county.
_MEETING_OF_PERIOD: Final = {
    "month": "monthly_consultation",
    "quarter": "quarterly_joint",
    "half_year": "half_year_promotion",
    "year": "annual_summary",
}


def content(
    ledger: Ledger,
    view: View,
    request: DocumentRequest,
) -> Notice:
    """The agenda of the meeting of a month, quarter, half-year or year."""
    period = report_period("meeting", request.subject)
    kind = _MEETING_OF_PERIOD[period.kind]
    results = period_results(ledger, view, period)
    issuer = results.rulebook.issuer
    tasks = mandated_tasks(ledger, view, results.projects)
    items = meeting_items(results.projects, view.as_of)
    county = report_words.county_name(issuer)
    earlier_meetings = _meetings_before(period, kind, held_meetings(ledger, view), view)
    return Notice(
        name=meeting_words.agenda_file(period.name),
        title=(f"{county}{period.chinese}", meeting_words.agenda_title(kind)),
        issuer=issuer,
        opening=meeting_words.agenda_opening(kind, chinese_date(view.as_of)),
        sections=(
            overview_section(results),
            follow_up_section(earlier_meetings, kind, tasks),
            reports_section(items, view.as_of),
            blank_decisions_section(),
        ),
        letterhead=meeting_words.letterhead(issuer, meeting_words.AGENDA),
    )


def _meetings_before(
    period: ReportPeriod,
    kind: str,
    meetings: Sequence[HeldMeeting],
    view: View,
) -> Sequence[HeldMeeting]:
    """The meetings before the one that the agenda is for.

    The agenda of a period that has ended is that of the last meeting of its kind in the period;
    while it lasts, that of the next one.
    """
    if view.as_of < period.end:
        return meetings
    for place in range(len(meetings) - 1, -1, -1):
        meeting = meetings[place]
        if meeting.kind == kind and meeting.on > period.last_day_before:
            return meetings[:place]
    return meetings
