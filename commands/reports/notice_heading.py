"""What the notices of a month, a quarter and a year begin with."""

from __future__ import annotations

from commands.reports.foot import DocumentRequest
from commands.reports.period_results import PeriodResults
from commands.words import report_words
from commands.words.date_text import chinese_date


def notice_title(
    results: PeriodResults,
    subject: str,
    request: DocumentRequest,
) -> tuple[str, ...]:
    """The title's lines: county and period, subject, and 送审稿 while it is a draft."""
    lines = (f"{results.place}{results.period.chinese}", f"{report_words.COUNTY_WORK}{subject}")
    return (*lines, report_words.DRAFT) if is_draft(request) else lines


def is_draft(request: DocumentRequest) -> bool:
    """Whether a notice is still to be decided on: an issued one bears its number (发文字号)."""
    return not request.number


def notice_opening(results: PeriodResults, subject: str) -> str:
    """The first sentence: the policy, the period, the day of the data."""
    return report_words.opening(
        policy=results.rulebook.title,
        period=results.period.chinese,
        subject=subject,
        as_of=chinese_date(results.view.as_of),
    )
