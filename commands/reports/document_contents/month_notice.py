"""The notice of a month (红黑榜通报), section by section."""

from __future__ import annotations

from commands.reports.content import Notice
from commands.reports.foot import DocumentRequest
from commands.reports.list_sections import month_lists, month_proposals
from commands.reports.notice_heading import is_draft, notice_opening, notice_title
from commands.reports.period_results import period_results
from commands.reports.periods import report_period
from commands.reports.report_sections import (
    basis_section,
    changes_section,
    nodes_section,
    ranks_section,
)
from commands.reports.situation_sections import overview_section, progress_sections
from commands.reports.target_section import targets_section
from commands.words import report_words
from lifecycle.ledger.store import Ledger
from projections.scoring.result_view import View


def content(
    ledger: Ledger,
    view: View,
    request: DocumentRequest,
) -> Notice:
    """The notice of a month, at a view whose day lies in it."""
    period = report_period("month", request.subject)
    results = period_results(ledger, view, period)
    earlier = report_words.LAST_MONTH
    ranks_sentence = report_words.ranks_sentence(earlier)
    # An issued notice names nobody whose listing was not decided.
    proposals = (month_proposals(results),) if is_draft(request) else ()
    return Notice(
        name=f"{results.period.name}-{report_words.MONTH_FILE}",
        title=notice_title(results, report_words.MONTH_TITLE, request),
        issuer=results.rulebook.issuer,
        opening=notice_opening(results, report_words.MONTH_SUBJECT),
        sections=(
            overview_section(results),
            month_lists(results),
            *proposals,
            *progress_sections(results),
        ),
        annexes=(
            ranks_section(results, report_words.RANKS_HEADING, ranks_sentence),
            changes_section(results, earlier),
            nodes_section(results),
            targets_section(results),
            basis_section(results),
        ),
    )
