"""What the notices of a month, a quarter and a year begin with."""

from __future__ import annotations

from commands.reports.period_results import PeriodResults
from commands.words import report_words
from commands.words.date_text import chinese_date


def notice_title(results: PeriodResults, subject: str) -> tuple[str, str]:
    """The title's two lines: county and period, then what the report is about."""
    county = report_words.county_name(results.rulebook.issuer)
    return f"{county}{results.period.chinese}", f"{report_words.COUNTY_WORK}{subject}"


def notice_opening(results: PeriodResults, subject: str) -> str:
    """The first sentence: the policy, the period, the day of the data."""
    return report_words.opening(
        policy=results.rulebook.title,
        period=results.period.chinese,
        subject=subject,
        as_of=chinese_date(results.view.as_of),
    )
