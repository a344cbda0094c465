"""The results of a year (年度考核结果), section by section."""

from __future__ import annotations

from dataclasses import replace

from commands.reports.content import Notice
from commands.reports.foot import DocumentRequest
from commands.reports.notice_heading import notice_opening, notice_title
from commands.reports.period_results import period_results
from commands.reports.periods import report_period
from commands.reports.report_sections import basis_section, nodes_section, ranks_section
from commands.reports.situation_sections import overview_section, progress_sections
from commands.reports.target_section import targets_section
from commands.reports.year_sections import details_section, groups_table, incentives_section
from commands.words import report_words, situation_words
from lifecycle.ledger.store import Ledger
from projections.scoring.result_view import View


def content(
    ledger: Ledger,
    view: View,
    request: DocumentRequest,
) -> Notice:
    """The results of a year, at a view whose day lies in it."""
    period = report_period("year", request.subject)
    results = period_results(ledger, view, period)
    ranks = ranks_section(results, report_words.RESULT_SUBJECT, report_words.RANKS_OF_YEAR)
    ranks_and_groups = replace(ranks, tables=(*ranks.tables, groups_table(results)))
    return Notice(
        name=f"{results.period.name}-{report_words.YEAR_FILE}",
        title=notice_title(results, report_words.RESULT_TITLE, request),
        issuer=results.rulebook.issuer,
        opening=notice_opening(results, report_words.RESULT_SUBJECT),
        sections=(overview_section(results), *progress_sections(results)),
        annexes=(
            ranks_and_groups,
            details_section(results),
            targets_section(results),
            incentives_section(results, contacts=request.contacts),
            nodes_section(results),
            basis_section(results),
        ),
        requirements=situation_words.REQUIREMENTS_OF_YEAR,
    )
